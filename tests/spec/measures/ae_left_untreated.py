from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One left, one refused treatment, of four; the unknown end is left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Attendance_Disposal | Has_Left_Untreated | Activity_Month
            1         | yes          | 12                  | yes                | 2024-05
            2         | yes          | 13                  | yes                | 2024-05
            3         | yes          | 03                  | no                 | 2024-05
            4         | yes          | 01                  | no                 | 2024-05
            5         | yes          |                     | no                 | 2024-05
            6         | no           | 12                  | yes                | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
