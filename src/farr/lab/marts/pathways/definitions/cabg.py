"""Coronary artery bypass."""

from farr.lab.marts.pathways.pathway import CRITICAL_CARE_DAYS, Pathway, Standard

PATHWAY = Pathway(
    title="Coronary artery bypass",
    why="Critical care is the dearest bed that a hospital has. A commissioner found that its provider's bypass patients spent 1.8 days "
    "there where one was said to be good practice, stopped paying for care at home, and paid for more clinics.",
    source="OPCS-4 K40 to K46; the published case gives no volumes and no prices, so nothing here is tuned to its savings",
    codelist="coronary_bypass",
    kinds=("EL", "EM", "NE"),
    specialties=("170", "172", "320"),
    before=90,
    after=90,
    standards={
        CRITICAL_CARE_DAYS: Standard(
            quantity=1.0,
            source="the published case (1.8 days against 1), which goes back to a commercial guideline (Milliman) that was not seen",
            is_verified=False,
        )
    },
    around=("care at home after discharge", "cardiac rehabilitation clinics"),
)
