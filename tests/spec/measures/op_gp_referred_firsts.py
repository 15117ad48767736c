from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two such attendances among 2,000 person-years; a referral by a consultant, a follow-up and one of unknown source are left out",
    tables={
        "op_appointment": """
            OPA_Ident | Is_First | Is_Attended | Is_Consultant_Led | Referral_Source | Is_GP_Referred | Activity_Month
            1         | yes      | yes         | yes               | 03              | yes            | 2024-05
            2         | yes      | yes         | yes               | 03              | yes            | 2024-05
            3         | yes      | yes         | yes               | 05              | no             | 2024-05
            4         | no       | yes         | yes               | 03              | yes            | 2024-05
            5         | yes      | yes         | yes               |                 |                | 2024-05
            6         | yes      | no          | yes               | 03              | yes            | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 2, "denominator": 2000, "value": 1.0},
)
