from farr.lab.model.example import Example

EXAMPLE = Example(
    title="One of four spells is specialised; a specialised regular attender is left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Service_Line_Code | Activity_Month
            1         | EL                  | NCBPS13E          | 2024-05
            2         | DC                  |                   | 2024-05
            3         | EM                  |                   | 2024-05
            4         | EM                  |                   | 2024-05
            5         | RDA                 | NCBPS11B          | 2024-05
        """
    },
    expected={"numerator": 1, "denominator": 4, "value": 25.0},
)
