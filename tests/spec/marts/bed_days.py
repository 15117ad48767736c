# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "apc_spell"
_TRIM = """
    Tariff_Year | Spell_Core_HRG | Elective_Trim_Point | Non_Elective_Trim_Point
    2024/25     | DZ11           | 5                   | 20
    2023/24     | DZ11           | 1                   | 1
    2023/24     | ZZ99           | 1                   | 1
"""
EXAMPLES = (
    Example(
        title="adjusted stay: included episodes less critical care, palliative and rehabilitation days; excluded ones count nothing",
        tables={
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date | FCE_Group_Status | Der_PbR_ACC_Days | Der_PbR_PCC_Days | Der_PbR_NCC_Days | Der_SEM_SPC_Days | Der_SEM_Rehab_Days
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-11 |            | Inc | 3 |   | 0 |   | 1
                2 | P1 | RAA | 2024-05-01 | 2024-05-11 | 2024-05-16 |            | Exc |   |   |   |   |
                3 | P1 | RAA | 2024-05-01 | 2024-05-16 | 2024-05-20 | 2024-05-20 |     |   | 1 |   | 1 |
            """
        },
        expected={1: {"Length_of_Stay": 19, "Spell_Adj_LoS": 8, "HRG_TrimPoint": None, "Spell_ExcessBedDays": None}},
    ),
    Example(
        title="adjusted stay is never below nothing",
        tables={
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date | Der_PbR_ACC_Days
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 3
            """
        },
        expected={1: {"Length_of_Stay": 2, "Spell_Adj_LoS": 0}},
    ),
    Example(
        title="the elective trim point for elective stays, the other for emergencies; no excess below it, none known without it",
        tables={
            "hrg_trim_point": _TRIM,
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date | Admission_Method | Patient_Classification | Spell_Core_HRG
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-09 | 2024-05-09 | 11 | 1 | DZ11
                2 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-24 | 2024-05-24 | 21 | 1 | DZ11
                3 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-09 | 2024-05-09 | 21 | 1 | DZ11
                4 | P4 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-29 | 2024-05-29 | 21 | 1 | ZZ99
                5 | P5 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-29 | 2024-05-29 |    | 1 | DZ11
            """,
        },
        expected={
            1: {"HRG_TrimPoint": 5, "Spell_ExcessBedDays": 3},
            2: {"HRG_TrimPoint": 20, "Spell_ExcessBedDays": 3},
            3: {"HRG_TrimPoint": 20, "Spell_ExcessBedDays": 0},
            4: {"HRG_TrimPoint": None, "Spell_ExcessBedDays": None},
            5: {"HRG_TrimPoint": None, "Spell_ExcessBedDays": None},
        },
    ),
)
