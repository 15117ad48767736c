from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two planned replacements among 2,000 person-years; a hip, and a knee in an emergency, are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Dominant_Procedure | Activity_Month
            1         | EL                  | W401                     | 2024-05
            2         | EL                  | O181                     | 2024-05
            3         | EM                  | W401                     | 2024-05
            4         | EL                  | W371                     | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 2, "denominator": 2000, "value": 1.0},
)
