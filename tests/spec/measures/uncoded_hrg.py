from farr.lab.model.example import Example

EXAMPLE = Example(
    title="A blank and a UZ01Z of four; the regular attender without an HRG is left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Core_HRG | Activity_Month
            1         | EM                  |                | 2024-05
            2         | EL                  | UZ01Z          | 2024-05
            3         | EM                  | DZ11K          | 2024-05
            4         | DC                  | BZ72B          | 2024-05
            5         | RDA                 |                | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
