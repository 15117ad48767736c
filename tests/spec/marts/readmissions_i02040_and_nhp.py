from farr.lab.model.example import Example

MART = "apc_spell"
_COLUMNS = (
    "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date"
    " | Admission_Method | Patient_Classification | Discharge_Method | Discharge_Destination"
)


def _readmitted(i02040: bool, nhp: bool, re30: bool) -> dict[str, bool]:
    return {"I02040_Is_Readmitted": i02040, "NHP_Is_Readmitted": nhp, "RE30_Is_Readmitted": re30}


EXAMPLES = (
    Example(
        title="the three limits: 29 days for I02040, 28 for NHP, 30 for RE30",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 11 | 1 | 1 | 19
                2 | P1 | RAA | 2024-05-30 | 2024-05-30 | 2024-05-31 | 2024-05-31 | 21 | 1 | 1 | 19
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 11 | 1 | 1 | 19
                4 | P2 | RAA | 2024-05-31 | 2024-05-31 | 2024-06-01 | 2024-06-01 | 21 | 1 | 1 | 19
                5 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 11 | 1 | 1 | 19
                6 | P3 | RAA | 2024-06-01 | 2024-06-01 | 2024-06-02 | 2024-06-02 | 21 | 1 | 1 | 19
            """
        },
        expected={
            1: _readmitted(True, True, True),
            2: _readmitted(False, False, False),
            3: _readmitted(True, False, True),
            4: _readmitted(False, False, False),
            5: _readmitted(False, False, True),
            6: _readmitted(False, False, False),
        },
    ),
    Example(
        title="I02040 asks of the discharge that ends a continuous stay; a transfer in is neither its end nor a readmission",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 1 | 1 | 51
                2 | P1 | RBB | 2024-05-05 | 2024-05-05 | 2024-05-09 | 2024-05-09 | 2B | 1 | 1 | 19
                3 | P1 | RAA | 2024-05-20 | 2024-05-20 | 2024-05-21 | 2024-05-21 | 21 | 1 | 1 | 19
            """
        },
        expected={
            1: {"Continuous_Stay_Is_Last": False, "I02040_Is_Index": False, "NHP_Is_Readmitted": True},
            2: {"Continuous_Stay_Is_Last": True, "I02040_Is_Index": True, "I02040_Is_Readmitted": True, "NHP_Is_Readmitted": True},
            3: {"Continuous_Stay_Is_Last": True, "I02040_Is_Index": True, "I02040_Is_Readmitted": False},
        },
    ),
    Example(
        title="I02040 counts a readmission for the last discharge before it alone; RE30 and NHP for each",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02 | 11 | 1 | 1 | 19
                2 | P1 | RAA | 2024-05-05 | 2024-05-05 | 2024-05-07 | 2024-05-07 | 11 | 1 | 1 | 19
                3 | P1 | RAA | 2024-05-12 | 2024-05-12 | 2024-05-14 | 2024-05-14 | 21 | 1 | 1 | 19
            """
        },
        expected={1: _readmitted(False, True, True), 2: _readmitted(True, True, True), 3: _readmitted(False, False, False)},
    ),
    Example(
        title="no index of I02040: day case, death, regular attender, cancer anywhere, obstetrics; self-discharge and children are",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Diagnosis_01 | Diagnosis_05 | Main_Specialty_Code | Age
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 11 | 2 | 1 | 19 | K409 |      | 100 | 60
                2 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 1 | 4 | 79 | J189 |      | 300 | 60
                3 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 13 | 3 | 1 | 19 | N185 |      | 361 | 60
                4 | P4 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 1 | 1 | 19 | J189 | C349 | 300 | 60
                5 | P5 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 1 | 1 | 19 | O200 |      | 502 | 30
                6 | P6 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 1 | 2 | 19 | J189 |      | 300 | 2
                7 |    | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 1 | 1 | 19 | J189 |      | 300 | 60
            """
        },
        expected={number: {"I02040_Is_Index": number == 6} for number in range(1, 8)},
    ),
    Example(
        title="NHP: two stays of no days on one day are no readmission of one another; death and regular attendance are no index",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 21 | 1 | 1 | 19
                2 | P1 | RBB | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 21 | 1 | 1 | 19
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 21 | 1 | 4 | 79
                4 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 13 | 3 | 1 | 19
            """
        },
        expected={
            1: {"NHP_Is_Index": True, "NHP_Is_Readmitted": False, "RE30_Is_Readmitted": True},
            2: {"NHP_Is_Index": True, "NHP_Is_Readmitted": False},
            3: {"NHP_Is_Index": False},
            4: {"NHP_Is_Index": False},
        },
    ),
)
