from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four stays ended in death; a stillbirth, a day case and an unknown method are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Discharge_Method | Length_of_Stay | Activity_Month
            1         | EM                  | 4                | 6              | 2024-05
            2         | EM                  | 1                | 3              | 2024-05
            3         | EL                  | 1                | 2              | 2024-05
            4         | NE                  | 2                | 1              | 2024-05
            5         | NE                  | 5                | 0              | 2024-05
            6         | DC                  | 4                | 0              | 2024-05
            7         | EM                  |                  | 2              | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
