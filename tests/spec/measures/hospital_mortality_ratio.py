from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of the provider's three emergencies ended in death; at the nation's shares (a quarter of heart, half of lung) one would "
    "have. An elective death and an unknown ending are left out",
    tables={
        "apc_spell": """
            Provider_Code | Der_Management_Type | Discharge_Method | Length_of_Stay | Casemix_Group | Age_Group | Sex | Activity_Month
            RA1           | EM                  | 4                | 6              | heart         | 75-84     | 1   | 2024-05
            RA1           | EM                  | 1                | 3              | heart         | 75-84     | 1   | 2024-05
            RB2           | EM                  | 1                | 4              | heart         | 75-84     | 1   | 2024-05
            RB2           | EM                  | 2                | 1              | heart         | 75-84     | 1   | 2024-05
            RA1           | EM                  | 4                | 2              | lung          | 65-74     | 2   | 2024-05
            RB2           | EM                  | 4                | 0              | lung          | 65-74     | 2   | 2024-05
            RB2           | EM                  | 1                | 9              | lung          | 65-74     | 2   | 2024-05
            RB2           | EM                  | 1                | 5              | lung          | 65-74     | 2   | 2024-05
            RA1           | EL                  | 4                | 4              | lung          | 65-74     | 2   | 2024-05
            RA1           | EM                  |                  | 4              | lung          | 65-74     | 2   | 2024-05
        """
    },
    expected={"provider": "RA1", "numerator": 2, "denominator": 1, "value": 200.0},
)
