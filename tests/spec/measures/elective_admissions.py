from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two day cases and an inpatient among 2,000 person-years; a regular attender and an emergency are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Admission_Method | Activity_Month
            1         | DC                  | 11               | 2024-05
            2         | DC                  | 12               | 2024-05
            3         | EL                  | 13               | 2024-05
            4         | RDA                 | 13               | 2024-05
            5         | EM                  | 21               | 2024-05
            6         | NE                  | 31               | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 3, "denominator": 2000, "value": 1.5},
)
