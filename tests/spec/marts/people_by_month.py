# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "person_month"
_SPELL = "Spell_Key | Der_Pseudo_NHS_Number | Der_Management_Type | Admission_Date | Discharge_Date | Discharge_Method | Activity_Month | Commissioner_Code | Age"
_EPISODE = "APCE_Ident | Der_Pseudo_NHS_Number | Activity_Month | Episode_Status | Diagnosis_01 | Diagnosis_02"
_VISIT = "AEA_Ident | Der_Pseudo_NHS_Number | Arrival_Date | Activity_Month | Is_Unplanned | Commissioner_Code | Age"

EXAMPLES = (
    Example(
        title="what was known of a person in each month they came: the last three emergencies, and the month in which the next was admitted",
        tables={
            "apc_spell": f"""
                {_SPELL}
                1 | P1 | EM | 2024-01-30 | 2024-02-02 | 1 | 2024-02 | 01A | 79
                2 | P1 | EM | 2024-02-10 | 2024-02-12 | 1 | 2024-02 | 01A | 79
                3 | P1 | EL | 2024-04-01 | 2024-04-02 | 1 | 2024-04 | 02B | 80
                4 | P1 | EM | 2024-06-28 | 2024-07-09 | 1 | 2024-07 | 02B | 80
                5 | P1 | EM | 2024-09-01 | 2024-09-03 | 4 | 2024-09 | 02B | 80
                6 |    | EM | 2024-09-01 | 2024-09-03 | 1 | 2024-09 | 02B | 80
            """,
            "apc_episode": "APCE_Ident",
        },
        expected={
            (2, "spell"): {
                "Emergency_1_Month": "2024-02",
                "Emergency_2_Month": "2024-02",
                "Emergency_3_Month": None,
                "Next_Month": "2024-04",
                "Next_Emergency_Month": "2024-06",
                "Commissioner_Code": "01A",
                "Has_Died": False,
            },
            (3, "spell"): {
                "Emergency_1_Month": "2024-02",
                "Emergency_3_Month": None,
                "Next_Emergency_Month": "2024-06",
                "Commissioner_Code": "02B",
            },
            (4, "spell"): {
                "Emergency_1_Month": "2024-07",
                "Emergency_2_Month": "2024-02",
                "Emergency_3_Month": "2024-02",
                "Next_Emergency_Month": "2024-09",
            },
            (5, "spell"): {
                "Emergency_1_Month": "2024-09",
                "Emergency_2_Month": "2024-07",
                "Emergency_3_Month": "2024-02",
                "Next_Month": None,
                "Next_Emergency_Month": None,
                "Has_Died": True,
            },
        },
    ),
    Example(
        title="attendances are months of their own, planned ones are not; a spell says where somebody lives where both are of one month",
        tables={
            "apc_spell": f"""
                {_SPELL}
                1 | P1 | EL | 2024-02-10 | 2024-02-12 | 1 | 2024-02 | 01A | 79
            """,
            "apc_episode": "APCE_Ident",
            "ae_visit": f"""
                {_VISIT}
                7 | P1 | 2024-02-20 | 2024-02 | yes | 02B | 79
                8 | P1 | 2024-03-20 | 2024-03 | yes | 02B | 79
                9 | P1 | 2024-05-20 | 2024-05 | no  | 02B | 79
            """,
        },
        expected={
            (1, "spell"): {
                "Commissioner_Code": "01A",
                "Visit_1_Month": "2024-02",
                "Visit_2_Month": None,
                "Next_Month": "2024-03",
                "Emergency_1_Month": None,
            },
            (8, "visit"): {
                "Commissioner_Code": "02B",
                "Visit_1_Month": "2024-03",
                "Visit_2_Month": "2024-02",
                "Next_Month": None,
                "Has_Died": False,
            },
        },
    ),
    Example(
        title="attended appointments are known from their month, and make no month of their own",
        tables={
            "apc_spell": f"""
                {_SPELL}
                1 | P1 | EL | 2024-02-10 | 2024-02-12 | 1 | 2024-02 | 01A | 79
                2 | P1 | EL | 2024-06-10 | 2024-06-12 | 1 | 2024-06 | 01A | 79
            """,
            "apc_episode": "APCE_Ident",
            "op_appointment": """
                OPA_Ident | Der_Pseudo_NHS_Number | Appointment_Date | Activity_Month | Is_Attended
                20 | P1 | 2024-01-05 | 2024-01 | yes
                21 | P1 | 2024-03-05 | 2024-03 | no
                22 | P1 | 2024-04-05 | 2024-04 | yes
                23 | P1 | 2024-06-29 | 2024-06 | yes
                24 | P1 | 2024-07-05 | 2024-07 | yes
                25 | P2 | 2024-07-05 | 2024-07 | yes
            """,
        },
        expected={
            (1, "spell"): {"Appointment_1_Month": "2024-01", "Appointment_2_Month": None, "Next_Month": "2024-06"},
            (2, "spell"): {
                "Appointment_1_Month": "2024-06",
                "Appointment_2_Month": "2024-04",
                "Appointment_3_Month": "2024-01",
                "Next_Month": None,
            },
        },
    ),
    Example(
        title="a condition is known from the month its episode ended, in any position, and stays known; unfinished episodes say nothing",
        tables={
            "apc_spell": f"""
                {_SPELL}
                1 | P1 | EL | 2024-02-10 | 2024-03-01 | 1 | 2024-03 | 01A | 79
                2 | P1 | EL | 2024-06-10 | 2024-06-12 | 1 | 2024-06 | 01A | 79
                3 | P2 | EL | 2024-06-10 | 2024-06-12 | 1 | 2024-06 | 01A | 40
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | 2024-02 | 3 | E119 | I500
                11 | P1 | 2024-03 | 3 | K802 |
                20 | P1 | 2024-06 | 3 | I500 | C445
                30 | P2 | 2024-06 | 1 | E119 |
            """,
        },
        expected={
            (1, "spell"): {"Seen_Diabetes": "2024-02", "Seen_Heart_Failure": "2024-02", "Seen_Stroke": None},
            (2, "spell"): {"Seen_Diabetes": "2024-02", "Seen_Heart_Failure": "2024-06", "Seen_Malignant_Cancer": None},
            (3, "spell"): {"Seen_Diabetes": None},
        },
    ),
)
