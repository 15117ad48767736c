from farr.lab.model.example import Example

EXAMPLE = Example(
    title="£150 above £3,000 of tariff; what is below is not set against it, and a spell without either price is left out",
    tables={
        "spell_price": """
            Spell_Key | Tariff_Total | Tariff_Recomputed | Activity_Month
            1         | 1150.00      | 1000.00           | 2024-05
            2         | 600.00       | 1000.00           | 2024-05
            3         | 1000.00      | 1000.00           | 2024-05
            4         | 800.00       |                   | 2024-05
            5         |              | 700.00            | 2024-05
        """
    },
    expected={"numerator": 150, "denominator": 3000, "value": 5.0},
)
