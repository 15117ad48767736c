from farr.lab.model.example import Example

EXAMPLE = Example(
    title="400 pounds on 2,000 person-years; a missed appointment and one without a cost are left out",
    tables={
        "op_appointment": """
            OPA_Ident | Is_Attended | Grand_Total | Activity_Month
            1         | yes         | 160.00      | 2024-05
            2         | yes         | 240.00      | 2024-05
            3         | no          | 100.00      | 2024-05
            4         | yes         |             | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 400, "denominator": 2000, "value": 0.2},
)
