# ruff: noqa: E501  (a drawn table is as wide as its columns)
from datetime import date
from decimal import Decimal

from farr.lab.model.example import Example

MART = "episode_group"
EXAMPLES = (
    Example(
        title="spells of one condition are one group until the clean period has passed: 90 days for a chronic one, 30 for another",
        tables={
            "apc_spell": """
                Spell_Key | Der_Pseudo_NHS_Number | Episode_Group_Code | Admission_Date | Discharge_Date | Length_of_Stay | Der_Management_Type | Grand_Total | Provider_Code
                1 | P1 | copd  | 2024-01-01 | 2024-01-05 | 4 | EM | 100.10 | RAA
                2 | P1 | copd  | 2024-04-04 | 2024-04-05 | 1 | EL | 50.00  | RBB
                3 | P1 | copd  | 2024-07-05 | 2024-07-06 | 1 | EM |        | RBB
                4 | P1 | hernia | 2024-01-03 | 2024-01-03 | 0 | DC | 20.00 | RAA
                5 | P1 | hernia | 2024-02-03 | 2024-02-03 | 0 | DC | 20.00 | RAA
                6 | P2 | hernia | 2024-01-03 | 2024-01-03 | 0 | DC | 20.00 | RAA
                7 | P2 | hernia | 2024-02-02 | 2024-02-02 | 0 | DC | 20.00 | RAA
            """
        },
        expected={
            1: {
                "Episode_Group_Code": "copd",
                "Start_Date": date(2024, 1, 1),
                "End_Date": date(2024, 4, 5),
                "Spell_Count": 2,
                "Bed_Days": 5,
                "Emergency_Spell_Count": 1,
                "Grand_Total": Decimal("150.10"),
                "Provider_Code": "RAA",
                "Activity_Month": "2024-04",
            },
            3: {"Spell_Count": 1, "Grand_Total": None, "Activity_Month": "2024-07"},
            4: {"Spell_Count": 1},
            5: {"Spell_Count": 1},
            6: {"Spell_Count": 2, "Emergency_Spell_Count": 0},
        },
    ),
    Example(
        title="the period runs from the latest discharge so far; unknown people stand alone; without a condition there is no group",
        tables={
            "apc_spell": """
                Spell_Key | Der_Pseudo_NHS_Number | Episode_Group_Code | Admission_Date | Discharge_Date | Length_of_Stay
                1 | P1 | hernia | 2024-01-01 | 2024-03-01 | 60
                2 | P1 | hernia | 2024-01-10 | 2024-01-11 | 1
                3 | P1 | hernia | 2024-03-20 | 2024-03-21 | 1
                4 |    | hernia | 2024-01-01 | 2024-01-02 | 1
                5 |    | hernia | 2024-01-01 | 2024-01-02 | 1
                6 | P2 |        | 2024-01-01 | 2024-01-02 | 1
            """
        },
        expected={1: {"Spell_Count": 3, "End_Date": date(2024, 3, 21)}, 4: {"Spell_Count": 1}, 5: {"Spell_Count": 1}},
    ),
)
