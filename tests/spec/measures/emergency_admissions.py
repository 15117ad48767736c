from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Three emergencies in a month among 24,000 registered people: 2,000 person-years",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Admission_Method | Spell_Core_HRG | Activity_Month
            1         | EM                  | 21               | DZ11           | 2024-05
            2         | EM                  | 2A               | AA22           | 2024-05
            3         | EM                  | 28               | FZ90           | 2024-05
            4         | EL                  | 11               | FZ18           | 2024-05
            5         | NE                  | 82               | PB03Z          | 2024-05
            6         | UNK                 |                  |                | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 3, "denominator": 2000, "value": 1.5},
)
