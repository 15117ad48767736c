from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Ten days over four stays; the day case, the regular attender and both well babies are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Admission_Method | Treatment_Function_Code | Spell_Core_HRG | Length_of_Stay | Activity_Month
            1         | EL                  | 11               | 100                     | FZ18           | 2              | 2024-05
            2         | EM                  | 21               | 300                     | DZ11           | 7              | 2024-05
            3         | EM                  | 21               | 300                     | DZ11           | 0              | 2024-05
            4         | NE                  | 31               | 501                     | NZ30           | 1              | 2024-05
            5         | DC                  | 11               | 100                     | FZ18           | 0              | 2024-05
            6         | RDA                 | 13               | 361                     | LA08           | 0              | 2024-05
            7         | NE                  | 82               | 424                     |                | 2              | 2024-05
            8         | NE                  | 82               | 422                     | PB03Z          | 2              | 2024-05
        """
    },
    expected={"numerator": 10, "denominator": 4, "value": 2.5},
)
