from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four stayed longer than 720 minutes; the one without a time and the planned follow-up are left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Minutes_to_Departure | Is_Over_Twelve_Hours | Activity_Month
            1         | yes          | 60                   | no                   | 2024-05
            2         | yes          | 230                  | no                   | 2024-05
            3         | yes          | 720                  | no                   | 2024-05
            4         | yes          | 721                  | yes                  | 2024-05
            5         | yes          |                      |                      | 2024-05
            6         | no           | 800                  | yes                  | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
