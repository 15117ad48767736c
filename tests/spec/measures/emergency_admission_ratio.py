from farr.lab.model.example import Example

EXAMPLE = Example(
    title="The practice had five emergencies; at the nation's rates (1 and 2 per 1,000) its people would have had three. A planned stay "
    "and one of unknown age are left out",
    tables={
        "apc_spell": """
            Spell_Key | GP_Practice_Code | Der_Management_Type | Age_Group | Sex | Activity_Month
            1         | A81001           | EM                  | 15-44     | 1   | 2024-05
            2         | A81001           | EM                  | 15-44     | 1   | 2024-05
            3         | A81001           | EM                  | 85+       | 2   | 2024-05
            4         | A81001           | EM                  | 85+       | 2   | 2024-05
            5         | A81001           | EM                  | 85+       | 2   | 2024-05
            6         | A81002           | EM                  | 15-44     | 1   | 2024-05
            7         | A81002           | EM                  | 15-44     | 1   | 2024-05
            8         | A81002           | EM                  | 85+       | 2   | 2024-05
            9         | A81001           | EL                  | 85+       | 2   | 2024-05
            10        | A81001           | EM                  |           | 2   | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Group | Patients | Activity_Month
            A81001           | 1   | 15-44     | 12000    | 2024-05
            A81001           | 2   | 85+       | 12000    | 2024-05
            A81002           | 1   | 15-44     | 36000    | 2024-05
            A81002           | 2   | 85+       | 12000    | 2024-05
        """,
    },
    expected={"practice": "A81001", "numerator": 5, "denominator": 3, "value": 166.67},
)
