"""RightCare's similar ten, as of April 2021."""

from farr.lab.measures.norm import PeerDefinition
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE

PEERDEFINITION = PeerDefinition(
    title="RightCare Similar 10",
    version="April 2021",
    source="nhsengland/NHSE-Methods-10-Similar-CCGs, April2021_Similar10CCG_InputData_HD.xlsx, sheet 'Variable Descriptions'",
    level="commissioner",
    table=COMMISSIONER_FEATURE,
    # The workbook holds eleven features; england.nhs.uk speaks of twelve, and which the twelfth is was not found.
    weights=(
        ("IMD_Score", 0.25),  # mean deprivation score (2019) of the small areas where registered patients live
        ("Population", 0.15),  # registered population
        ("Share_Aged_18_39", 0.10),
        ("Share_Aged_65_84", 0.10),
        ("Share_Aged_85_Plus", 0.10),
        ("Share_Rural", 0.15),  # share in rural town and fringe (sparse), village and dispersed areas
        ("Share_White_Other", 0.03),  # shares of GP Patient Survey respondents
        ("Share_Mixed", 0.03),
        ("Share_Asian", 0.03),
        ("Share_Black", 0.03),
        ("Share_Other_Ethnicity", 0.03),
    ),
    count=10,
    is_verified=True,
)
