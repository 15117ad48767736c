from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four came back within the week; the planned follow-up in the same week is in neither. The flag itself is worked out in "
    "the mart",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Attendance_Category | Is_Reattendance | Activity_Month
            1         | yes          | 1                   | no              | 2024-05
            2         | yes          | 1                   | yes             | 2024-05
            3         | yes          | 3                   | no              | 2024-05
            4         | yes          | 1                   |                 | 2024-05
            5         | no           | 2                   | no              | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
