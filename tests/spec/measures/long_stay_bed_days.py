from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Of 100 bed days, 70 were in the two stays of 21 days and more; the day case has none",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EM                  | 21             | 2024-05
            2         | EL                  | 49             | 2024-05
            3         | EM                  | 20             | 2024-05
            4         | NE                  | 10             | 2024-05
            5         | EM                  | 0              | 2024-05
            6         | DC                  | 0              | 2024-05
        """
    },
    expected={"numerator": 70, "denominator": 100, "value": 70.0},
)
