# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "spell_coding"
_SPELL = "Spell_Key | Der_Pseudo_NHS_Number | Provider_Code | Provider_Code_As_Was | Admission_Date | Discharge_Date | Der_Management_Type | Spell_Primary_Diagnosis | Diagnosis_Count | Activity_Month"
_EPISODE = "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Status | Diagnosis_01 | Diagnosis_02 | Diagnosis_03 | Activity_Month"

EXAMPLES = (
    Example(
        title="admissions are kept: no regular attenders, no unknown types, no well babies",
        tables={
            "apc_spell": f"""
                {_SPELL} | Spell_Core_HRG | Treatment_Function_Code | Admission_Method | Has_Procedure
                10 | P1 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM  | J18X | 3 | 2018-05 | DZ11A | 300 | 21 | no
                20 | P2 | RAA | RAA | 2018-05-01 | 2018-05-01 | DC  | H251 | 1 | 2018-05 | BZ72B | 130 | 11 | yes
                30 | P3 | RAA | RAA | 2018-05-01 | 2018-05-01 | RDA | N185 | 1 | 2018-05 | LA08E | 361 | 11 | no
                40 | P4 | RAA | RAA | 2018-05-01 | 2018-05-02 | NE  | Z380 | 1 | 2018-05 | PB03Z | 424 | 82 | no
                50 | P5 | RAA | RAA | 2018-05-01 | 2018-05-02 | NE  | O800 | 1 | 2018-05 | NZ30A | 501 | 31 | no
                60 | P6 | RAA | RAA | 2018-05-01 | 2018-05-02 | NE  | P073 | 1 | 2018-05 | PB02Z | 424 | 82 | no
            """,
            "apc_episode": _EPISODE,
        },
        expected={
            10: {"Admission_Type": "EM", "Operated": "without", "Secondary_Diagnosis_Count": 2},
            20: {"Admission_Type": "DC", "Operated": "with", "Secondary_Diagnosis_Count": 0},
            50: {"Admission_Type": "NE", "Operated": "without", "Secondary_Diagnosis_Count": 0},
        },
    ),
    Example(
        title="what the primary diagnosis and the group say: stated or not, a symptom, usable or not",
        tables={
            "apc_spell": f"""
                {_SPELL} | Spell_Core_HRG | Discharge_Method
                10 | P1 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | R074 | 1 | 2018-05 | EB12B | 1
                20 | P2 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | R69X | 1 | 2018-05 | UZ01Z | 4
                30 | P3 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM |      | 0 | 2018-05 |       | 5
                40 | P4 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | I219 | 4 | 2018-05 | EB10C |
            """,
            "apc_episode": _EPISODE,
        },
        expected={
            10: {"Has_Stated_Diagnosis": True, "Is_Symptom": True, "Has_Usable_HRG": True, "Has_Died": False, "Has_Known_Outcome": True},
            20: {"Has_Stated_Diagnosis": False, "Is_Symptom": False, "Has_Usable_HRG": False, "Has_Died": True, "Has_Known_Outcome": True},
            30: {
                "Has_Stated_Diagnosis": False,
                "Secondary_Diagnosis_Count": 0,
                "Has_Usable_HRG": False,
                "Has_Died": False,
                "Has_Known_Outcome": False,
            },
            40: {"Has_Stated_Diagnosis": True, "Is_Symptom": False, "Secondary_Diagnosis_Count": 3, "Has_Known_Outcome": False},
        },
    ),
    Example(
        title="a comorbidity stands in a place other than the first of any finished episode; without a person nothing is told",
        tables={
            "apc_spell": f"""
                {_SPELL}
                10 | P1 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | J440 | 1 | 2018-05
                20 | P2 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | J18X | 2 | 2018-05
                30 | P3 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | J18X | 3 | 2018-05
                40 | P4 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | J18X | 2 | 2018-05
                50 |    | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | J18X | 2 | 2018-05
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | RAA | 2018-05-01 | 3 | J440 |      |      | 2018-05
                20 | P2 | RAA | 2018-05-01 | 3 | J18X | I10X |      | 2018-05
                30 | P3 | RAA | 2018-05-01 | 3 | J18X | I10X |      | 2018-05
                31 | P3 | RAA | 2018-05-01 | 3 | J18X | I10X | E119 | 2018-05
                40 | P4 | RAA | 2018-05-01 | 3 | J18X |      |      | 2018-05
                41 | P4 | RAA | 2018-05-01 | 1 | J18X | F03X |      | 2018-05
                50 |    | RAA | 2018-05-01 | 3 | J18X | F03X |      | 2018-05
            """,
        },
        expected={
            10: {"Has_Comorbidity": False},
            20: {"Has_Comorbidity": False},
            30: {"Has_Comorbidity": True},
            40: {"Has_Comorbidity": False},
            50: {"Has_Comorbidity": None, "Known_Conditions": 0},
        },
    ),
    Example(
        title="lasting conditions of the year before, recorded anywhere, are recorded again or not; those of the same day or longer ago are not asked about",
        tables={
            "apc_spell": f"""
                {_SPELL}
                10 | P1 | RAA | RAA | 2018-01-10 | 2018-01-12 | EM | E119 | 2 | 2018-01
                11 | P1 | RBB | RBB | 2018-06-10 | 2018-06-12 | EM | J18X | 2 | 2018-06
                12 | P1 | RBB | RBB | 2018-09-10 | 2018-09-12 | EM | J18X | 1 | 2018-09
                20 | P2 | RAA | RAA | 2018-01-10 | 2018-01-12 | EM | F03X | 1 | 2018-01
                21 | P2 | RAA | RAA | 2019-01-11 | 2019-01-12 | EM | J18X | 1 | 2019-01
                30 | P3 | RAA | RAA | 2018-01-10 | 2018-01-10 | DC | N183 | 1 | 2018-01
                31 | P3 | RBB | RBB | 2018-01-10 | 2018-01-12 | EM | J18X | 1 | 2018-01
                40 | P4 | RAA | RAA | 2018-01-10 | 2018-01-12 | EM | I219 | 1 | 2018-01
                41 | P4 | RAA | RAA | 2018-02-10 | 2018-02-12 | EM | J18X | 1 | 2018-02
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | RAA | 2018-01-10 | 3 | E119 | F03X | | 2018-01
                11 | P1 | RBB | 2018-06-10 | 3 | J18X | E103 | | 2018-06
                12 | P1 | RBB | 2018-09-10 | 3 | J18X |      | | 2018-09
                20 | P2 | RAA | 2018-01-10 | 3 | F03X |      | | 2018-01
                21 | P2 | RAA | 2019-01-11 | 3 | J18X |      | | 2019-01
                30 | P3 | RAA | 2018-01-10 | 3 | N183 |      | | 2018-01
                31 | P3 | RBB | 2018-01-10 | 3 | J18X |      | | 2018-01
                40 | P4 | RAA | 2018-01-10 | 3 | I219 |      | | 2018-01
                41 | P4 | RAA | 2018-02-10 | 3 | J18X |      | | 2018-02
            """,
        },
        expected={
            10: {"Known_Conditions": 0, "Repeated_Conditions": 0},
            11: {"Known_Conditions": 2, "Repeated_Conditions": 1},
            12: {"Known_Conditions": 2, "Repeated_Conditions": 0},
            20: {"Known_Conditions": 0},
            21: {"Known_Conditions": 0},
            30: {"Known_Conditions": 0},
            31: {"Known_Conditions": 0},
            40: {"Known_Conditions": 0},
            41: {"Known_Conditions": 0},
        },
    ),
)
