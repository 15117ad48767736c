from farr.lab.model.example import Example

MART = "apc_spell"
_COLUMNS = (
    "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date"
    " | Discharge_Destination | Source_of_Admission | Admission_Method | Patient_Classification"
)
EXAMPLES = (
    Example(
        title="a transfer within two days, by destination, source or method, is the same continuous stay",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 51 | 19 | 21 | 1
                2 | P1 | RBB | 2024-05-07 | 2024-05-07 | 2024-05-09 | 2024-05-09 | 19 | 19 | 22 | 1
                3 | P1 | RCC | 2024-05-11 | 2024-05-11 | 2024-05-12 | 2024-05-12 | 19 | 87 | 22 | 1
                4 | P1 | RDD | 2024-05-12 | 2024-05-12 | 2024-05-20 | 2024-05-20 | 19 | 19 | 2B | 1
            """
        },
        expected={key: {"Superspell_Key": 1} for key in (1, 2, 3, 4)},
    ),
    Example(
        title="three days apart, or home and back without a transfer, is a new stay",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 51 | 19 | 21 | 1
                2 | P1 | RBB | 2024-05-08 | 2024-05-08 | 2024-05-09 | 2024-05-09 | 19 | 51 | 81 | 1
                3 | P1 | RBB | 2024-05-10 | 2024-05-10 | 2024-05-11 | 2024-05-11 | 19 | 19 | 21 | 1
            """
        },
        expected={1: {"Superspell_Key": 1}, 2: {"Superspell_Key": 2}, 3: {"Superspell_Key": 3}},
    ),
    Example(
        title="destination 19 with source 51 and method 21 is a new stay for all that",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 19 | 19 | 21 | 1
                2 | P1 | RBB | 2024-05-05 | 2024-05-05 | 2024-05-09 | 2024-05-09 | 19 | 51 | 21 | 1
            """
        },
        expected={1: {"Superspell_Key": 1}, 2: {"Superspell_Key": 2}},
    ),
    Example(
        title="the gap is counted from the latest discharge so far: a short stay elsewhere does not end a long one",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-20 | 2024-05-20 | 51 | 19 | 21 | 1
                2 | P1 | RBB | 2024-05-05 | 2024-05-05 | 2024-05-06 | 2024-05-06 | 19 | 51 | 81 | 1
                3 | P1 | RCC | 2024-05-21 | 2024-05-21 | 2024-05-25 | 2024-05-25 | 19 | 19 | 11 | 1
            """
        },
        expected={key: {"Superspell_Key": 1} for key in (1, 2, 3)},
    ),
    Example(
        title="regular attenders and people who are not known stand alone",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 51 | 19 | 21 | 1
                2 | P1 | RBB | 2024-05-05 | 2024-05-05 | 2024-05-05 | 2024-05-05 | 51 | 51 | 13 | 3
                3 |    | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 51 | 19 | 21 | 1
                4 |    | RBB | 2024-05-05 | 2024-05-05 | 2024-05-06 | 2024-05-06 | 19 | 51 | 81 | 1
            """
        },
        expected={key: {"Superspell_Key": key} for key in (1, 2, 3, 4)},
    ),
)
