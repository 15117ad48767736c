from farr.lab.model.example import Example

EXAMPLE = Example(
    title="7,200 pounds for a weight of 4; a spell without a weight, one without a cost and a regular attender are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Grand_Total | HRG_Weight | Activity_Month
            1         | DC                  | 900.00      | 0.5        | 2024-05
            2         | EM                  | 4200.00     | 2.5        | 2024-05
            3         | EL                  | 2100.00     | 1.0        | 2024-05
            4         | EM                  | 5000.00     |            | 2024-05
            5         | EL                  |             | 1.0        | 2024-05
            6         | RDA                 | 150.00      | 0.1        | 2024-05
        """
    },
    expected={"numerator": 7200, "denominator": 4, "value": 1800.0},
)
