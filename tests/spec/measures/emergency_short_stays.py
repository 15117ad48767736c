from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of four stayed under two days; a day case is no emergency, and a stay that ends before it begins is an error",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EM                  | 0              | 2024-05
            2         | EM                  | 1              | 2024-05
            3         | EM                  | 2              | 2024-05
            4         | EM                  | 15             | 2024-05
            5         | DC                  | 0              | 2024-05
            6         | EM                  | -1             | 2024-05
            7         | EM                  |                | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
