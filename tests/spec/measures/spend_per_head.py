from farr.lab.model.example import Example

EXAMPLE = Example(
    title="6,000 pounds on 2,000 person-years; a spell without a cost and a regular attender are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Grand_Total | Activity_Month
            1         | DC                  | 900.00      | 2024-05
            2         | EM                  | 2100.00     | 2024-05
            3         | NE                  | 3000.00     | 2024-05
            4         | EL                  |             | 2024-05
            5         | RDA                 | 150.00      | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 6000, "denominator": 2000, "value": 3.0},
)
