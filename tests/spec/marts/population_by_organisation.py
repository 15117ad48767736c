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
)
