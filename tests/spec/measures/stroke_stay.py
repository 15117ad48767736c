from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Twenty-four days over two strokes; subarachnoid bleeding, a transient attack and a planned stay are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Primary_Diagnosis | Length_of_Stay | Activity_Month
            1         | EM                  | I639                    | 20             | 2024-05
            2         | EM                  | I64                     | 4              | 2024-05
            3         | EM                  | I609                    | 11             | 2024-05
            4         | EM                  | G459                    | 1              | 2024-05
            5         | EL                  | I639                    | 7              | 2024-05
        """
    },
    expected={"numerator": 24, "denominator": 2, "value": 12.0},
)
