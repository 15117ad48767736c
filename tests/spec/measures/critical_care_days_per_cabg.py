from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Six critical-care days over three bypass spells, one of which has no record; a stent (K75) is left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Dominant_Procedure | Critical_Care_Days | Activity_Month
            1         | EL                  | K401                     | 2                  | 2024-05
            2         | EM                  | K453                     | 4                  | 2024-05
            3         | EL                  | K44                      | 0                  | 2024-05
            4         | EM                  | K751                     | 3                  | 2024-05
            5         | EL                  | K401                     |                    | 2024-05
        """
    },
    expected={"numerator": 6, "denominator": 3, "value": 2.0},
)
