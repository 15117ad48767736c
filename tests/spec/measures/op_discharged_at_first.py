from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of three was discharged; an unknown outcome, a follow-up and a nurse clinic are left out",
    tables={
        "op_appointment": """
            OPA_Ident | Is_First | Is_Attended | Is_Consultant_Led | Outcome_of_Attendance | Activity_Month
            1         | yes      | yes         | yes               | 1                     | 2024-05
            2         | yes      | yes         | yes               | 2                     | 2024-05
            3         | yes      | yes         | yes               | 3                     | 2024-05
            4         | yes      | yes         | yes               |                       | 2024-05
            5         | no       | yes         | yes               | 1                     | 2024-05
            6         | yes      | yes         | no                | 1                     | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 3, "value": 33.33},
)
