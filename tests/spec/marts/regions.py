# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "apc_spell"
EXAMPLES = (
    Example(
        title="regions come from the reference by level and code; only the commissioner's falls back to the usual one",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Organisation_Name | Commissioner_Code | Region_Code
                provider           | RAA               | A hospital        |                   | Y58
                commissioner       | 15E               | A commissioner    |                   | Y59
                practice           | A81001            | A practice        | 15E               | Y60
                practice           | RAA               | A namesake        | 15E               | Y61
            """,
            "commissioner_usual_region": """
                Commissioner_Code | Region_Code
                15E               | E00
                ZZZ               | F00
            """,
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Commissioner_Code | GP_Practice_Code | Region_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date
                1 | P1 | RAA | 15E | A81001 | A00 | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02
                2 | P2 | RZZ | ZZZ | ZZZ    | A00 | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02
            """,
        },
        expected={
            1: {"Provider_Region_Code": "Y58", "Commissioner_Region_Code": "Y59", "Practice_Region_Code": "Y60"},
            2: {"Provider_Region_Code": None, "Commissioner_Region_Code": "F00", "Practice_Region_Code": None},
        },
    ),
)
