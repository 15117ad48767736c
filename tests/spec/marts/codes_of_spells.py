from farr.lab.model.example import Example

MART = "apc_spell"
_COLUMNS = "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date"


def _coded(chapter, group, casemix):
    return {"Diagnosis_Chapter": chapter, "Episode_Group_Code": group, "Casemix_Group": casemix}


EXAMPLES = (
    Example(
        title="depth of coding counts different codes of all episodes and positions; a procedure in any of them is one",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Diagnosis_01 | Diagnosis_02 | Diagnosis_24 | Procedure_01 | Procedure_24
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 |            | J440 | I10X | E119 |      |
                2 | P1 | RAA | 2024-05-01 | 2024-05-02 | 2024-05-03 | 2024-05-03 | J440 |      | I500 |      | X581
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03 |      |      |      |      |
            """
        },
        expected={1: {"Diagnosis_Count": 4, "Has_Procedure": True}, 3: {"Diagnosis_Count": 0, "Has_Procedure": False}},
    ),
    Example(
        title="chapter, condition and casemix group of the primary diagnosis, by ranges; a casemix group of its own or the chapter",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Diagnosis_01
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | J440
                2 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | I219
                3 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | D489
                4 | P4 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | D500
                5 | P5 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | T98
                6 | P6 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | D490
                7 | P7 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 |
                8 | P8 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | A000
                9 | P9 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | Z998
            """
        },
        expected={
            1: _coded("10", "copd", "copd"),
            2: _coded("09", "myocardial_infarction", "myocardial_infarction"),
            3: _coded("02", "benign_neoplasm", "chapter_02"),
            4: _coded("03", "nutritional_anaemia", "chapter_03"),
            5: _coded("19", "other_injury", "chapter_19"),
            6: _coded(None, None, None),
            7: _coded(None, None, None),
            8: _coded("01", "intestinal_infection", "chapter_01"),
            9: _coded("21", "health_contact", "chapter_21"),
        },
    ),
    Example(
        title="ambulatory-care-sensitive: an emergency with such a primary diagnosis, not a planned stay, not a secondary diagnosis",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Admission_Method | Diagnosis_01 | Diagnosis_02 | Procedure_01 | Spell_Core_HRG | Age
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 21 | J440 |      | E852 | DZ65H | 4
                2 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 11 | J440 |      |      | A01   | 5
                3 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 21 | I219 | J440 |      |       | 120
            """
        },
        expected={
            1: {
                "Is_Ambulatory_Care_Sensitive": True, "Diagnosis_Category": "J44", "Procedure_Category": "E85",
                "HRG_Chapter": "D", "HRG_Root": "DZ65", "Age_Band": "00-04",
            },
            2: {"Is_Ambulatory_Care_Sensitive": False, "HRG_Root": "A01", "Age_Band": "05-09"},
            3: {"Is_Ambulatory_Care_Sensitive": False, "HRG_Root": None, "Age_Band": "95+"},
        },
    ),
)  # fmt: skip
