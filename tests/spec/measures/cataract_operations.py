from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two cataract operations among 2,000 person-years; surgery on the vitreous, an emergency and a spell without procedure are left "
    "out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Dominant_Procedure | Activity_Month
            1         | DC                  | C712                     | 2024-05
            2         | EL                  | C742                     | 2024-05
            3         | DC                  | C793                     | 2024-05
            4         | EM                  | C712                     | 2024-05
            5         | DC                  |                          | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 2, "denominator": 2000, "value": 1.0},
)
