from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Three day cases of four elective spells; regular attenders (RDA, RNA) are in neither, nor are emergencies",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Activity_Month
            1         | DC                  | 2024-05
            2         | DC                  | 2024-05
            3         | DC                  | 2024-05
            4         | EL                  | 2024-05
            5         | RDA                 | 2024-05
            6         | RNA                 | 2024-05
            7         | EM                  | 2024-05
        """
    },
    expected={"numerator": 3, "denominator": 4, "value": 75.0},
)
