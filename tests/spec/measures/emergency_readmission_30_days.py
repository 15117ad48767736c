from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of two discharges was followed; the flags themselves are worked out in the spell mart",
    tables={
        "apc_spell": """
            Spell_Key | RE30_Is_Index | RE30_Is_Readmitted | Spell_Core_HRG | Activity_Month
            1         | yes           | yes                | DZ11           | 2024-05
            2         | yes           | no                 | FZ18           | 2024-05
            3         | no            | no                 | NZ30           | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 2, "value": 50.0},
)
