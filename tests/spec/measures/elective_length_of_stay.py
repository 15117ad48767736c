from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Six days over three elective stays; the day case, the emergency and the stay of unknown length are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EL                  | 0              | 2024-05
            2         | EL                  | 2              | 2024-05
            3         | EL                  | 4              | 2024-05
            4         | DC                  | 0              | 2024-05
            5         | EM                  | 9              | 2024-05
            6         | EL                  |                | 2024-05
        """
    },
    expected={"numerator": 6, "denominator": 3, "value": 2.0},
)
