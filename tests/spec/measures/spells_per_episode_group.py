from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Six spells over four episodes of illness",
    tables={
        "episode_group": """
            Episode_Group_Key | Episode_Group_Code | Spell_Count | Activity_Month
            1                 | hip_fracture       | 3           | 2024-05
            2                 | asthma             | 1           | 2024-05
            3                 | asthma             | 1           | 2024-05
            4                 | heart_failure      | 1           | 2024-05
        """
    },
    expected={"numerator": 6, "denominator": 4, "value": 1.5},
)
