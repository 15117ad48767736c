from farr.lab.model.example import Example

MART = "ae_visit"
EXAMPLES = (
    Example(
        title="four hours are 240 minutes, twelve are passed at 721; a time not known is neither",
        tables={
            "ae_attendance": """
                AEA_Ident | Arrival_Date | Department_Type | Attendance_Category | Attendance_Disposal | Minutes_to_Departure
                1 | 2024-05-01 | 01 | 1 | 01 | 240
                2 | 2024-05-01 | 03 | 2 | 12 | 241
                3 | 2024-05-01 | 01 | 3 | 03 | 720
                4 | 2024-05-01 |    |   | 13 | 721
                5 | 2024-05-01 | 01 | 1 |    |
            """
        },
        expected={
            1: {"Is_Within_Four_Hours": True, "Is_Over_Twelve_Hours": False, "Is_Major": True, "Is_Unplanned": True, "Is_Admitted": True},
            2: {
                "Is_Within_Four_Hours": False,
                "Is_Over_Twelve_Hours": False,
                "Is_Major": False,
                "Is_Unplanned": False,
                "Has_Left_Untreated": True,
            },
            3: {"Is_Within_Four_Hours": False, "Is_Over_Twelve_Hours": False, "Is_Unplanned": True, "Has_Left_Untreated": False},
            4: {
                "Is_Within_Four_Hours": False,
                "Is_Over_Twelve_Hours": True,
                "Is_Major": False,
                "Is_Unplanned": False,
                "Has_Left_Untreated": True,
            },
            5: {"Is_Within_Four_Hours": None, "Is_Over_Twelve_Hours": None, "Is_Admitted": False},
        },
    ),
    Example(
        title="back within seven days, at any department, unplanned; planned follow-ups do not come back, and unknown people cannot",
        tables={
            "ae_attendance": """
                AEA_Ident | Der_Pseudo_NHS_Number | Provider_Code | Arrival_Date | Arrival_Hour | Attendance_Category
                1 | P1 | RAA | 2024-05-01 | 9  | 1
                2 | P1 | RBB | 2024-05-08 | 9  | 1
                3 | P1 | RAA | 2024-05-16 | 9  | 1
                4 | P1 | RAA | 2024-05-17 | 9  | 2
                5 | P1 | RAA | 2024-05-18 | 9  | 3
                6 | P2 | RAA | 2024-05-01 | 23 | 1
                7 | P2 | RAA | 2024-05-01 | 8  | 1
                8 |    | RAA | 2024-05-01 | 8  | 1
                9 |    | RAA | 2024-05-01 | 9  | 1
            """
        },
        expected={number: {"Is_Reattendance": number in (2, 5, 6)} for number in range(1, 10)},
    ),
    Example(
        title="sent home with neither investigation nor treatment, or advice alone",
        tables={
            "ae_attendance": """
                AEA_Ident | Arrival_Date | Attendance_Disposal | Investigation_01 | Treatment_01
                1 | 2024-05-01 | 03 | 24 | 99
                2 | 2024-05-01 | 02 |    | 22
                3 | 2024-05-01 | 03 | 01 | 99
                4 | 2024-05-01 | 03 | 24 | 05
                5 | 2024-05-01 | 01 | 24 | 99
                6 | 2024-05-01 | 03 | 1088291000000101 | 183964008
            """
        },
        expected={number: {"Is_Without_Treatment": number in (1, 2, 6)} for number in range(1, 7)},
    ),
)
