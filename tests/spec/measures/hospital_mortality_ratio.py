from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two emergencies ended in death; the nation is its own reference, so two were expected. Elective deaths and unknown methods are "
    "left out",
    tables={
        "apc_spell": """
            Spell_Key | Der_Management_Type | Discharge_Method | Length_of_Stay | Casemix_Group | Age_Band | Sex | Activity_Month
            1         | EM                  | 4                | 6              | heart         | 80-84    | 1   | 2024-05
            2         | EM                  | 1                | 3              | heart         | 80-84    | 1   | 2024-05
            3         | EM                  | 4                | 2              | lung          | 65-69    | 2   | 2024-05
            4         | EM                  | 1                | 9              | lung          | 65-69    | 2   | 2024-05
            5         | EL                  | 4                | 4              | lung          | 65-69    | 2   | 2024-05
            6         | EM                  |                  | 4              | lung          | 65-69    | 2   | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 2, "value": 100.0},
)
