from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of two discharges was followed by this rule; by PbR it is none, for it is cancer. The flags are worked out in the spell "
    "mart",
    tables={
        "apc_spell": """
            Spell_Key | NHP_Is_Index | NHP_Is_Readmitted | RE30_Is_Index | Spell_Core_HRG | Activity_Month
            1         | yes          | yes               | no            | DZ17           | 2024-05
            2         | yes          | no                | yes           | FZ18           | 2024-05
            3         | no           | no                | no            | DZ11           | 2024-05
            4         |              |                   |               |                | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 2, "value": 50.0},
)
