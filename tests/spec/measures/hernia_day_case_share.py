from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of three elective repairs were day cases; the emergency repair, the incisional hernia and the cataract are left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Spell_Dominant_Procedure | Activity_Month
            1         | DC                  | T202                     | 2024-05
            2         | DC                  | T243                     | 2024-05
            3         | EL                  | T20                      | 2024-05
            4         | EM                  | T201                     | 2024-05
            5         | EL                  | T252                     | 2024-05
            6         | DC                  | C712                     | 2024-05
            7         | DC                  |                          | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 3, "value": 66.67},
)
