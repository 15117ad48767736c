from farr.lab.model.example import Example

EXAMPLE = Example(
    title="R69X and a blank say nothing; chest pain (R074) is vague, but a diagnosis; the well baby is left out",
    tables={
        "apc_spell": """
            Spell_Key | Spell_Primary_Diagnosis | Spell_Core_HRG | Activity_Month
            1         | R69X                    |                | 2024-05
            2         |                         |                | 2024-05
            3         | R074                    | EB12           | 2024-05
            4         | I219                    | EB10           | 2024-05
            5         |                         | PB03Z          | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
