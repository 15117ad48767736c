from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of four came by ambulance; unknown arrivals and planned follow-ups are left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Arrival_Mode | Activity_Month
            1         | yes          | 1            | 2024-05
            2         | yes          | 1            | 2024-05
            3         | yes          | 2            | 2024-05
            4         | yes          | 2            | 2024-05
            5         | yes          |              | 2024-05
            6         | no           | 1            | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 4, "value": 50.0},
)
