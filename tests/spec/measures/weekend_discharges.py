from farr.lab.model.example import Example

EXAMPLE = Example(
    title="A Saturday and a Sunday of four (11 and 12 May 2024); a death, a stay of no night and a planned stay are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Length_of_Stay | Discharge_Method | Discharge_Date | Activity_Month
            1         | EM                  | 3              | 1                | 2024-05-10     | 2024-05
            2         | EM                  | 3              | 1                | 2024-05-11     | 2024-05
            3         | EM                  | 1              | 2                | 2024-05-12     | 2024-05
            4         | EM                  | 9              | 1                | 2024-05-13     | 2024-05
            5         | EM                  | 4              | 4                | 2024-05-12     | 2024-05
            6         | EM                  | 0              | 1                | 2024-05-11     | 2024-05
            7         | EL                  | 2              | 1                | 2024-05-12     | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
