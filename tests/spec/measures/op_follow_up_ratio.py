from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Three follow-ups to two firsts; a missed follow-up, one with a procedure, a nurse clinic and an administrative event are in "
    "neither",
    tables={
        "op_appointment": """
            OPA_Ident | First_Attendance | Is_First | Is_Follow_Up | Is_Attended | Is_Consultant_Led | Has_Procedure | Activity_Month
            1         | 1                | yes      | no           | yes         | yes               | no            | 2024-05
            2         | 3                | yes      | no           | yes         | yes               | no            | 2024-05
            3         | 2                | no       | yes          | yes         | yes               | no            | 2024-05
            4         | 2                | no       | yes          | yes         | yes               | no            | 2024-05
            5         | 4                | no       | yes          | yes         | yes               | no            | 2024-05
            6         | 2                | no       | yes          | no          | yes               | no            | 2024-05
            7         | 2                | no       | yes          | yes         | yes               | yes           | 2024-05
            8         | 2                | no       | yes          | yes         | no                | no            | 2024-05
            9         | 5                | no       | no           | no          | yes               | no            | 2024-05
        """
    },
    expected={"numerator": 3, "denominator": 2, "value": 1.5},
)
