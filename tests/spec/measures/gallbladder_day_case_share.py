from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of two elective removals was a day case; the emergency and the hernia are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Dominant_Procedure | Activity_Month
            1         | DC                  | J183                     | 2024-05
            2         | EL                  | J18                      | 2024-05
            3         | EM                  | J183                     | 2024-05
            4         | DC                  | T202                     | 2024-05
            5         | DC                  |                          | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 2, "value": 50.0},
)
