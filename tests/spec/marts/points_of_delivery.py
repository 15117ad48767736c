# ruff: noqa: E501  (a drawn table is as wide as its columns)
from farr.lab.model.example import Example

MART = "apc_spell"
EXAMPLES = (
    Example(
        title="management type by method and classification; emergencies of under two adjusted days are short stay",
        tables={
            "apc_episode": """
                APCE_Ident | Der_Pseudo_NHS_Number | Admission_Method | Patient_Classification | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date
                1  | P1  | 11 | 2 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01
                2  | P2  | 12 | 1 | 2024-05-01 | 2024-05-01 | 2024-05-04 | 2024-05-04
                3  | P3  | 13 | 3 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01
                4  | P4  | 13 | 4 | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02
                5  | P5  | 2A | 1 | 2024-05-01 | 2024-05-01 | 2024-05-02 | 2024-05-02
                6  | P6  | 21 | 1 | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03
                7  | P7  | 31 | 1 | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03
                8  | P8  | 81 | 1 | 2024-05-01 | 2024-05-01 | 2024-05-03 | 2024-05-03
                9  | P9  | 21 | 2 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01
                10 | P10 | 98 | 1 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01
                11 | P11 |    |   | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01
            """
        },
        expected={
            1: {"Der_Management_Type": "DC", "Point_of_Delivery": "DC"},
            2: {"Der_Management_Type": "EL", "Point_of_Delivery": "EL"},
            3: {"Der_Management_Type": "RDA", "Point_of_Delivery": "RDA"},
            4: {"Der_Management_Type": "RNA", "Point_of_Delivery": "RNA"},
            5: {"Der_Management_Type": "EM", "Point_of_Delivery": "NELST"},
            6: {"Der_Management_Type": "EM", "Point_of_Delivery": "NEL"},
            7: {"Der_Management_Type": "NE", "Point_of_Delivery": "NELNE"},
            8: {"Der_Management_Type": "NE", "Point_of_Delivery": "NELNE"},
            9: {"Der_Management_Type": "EM", "Point_of_Delivery": "NELST"},
            10: {"Der_Management_Type": "UNK", "Point_of_Delivery": "UNK"},
            11: {"Der_Management_Type": "UNK", "Point_of_Delivery": "UNK"},
        },
    ),
)
