from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Chest pain (R074) and collapse (R55) of four; R69X and a blank are left out of both",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Primary_Diagnosis | Activity_Month
            1         | EM                  | R074                    | 2024-05
            2         | EM                  | R55                     | 2024-05
            3         | EM                  | I219                    | 2024-05
            4         | DC                  | H269                    | 2024-05
            5         | EM                  | R69X                    | 2024-05
            6         | EM                  |                         | 2024-05
            7         | RDA                 | R104                    | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
