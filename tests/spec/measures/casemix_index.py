from farr.lab.model.example import Example

EXAMPLE = Example(
    title="A weight of three over four spells; one without a price and a regular attender are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | HRG_Weight | Activity_Month
            1         | DC                  | 0.25       | 2024-05
            2         | DC                  | 0.25       | 2024-05
            3         | EL                  | 0.5        | 2024-05
            4         | EM                  | 2.0        | 2024-05
            5         | EM                  |            | 2024-05
            6         | RDA                 | 0.1        | 2024-05
        """
    },
    expected={"numerator": 3, "denominator": 4, "value": 0.75},
)
