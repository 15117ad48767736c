from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Three unplanned attendances among 24,000 people (2,000 person-years); a planned follow-up and one of unknown category are left "
    "out",
    tables={
        "ae_visit": """
            AEA_Ident | Attendance_Category | Is_Unplanned | Department_Type | Activity_Month
            1         | 1                   | yes          | 01              | 2024-05
            2         | 1                   | yes          | 03              | 2024-05
            3         | 3                   | yes          | 01              | 2024-05
            4         | 2                   | no           | 01              | 2024-05
            5         |                     |              | 01              | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 3, "denominator": 2000, "value": 1.5},
)
