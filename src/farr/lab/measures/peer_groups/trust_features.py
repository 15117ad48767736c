"""Similar trusts."""

from farr.lab.measures.norm import PeerDefinition
from farr.lab.model.tables.reference import PROVIDER_FEATURE

PEERDEFINITION = PeerDefinition(
    title="Similar trusts",
    version="Farr, 2026",
    source="Features and weights are Farr's own. NHS England's trust peers rest on a fitted model of cost whose importances are not "
    "published; where its lists are held, use the norm peer_list instead",
    level="provider",
    table=PROVIDER_FEATURE,
    weights=(
        ("Beds", 0.25),
        ("Emergency_Share", 0.15),
        ("Specialised_Share", 0.20),
        ("Share_Aged_75_Plus", 0.15),
        ("IMD_Score", 0.15),
        ("Is_Teaching", 0.10),
    ),
    count=10,
    is_verified=False,
)
