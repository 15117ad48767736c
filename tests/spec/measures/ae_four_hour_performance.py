from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of three left within four hours; a planned follow-up and an attendance without a time are left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Minutes_to_Departure | Is_Within_Four_Hours | Activity_Month
            1         | yes          | 90                   | yes                  | 2024-05
            2         | yes          | 240                  | yes                  | 2024-05
            3         | yes          | 241                  | no                   | 2024-05
            4         | no           | 30                   | yes                  | 2024-05
            5         | yes          |                      |                      | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 3, "value": 66.67},
)
