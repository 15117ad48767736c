from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Gallstones (K80) and removal of the gall bladder (J18): two of three; another diagnosis and a regular attender are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Primary_Diagnosis | Spell_Dominant_Procedure | Activity_Month
            1         | DC                  | K802                    | J183                     | 2024-05
            2         | EM                  | K801                    | J181                     | 2024-05
            3         | EM                  | K800                    |                          | 2024-05
            4         | EL                  | K811                    | J183                     | 2024-05
            5         | RDA                 | K802                    | J183                     | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 3, "value": 66.67},
)
