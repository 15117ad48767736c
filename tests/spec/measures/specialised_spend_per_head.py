from farr.lab.model.example import Example

EXAMPLE = Example(
    title="9,000 pounds of specialised care on 2,000 person-years; other care and a spell without a cost are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Service_Line_Code | Grand_Total | Activity_Month
            1         | EL                  | NCBPS13E          | 8000.00     | 2024-05
            2         | DC                  | NCBPS01J          | 1000.00     | 2024-05
            3         | EM                  |                   | 3000.00     | 2024-05
            4         | EL                  | NCBPS13E          |             | 2024-05
        """,
        "population": """
            GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
            A81001           | 1   | 00-04    | 11000    | 2024-05
            A81001           | 2   | 00-04    | 13000    | 2024-05
        """,
    },
    expected={"numerator": 9000, "denominator": 2000, "value": 4.5},
)
