from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of these emergencies are for sensitive conditions, among 2,000 person-years; a planned asthma stay and a heart attack are "
    "not",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Primary_Diagnosis | Is_Ambulatory_Care_Sensitive | Activity_Month
            1         | EM                  | J459                    | yes                          | 2024-05
            2         | EM                  | E101                    | yes                          | 2024-05
            3         | EM                  | I219                    | no                           | 2024-05
            4         | EL                  | J459                    | no                           | 2024-05
            5         | EM                  |                         |                              | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 2, "denominator": 2000, "value": 1.0},
)
