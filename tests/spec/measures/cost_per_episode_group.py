from farr.lab.model.example import Example

EXAMPLE = Example(
    title="9,000 pounds over three episodes of illness; one without a cost is left out",
    tables={
        "episode_group": """
            Episode_Group_Key | Episode_Group_Code | Spell_Count | Grand_Total | Activity_Month
            1                 | hip_fracture       | 2           | 7000.00     | 2024-05
            2                 | asthma             | 1           | 800.00      | 2024-05
            3                 | asthma             | 2           | 1200.00     | 2024-05
            4                 | asthma             | 1           |             | 2024-05
        """
    },
    expected={"numerator": 9000, "denominator": 3, "value": 3000.0},
)
