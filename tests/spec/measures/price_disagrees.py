from farr.lab.model.example import Example

EXAMPLE = Example(
    title="one of four: a penny is a difference; a spell that was fed no price and one outside the tariff are left out",
    tables={
        "spell_price": """
            Spell_Key | Tariff_Total | Tariff_Recomputed | Price_Exclusion | Activity_Month
            1         | 1000.00      | 1000.00           |                 | 2024-05
            2         | 1000.01      | 1000.00           |                 | 2024-05
            3         | 500.00       | 500.00            |                 | 2024-05
            4         | 700.00       | 700.00            |                 | 2024-05
            5         |              | 700.00            |                 | 2024-05
            6         | 300.00       |                   | not_on_tariff   | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
