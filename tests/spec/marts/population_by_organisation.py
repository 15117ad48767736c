from farr.lab.model.example import Example

MART = "population"
EXAMPLES = (
    Example(
        title="a practice brings its commissioner and both regions; one that the reference does not list keeps its people",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Organisation_Name | Commissioner_Code | Region_Code
                commissioner       | 15E               | A commissioner    |                   | Y59
                practice           | A81001            | A practice        | 15E               | Y60
            """,
            "registered_population": """
                GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
                A81001           | 1   | 65-69    | 410      | 2024-05
                A81999           | 1   | 65-69    | 7        | 2024-05
            """,
        },
        expected={
            "A81001": {"Patients": 410, "Commissioner_Code": "15E", "Practice_Region_Code": "Y60", "Commissioner_Region_Code": "Y59"},
            "A81999": {"Patients": 7, "Commissioner_Code": None, "Practice_Region_Code": None, "Commissioner_Region_Code": None},
        },
    ),
    Example(
        title="a merged practice is its successor's now, and its own as it was; so is a merged commissioner",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Commissioner_Code | Region_Code
                commissioner       | QWO               |                   | Y63
                practice           | A81001            | 15E               | Y60
                practice           | A81002            | 15E               | Y60
            """,
            "organisation_current": """
                Former_Code | Current_Code
                A81001      | A81002
                15E         | QWO
            """,
            "registered_population": """
                GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
                A81001           | 1   | 65-69    | 410      | 2024-05
                A81002           | 1   | 65-69    | 90       | 2024-05
            """,
        },
        expected={
            "A81001": {"GP_Practice_Code": "A81002", "Commissioner_Code": "QWO", "Commissioner_Region_Code": "Y63"},
            "A81002": {"GP_Practice_Code": "A81002", "Commissioner_Code": "QWO", "Commissioner_Region_Code": "Y63"},
        },
    ),
    Example(
        title="the commissioner as it was is the membership on the first of the month; where none is held, the one of now",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Commissioner_Code
                practice           | A81001            | NEW
                practice           | A81002            | NEW
                practice           | A81003            | NEW
                practice           | A81004            | NEW
            """,
            "organisation_parent": """
                Organisation_Level | Organisation_Code | Parent_Code | Join_Date  | Left_Date
                practice           | A81001            | OLD         | 2013-04-01 | 2024-05-01
                practice           | A81001            | NEW         | 2024-05-02 |
                practice           | A81002            | OLD         | 2013-04-01 | 2024-04-30
                practice           | A81002            | NEW         | 2024-05-01 |
                practice           | A81003            | OLD         |            | 2023-03-31
                commissioner       | A81004            | OLD         | 2013-04-01 |
            """,
            "registered_population": """
                GP_Practice_Code | Sex | Age_Band | Patients | Activity_Month
                A81001           | 1   | 65-69    | 1        | 2024-05
                A81002           | 1   | 65-69    | 1        | 2024-05
                A81003           | 1   | 65-69    | 1        | 2024-05
                A81004           | 1   | 65-69    | 1        | 2024-05
            """,
        },
        expected={
            "A81001": {"Commissioner_Code": "NEW", "Commissioner_Code_As_Was": "OLD"},
            "A81002": {"Commissioner_Code": "NEW", "Commissioner_Code_As_Was": "NEW"},
            "A81003": {"Commissioner_Code": "NEW", "Commissioner_Code_As_Was": "NEW"},
            "A81004": {"Commissioner_Code": "NEW", "Commissioner_Code_As_Was": "NEW"},
        },
    ),
)
