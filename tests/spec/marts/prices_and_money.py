# ruff: noqa: E501  (a drawn table is as wide as its columns)
from decimal import Decimal

from farr.lab.model.example import Example

MART = "apc_spell"
_PRICES = """
    Tariff_Year | HRG_Code | Combined_Price | Day_Case_Price | Elective_Price | Non_Elective_Price
    2023/24     | DZ11A    | 1000.00        |                |                | 3000.00
    2023/24     | FZ18B    |                | 500.00         | 1500.00        |
    2024/25     | DZ11A    | 9000.00        |                |                | 9000.00
"""
_COLUMNS = "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date"
EXAMPLES = (
    Example(
        title="the price of the year of discharge and the point of delivery, and its weight against the year's mean price (£1,500)",
        tables={
            "national_price": _PRICES,
            "apc_episode": f"""
                {_COLUMNS} | Admission_Method | Patient_Classification | Spell_Core_HRG
                1 | P1 | RAA | 2024-03-30 | 2024-03-30 | 2024-03-31 | 2024-03-31 | 11 | 2 | DZ11A
                2 | P2 | RAA | 2024-03-30 | 2024-03-30 | 2024-03-31 | 2024-03-31 | 21 | 1 | DZ11A
                3 | P3 | RAA | 2024-03-30 | 2024-03-30 | 2024-04-01 | 2024-04-01 | 11 | 1 | DZ11A
                4 | P4 | RAA | 2024-03-30 | 2024-03-30 | 2024-03-31 | 2024-03-31 | 11 | 2 | FZ18B
                5 | P5 | RAA | 2024-03-30 | 2024-03-30 | 2024-03-31 | 2024-03-31 | 11 | 1 | FZ18B
                6 | P6 | RAA | 2024-03-30 | 2024-03-30 | 2024-03-31 | 2024-03-31 | 82 | 1 | FZ18B
                7 | P7 | RAA | 2024-03-30 | 2024-03-30 | 2024-03-31 | 2024-03-31 | 11 | 3 | DZ11A
                8 | P8 | RAA | 2000-01-01 | 2000-01-01 | 2000-01-02 | 2000-01-02 | 11 | 2 | DZ11A
            """,
        },
        expected={
            1: {"Tariff_Year": "2023/24", "HRG_Price": Decimal("1000.00"), "HRG_Weight": 1000 / 1500},
            2: {"Tariff_Year": "2023/24", "HRG_Price": Decimal("3000.00"), "HRG_Weight": 2.0},
            3: {"Tariff_Year": "2024/25", "HRG_Price": Decimal("9000.00"), "HRG_Weight": 1.0},
            4: {"HRG_Price": Decimal("500.00")},
            5: {"HRG_Price": Decimal("1500.00")},
            6: {"HRG_Price": None, "HRG_Weight": None},
            7: {"HRG_Price": None},
            8: {"Tariff_Year": "1999/00", "HRG_Price": None},
        },
    ),
    Example(
        title="money and service line of the spell stand on every episode: the first recorded is taken, never their sum",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Service_Line_Code | Programme_of_Care_Code | Tariff_Total | Grand_Total
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-02 |            |          |     |        | 110.25
                2 | P1 | RAA | 2024-05-01 | 2024-05-02 | 2024-05-03 | 2024-05-03 | NCBPS13A | A05 | 100.00 | 110.25
            """
        },
        expected={
            1: {
                "Service_Line_Code": "NCBPS13A", "Programme_of_Care_Code": "A05", "Tariff_Total": Decimal("100.00"), "Grand_Total": Decimal("110.25"),
            }
        },
    ),
)  # fmt: skip
