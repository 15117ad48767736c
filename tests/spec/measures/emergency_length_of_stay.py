from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Twelve days over three emergencies, one of them without a night; the elective stay and the error are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Activity_Month
            1         | EM                  | 0              | 2024-05
            2         | EM                  | 2              | 2024-05
            3         | EM                  | 10             | 2024-05
            4         | EL                  | 3              | 2024-05
            5         | EM                  | -2             | 2024-05
        """
    },
    expected={"numerator": 12, "denominator": 3, "value": 4.0},
)
