from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Thirty days over two hip fractures; a broken shaft (S723), a young man and one of unknown age are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Primary_Diagnosis | Age | Length_of_Stay | Activity_Month
            1         | EM                  | S720                    | 84  | 18             | 2024-05
            2         | EM                  | S721                    | 60  | 12             | 2024-05
            3         | EM                  | S723                    | 80  | 20             | 2024-05
            4         | EM                  | S720                    | 35  | 6              | 2024-05
            5         | EM                  | S720                    |     | 9              | 2024-05
            6         | EL                  | S720                    | 80  | 4              | 2024-05
        """
    },
    expected={"numerator": 30, "denominator": 2, "value": 15.0},
)
