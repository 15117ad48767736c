from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of three elective surgical spells needed critical care; a day case, an emergency and a stay without a procedure are left "
    "out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Has_Procedure | Has_Critical_Care_Record | Activity_Month
            1         | EL                  | yes           | yes                      | 2024-05
            2         | EL                  | yes           | no                       | 2024-05
            3         | EL                  | yes           | no                       | 2024-05
            4         | EL                  | no            | yes                      | 2024-05
            5         | DC                  | yes           | no                       | 2024-05
            6         | EM                  | yes           | yes                      | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 3, "value": 33.33},
)
