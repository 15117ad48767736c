from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of four stays lasted 21 days or more; 20 days are not enough, and a day case is no stay",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EM                  | 21             | 2024-05
            2         | EL                  | 60             | 2024-05
            3         | EM                  | 20             | 2024-05
            4         | NE                  | 1              | 2024-05
            5         | DC                  | 0              | 2024-05
            6         | EM                  |                | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
