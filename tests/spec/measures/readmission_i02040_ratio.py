from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of the provider's three index discharges were followed; at the nation's shares (a quarter of heart, half of lung) one "
    "would have been. Cancer and day cases are no index discharges. The flags are worked out in the spell mart",
    tables={
        "apc_spell": """
            Provider_Code | I02040_Is_Index | I02040_Is_Readmitted | Casemix_Group | Age_Group | Point_of_Delivery | Sex | Activity_Month
            RA1           | yes             | yes                  | heart         | 75-84     | NEL               | 1   | 2024-05
            RA1           | yes             | no                   | heart         | 75-84     | NEL               | 1   | 2024-05
            RB2           | yes             | no                   | heart         | 75-84     | NEL               | 1   | 2024-05
            RB2           | yes             | no                   | heart         | 75-84     | NEL               | 1   | 2024-05
            RA1           | yes             | yes                  | lung          | 65-74     | NELST             | 2   | 2024-05
            RB2           | yes             | yes                  | lung          | 65-74     | NELST             | 2   | 2024-05
            RB2           | yes             | no                   | lung          | 65-74     | NELST             | 2   | 2024-05
            RB2           | yes             | no                   | lung          | 65-74     | NELST             | 2   | 2024-05
            RA1           | no              | no                   | cancer        | 65-74     | EL                | 2   | 2024-05
            RA1           | no              | yes                  | lung          | 65-74     | DC                | 2   | 2024-05
        """
    },
    expected={"provider": "RA1", "numerator": 2, "denominator": 1, "value": 200.0},
)
