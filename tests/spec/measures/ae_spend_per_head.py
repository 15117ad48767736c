from farr.lab.model.example import Example

EXAMPLE = Example(
    title="500 pounds on 2,000 person-years; a planned follow-up and an attendance without a cost are left out",
    tables={
        "ae_visit": """
            AEA_Ident | Is_Unplanned | Grand_Total | Activity_Month
            1         | yes          | 180.00      | 2024-05
            2         | yes          | 320.00      | 2024-05
            3         | no           | 90.00       | 2024-05
            4         | yes          |             | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 500, "denominator": 2000, "value": 0.25},
)
