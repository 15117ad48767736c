from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Fifteen days beyond trim points over three spells; a spell whose trim point is not known is left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Tariff_Year | HRG_TrimPoint | Spell_ExcessBedDays | Activity_Month
            1         | EM                  | 2024/25     | 20            | 12                  | 2024-05
            2         | EL                  | 2024/25     | 6             | 3                   | 2024-05
            3         | EM                  | 2024/25     | 20            | 0                   | 2024-05
            4         | EM                  | 2024/25     |               |                     | 2024-05
            5         | DC                  | 2024/25     | 6             | 0                   | 2024-05
        """
    },
    expected={"numerator": 15, "denominator": 3, "value": 500.0},
)
