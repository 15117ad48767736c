from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two first attendances with a consultant among 2,000 person-years; a follow-up, a nurse clinic and a missed appointment are "
    "left out",
    tables={
        "op_appointment": """
            OPA_Ident | First_Attendance | Is_First | Is_Attended | Is_Consultant_Led | Activity_Month
            1         | 1                | yes      | yes         | yes               | 2024-05
            2         | 3                | yes      | yes         | yes               | 2024-05
            3         | 2                | no       | yes         | yes               | 2024-05
            4         | 1                | yes      | yes         | no                | 2024-05
            5         | 1                | yes      | no          | yes               | 2024-05
            6         | 5                | no       | no          | yes               | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 2, "denominator": 2000, "value": 1.0},
)
