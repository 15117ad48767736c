from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Ten emergencies, each age group and sex with 1,000 person-years: three of men of 15-44 weigh 0.57, one of a girl 0.08, six of "
    "women of 85 and over 0.075. Unknown ages and sexes are left out; the crude rate is 0.83",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Age_Group | Sex | Activity_Month
            1         | EM                  | 15-44     | 1   | 2024-05
            2         | EM                  | 15-44     | 1   | 2024-05
            3         | EM                  | 15-44     | 1   | 2024-05
            4         | EM                  | 00-14     | 2   | 2024-05
            5         | EM                  | 85+       | 2   | 2024-05
            6         | EM                  | 85+       | 2   | 2024-05
            7         | EM                  | 85+       | 2   | 2024-05
            8         | EM                  | 85+       | 2   | 2024-05
            9         | EM                  | 85+       | 2   | 2024-05
            10        | EM                  | 85+       | 2   | 2024-05
            11        | EM                  |           | 2   | 2024-05
            12        | EM                  | 85+       | 9   | 2024-05
            13        | EL                  | 85+       | 2   | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Group | Patients | Activity_Month
            A81001           | 1   | 00-14     | 12000    | 2024-05
            A81001           | 2   | 00-14     | 12000    | 2024-05
            A81001           | 1   | 15-44     | 12000    | 2024-05
            A81001           | 2   | 15-44     | 12000    | 2024-05
            A81001           | 1   | 45-64     | 12000    | 2024-05
            A81001           | 2   | 45-64     | 12000    | 2024-05
            A81001           | 1   | 65-74     | 12000    | 2024-05
            A81001           | 2   | 65-74     | 12000    | 2024-05
            A81001           | 1   | 75-84     | 12000    | 2024-05
            A81001           | 2   | 75-84     | 12000    | 2024-05
            A81001           | 1   | 85+       | 12000    | 2024-05
            A81001           | 2   | 85+       | 12000    | 2024-05
        """,
    },
    expected={"numerator": 10, "denominator": 12000, "value": 0.725},
)
