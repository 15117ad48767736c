from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of four index discharges were followed; the nation is its own reference, so two were expected. The flags are worked out in "
    "the spell mart",
    tables={
        "apc_spell": """
            Spell_Key | I02040_Is_Index | I02040_Is_Readmitted | Casemix_Group | Age_Band | Sex | Point_of_Delivery | Activity_Month
            1         | yes             | yes                  | heart         | 80-84    | 1   | NEL               | 2024-05
            2         | yes             | no                   | heart         | 80-84    | 1   | NEL               | 2024-05
            3         | yes             | yes                  | lung          | 65-69    | 2   | NEL               | 2024-05
            4         | yes             | no                   | lung          | 65-69    | 2   | NEL               | 2024-05
            5         | no              | no                   | cancer        | 65-69    | 2   | EL                | 2024-05
            6         |                 |                      | lung          | 30-34    | 1   | DC                | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 2, "value": 100.0},
)
