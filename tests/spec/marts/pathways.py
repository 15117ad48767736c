# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "pathway_spell"
_SPELL = "Spell_Key | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Discharge_Date | Length_of_Stay | Critical_Care_Days | Der_Management_Type | Spell_Dominant_Procedure | Activity_Month"
_SEEN = "OPA_Ident | Der_Pseudo_NHS_Number | Appointment_Date | Treatment_Function_Code | Is_Attended | Activity_Month"

EXAMPLES = (
    Example(
        title="a bypass with the days of its stay, the visits of its specialties within 90 days on either side, and emergencies soon after",
        tables={
            "apc_spell": f"""
                {_SPELL}
                1 | P1 | RAA | 2024-05-01 | 2024-05-09 | 8 | 2 | EL | K401 | 2024-05
                2 | P1 | RBB | 2024-05-09 | 2024-05-10 | 1 | 0 | EM |      | 2024-05
                3 | P1 | RBB | 2024-06-08 | 2024-06-10 | 2 | 0 | EM |      | 2024-06
                4 | P1 | RBB | 2024-06-09 | 2024-06-10 | 1 | 0 | EM |      | 2024-06
                5 | P1 | RAA | 2024-05-20 | 2024-05-20 | 0 | 0 | DC | C711 | 2024-05
                6 | P2 | RAA | 2024-05-01 | 2024-05-02 | 1 | 3 | EL | K401 | 2024-05
                7 | P2 | RAA | 2024-05-01 | 2024-05-02 | 1 | 0 | RDA | K401 | 2024-05
            """,
            "op_appointment": f"""
                {_SEEN}
                1 | P1 | 2024-02-01 | 170 | yes | 2024-02
                2 | P1 | 2024-01-31 | 170 | yes | 2024-01
                3 | P1 | 2024-04-30 | 320 | yes | 2024-04
                4 | P1 | 2024-04-29 | 320 | no  | 2024-04
                5 | P1 | 2024-04-28 | 110 | yes | 2024-04
                6 | P1 | 2024-05-05 | 170 | yes | 2024-05
                7 | P1 | 2024-08-07 | 170 | yes | 2024-08
                8 | P1 | 2024-08-08 | 170 | yes | 2024-08
                9 | P9 | 2024-04-30 | 170 | yes | 2024-04
            """,
        },
        expected={
            # Seen on 1 February (90 days before) and 30 April; missed, of another specialty and within the stay are none.
            # Spell 4 began 31 days after discharge; the cataract is another pathway's.
            (1, "cabg"): {"Ward_Days": 6, "Critical_Care_Days": 2, "Visits_Before": 2, "Visits_After": 1, "Readmissions": 2},
            (5, "cataract"): {"Ward_Days": 0, "Visits_Before": 0, "Visits_After": 0, "Readmissions": 2},
            # More critical-care days (both ends count) than days of stay leave none for a ward.
            (6, "cabg"): {"Ward_Days": 0, "Critical_Care_Days": 3, "Visits_Before": 0, "Readmissions": 0},
        },
    ),
    Example(
        title="who is not known is followed nowhere; an emergency bypass is no readmission of itself, nor of a stay that began later that day",
        tables={
            "apc_spell": f"""
                {_SPELL}
                1 |    | RAA | 2024-05-01 | 2024-05-09 | 8 | 2 | EL | K401 | 2024-05
                2 |    | RAA | 2024-05-10 | 2024-05-11 | 1 | 0 | EM |      | 2024-05
                3 | P3 | RAA | 2024-05-01 | 2024-05-01 | 0 | 0 | EM | K401 | 2024-05
                4 | P4 | RAA | 2024-05-01 | 2024-05-01 | 0 | 0 | EM |      | 2024-05
                5 | P4 | RAA | 2024-05-01 | 2024-05-03 | 2 | 1 | EM | K451 | 2024-05
            """,
            "op_appointment": f"""
                {_SEEN}
                1 |    | 2024-04-30 | 170 | yes | 2024-04
            """,
        },
        expected={
            (1, "cabg"): {"Visits_Before": 0, "Visits_After": 0, "Readmissions": 0},
            (3, "cabg"): {"Readmissions": 0},
            (5, "cabg"): {"Readmissions": 0, "Ward_Days": 1},
        },
    ),
)
