from farr.lab.model.example import Example

EXAMPLE = Example(
    title="5,000 pounds on 2,000 person-years; planned care and a spell without a cost are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Grand_Total | Activity_Month
            1         | EM                  | 1500.00     | 2024-05
            2         | EM                  | 3500.00     | 2024-05
            3         | EL                  | 4000.00     | 2024-05
            4         | EM                  |             | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 5000, "denominator": 2000, "value": 2.5},
)
