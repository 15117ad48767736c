# ruff: noqa: E501  (a drawn table is as wide as its columns)
from datetime import date

from farr.lab.model.example import Example

MART = "apc_spell"
_COLUMNS = "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date"
EXAMPLES = (
    Example(
        title="episodes with one admission date are one spell: admission side from the first, discharge side from the last",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Episode_Number | Admission_Method | Discharge_Date | Discharge_Method | Discharge_Destination | Main_Specialty_Code | Diagnosis_01 | Procedure_01 | Spell_Core_HRG
                12 | P1 | RAA | 2024-05-01 | 2024-05-03 | 2024-05-06 | 2 | 21 | 2024-05-06 | 1 | 19 | 430 | I219 | K751 | EB10
                11 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 1 | 21 |            | 8 |    | 300 | R074 |      | EB10
            """
        },
        expected={
            11: {
                "Admission_Date": date(2024, 5, 1),
                "Discharge_Date": date(2024, 5, 6),
                "Discharge_Method": "1",
                "Discharge_Destination": "19",
                "Main_Specialty_Code": "300",
                "Spell_Primary_Diagnosis": "R074",
                "Spell_Dominant_Procedure": "K751",
                "Spell_Core_HRG": "EB10",
                "Episode_Count": 2,
                "Length_of_Stay": 5,
                "Activity_Month": "2024-05",
                "Superspell_Key": 11,
            }
        },
    ),
    Example(
        title="an episode that starts when one that did not end in discharge ended carries the spell on",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Discharge_Date | Discharge_Method
                21 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 |            | 8
                22 | P1 | RAA | 2024-05-03 | 2024-05-03 | 2024-05-04 |            | 9
                23 | P1 | RAA | 2024-05-04 | 2024-05-04 | 2024-05-09 | 2024-05-09 | 1
            """
        },
        expected={21: {"Episode_Count": 3, "Length_of_Stay": 8}},
    ),
    Example(
        title="a spell's site is that of its first episode, which admitted the person, wherever later ones were; the provider's own with none where none was sent, and after its code where it is another's",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Site_Code | Discharge_Date | Discharge_Method
                26 | P1 | RAA | 2024-05-01 | 2024-05-03 | 2024-05-09 | RAA02 | 2024-05-09 | 1
                25 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | RAA01 |            | 8
                27 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 |       |            | 8
                28 | P2 | RAA | 2024-05-01 | 2024-05-03 | 2024-05-05 | RAA02 | 2024-05-05 | 1
                29 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | RBB01 | 2024-05-05 | 1
            """
        },
        expected={
            25: {"Site_Code": "RAA01", "Episode_Count": 2},
            27: {"Site_Code": "RAA@", "Episode_Count": 2},
            29: {"Site_Code": "RAA@RBB01"},
        },
    ),
    Example(
        title="after a discharge the same day begins a new spell, unless it starts with the same start",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Discharge_Date | Discharge_Method
                31 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1
                32 | P1 | RAA | 2024-05-03 | 2024-05-03 | 2024-05-05 | 2024-05-05 | 1
                33 | P1 | RAA | 2024-05-04 | 2024-05-03 | 2024-05-06 | 2024-05-06 | 1
            """
        },
        expected={31: {"Episode_Count": 1}, 32: {"Episode_Count": 2, "Discharge_Date": date(2024, 5, 6)}},
    ),
    Example(
        title="other people, other providers, and people who are not known are other spells",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Discharge_Date | Discharge_Method
                41 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1
                42 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1
                43 | P1 | RBB | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1
                44 |    | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1
                45 |    | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1
            """
        },
        expected={key: {"Episode_Count": 1} for key in (41, 42, 43, 44, 45)},
    ),
    Example(
        title="a stay that has not ended is no spell yet, and an unfinished episode (EPISTAT 1) is not counted",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Discharge_Date | Discharge_Method | Episode_Status
                51 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 |            | 8 | 3
                52 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 9 | 3
                53 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 | 1 | 3
                54 | P3 | RAA | 2024-05-01 | 2024-05-03 |            |            |   | 1
            """
        },
        expected={53: {"Episode_Count": 1}},
    ),
)
