from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four was admitted; a transfer is none, and unknown ends and planned follow-ups are left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Attendance_Disposal | Is_Admitted | Activity_Month
            1         | yes          | 01                  | yes         | 2024-05
            2         | yes          | 02                  | no          | 2024-05
            3         | yes          | 03                  | no          | 2024-05
            4         | yes          | 07                  | no          | 2024-05
            5         | yes          |                     | no          | 2024-05
            6         | no           | 01                  | yes         | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
