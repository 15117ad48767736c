from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of four emergencies went home the same day; a day case has no night either, and is no emergency",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EM                  | 0              | 2024-05
            2         | EM                  | 0              | 2024-05
            3         | EM                  | 1              | 2024-05
            4         | EM                  | 12             | 2024-05
            5         | DC                  | 0              | 2024-05
            6         | NE                  | 0              | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
