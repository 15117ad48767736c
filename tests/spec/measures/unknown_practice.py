from farr.lab.model.example import Example

EXAMPLE = Example(
    title="A blank and a default code of four; the regular attender is left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | GP_Practice_Code | Activity_Month
            1         | EM                  |                  | 2024-05
            2         | EL                  | V81999           | 2024-05
            3         | EM                  | A81001           | 2024-05
            4         | DC                  | A81002           | 2024-05
            5         | RDA                 | V81997           | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
