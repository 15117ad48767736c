from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four attendances was by telephone; a call that was not answered and an attendance of unknown kind are left out",
    tables={
        "op_appointment": """
            OPA_Ident | First_Attendance | Is_Attended | Is_Remote | Activity_Month
            1         | 1                | yes         | no        | 2024-05
            2         | 2                | yes         | no        | 2024-05
            3         | 2                | yes         | no        | 2024-05
            4         | 4                | yes         | yes       | 2024-05
            5         | 4                | no          | yes       | 2024-05
            6         |                  | yes         |           | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
