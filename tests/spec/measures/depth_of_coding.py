from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Twelve diagnoses over four spells, one of which has none; the well baby and the regular attender are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Core_HRG | Diagnosis_Count | Activity_Month
            1         | DC                  | BZ72           | 1               | 2024-05
            2         | EM                  | DZ11           | 8               | 2024-05
            3         | EL                  | HN12           | 3               | 2024-05
            4         | EM                  |                | 0               | 2024-05
            5         | NE                  | PB03Z          | 1               | 2024-05
            6         | RDA                 | LA08           | 4               | 2024-05
        """
    },
    expected={"numerator": 12, "denominator": 4, "value": 3.0},
)
