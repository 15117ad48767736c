from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four went home with nothing done; left untreated (12) is another thing, and the unknown end is left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Attendance_Disposal | Is_Without_Treatment | Activity_Month
            1         | yes          | 03                  | yes                  | 2024-05
            2         | yes          | 02                  | no                   | 2024-05
            3         | yes          | 12                  | no                   | 2024-05
            4         | yes          | 01                  | no                   | 2024-05
            5         | yes          |                     |                      | 2024-05
            6         | no           | 03                  | yes                  | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
