# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "apc_spell"
EXAMPLES = (
    Example(
        title="a merged organisation is the one that it is today; any other keeps its code; as it was stays, and so does the site",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Region_Code
                provider           | RCC               | Y58
            """,
            "organisation_current": """
                Former_Code | Current_Code
                RAA         | RCC
                A81001      | A81002
            """,
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Site_Code | Commissioner_Code | GP_Practice_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date
                1 | P1 | RAA | RAA02 | 15E | A81001 | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02
            """,
        },
        expected={
            1: {
                "Provider_Code": "RCC", "Provider_Code_As_Was": "RAA", "Site_Code": "RAA02", "Provider_Region_Code": "Y58",
                "Commissioner_Code": "15E", "Commissioner_Code_As_Was": "15E",
                "GP_Practice_Code": "A81002", "GP_Practice_Code_As_Was": "A81001",
            }
        },
    ),
)  # fmt: skip
