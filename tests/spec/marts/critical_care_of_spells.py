from decimal import Decimal

from farr.lab.model.example import Example

MART = "apc_spell"
EXAMPLES = (
    Example(
        title="all periods of all the spell's episodes, if they are the same person's; a period of an unknown person stands alone",
        tables={
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 |
                2 | P1 | RAA | 2024-05-01 | 2024-05-05 | 2024-05-20 | 2024-05-20
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05
                4 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05
            """,
            "critical_care": """
                CC_Ident | APCE_Ident | Der_Pseudo_NHS_Number | CC_Days_LOS | CC_Level_3_Days | CC_Total_Cost
                1 | 1 | P1 | 3 | 1 | 4000.50
                2 | 1 | P1 | 2 |   |
                3 | 2 | P1 | 5 | 5 | 9000.00
                4 | 3 | P9 | 5 | 5 | 9000.00
                5 | 3 |    | 5 | 5 | 9000.00
                6 | 9 | P3 | 5 | 5 | 9000.00
                7 | 4 | P3 |   |   |
            """,
        },
        expected={
            1: {
                "Critical_Care_Days": 10,
                "Critical_Care_Level_3_Days": 6,
                "Critical_Care_Cost": Decimal("13000.50"),
                "Has_Critical_Care_Record": True,
            },
            3: {
                "Critical_Care_Days": 0,
                "Critical_Care_Level_3_Days": 0,
                "Critical_Care_Cost": Decimal("0"),
                "Has_Critical_Care_Record": False,
            },
            4: {"Critical_Care_Days": 0, "Has_Critical_Care_Record": True},
        },
    ),
)
