from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four attendances had a procedure; a missed one with a planned procedure is left out",
    tables={
        "op_appointment": """
            OPA_Ident | Is_Attended | Has_Procedure | Procedure_01 | Activity_Month
            1         | yes         | yes           | C873         | 2024-05
            2         | yes         | no            |              | 2024-05
            3         | yes         | no            |              | 2024-05
            4         | yes         |               |              | 2024-05
            5         | no          | yes           | C873         | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
