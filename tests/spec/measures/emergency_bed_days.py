from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Twelve emergency bed days among 2,000 person-years; elective days are not counted",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EM                  | 0              | 2024-05
            2         | EM                  | 2              | 2024-05
            3         | EM                  | 10             | 2024-05
            4         | EL                  | 3              | 2024-05
            5         | EM                  |                | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 12, "denominator": 2000, "value": 6.0},
)
