# ruff: noqa: E501  (a drawn table is as wide as its columns)
from decimal import Decimal

from farr.lab.model.example import Example

MART = "spell_challenge"
_BOOK = {
    "national_price": """
        Tariff_Year | HRG_Code | Combined_Price | Day_Case_Price | Elective_Price | Non_Elective_Price
        2018/19     | DZ11A    | 1000.00        |                |                | 3000.00
        2018/19     | FZ18B    |                | 500.00         | 1500.00        |
    """,
    "hrg_tariff_rule": """
        Tariff_Year | HRG_Code | Per_Day_Rate | Short_Stay_Share | Has_Top_Up
        2018/19     | DZ11A    | 200.00       | 0.4              | no
    """,
    "best_practice_price": """
        Tariff_Year | Best_Practice_Key | HRG_Code | Best_Practice_Amount
        2018/19     | BP01              | DZ11A    | 150.00
    """,
    "market_forces_factor": """
        Tariff_Year | Provider_Code | Market_Forces_Factor
        2018/19     | RAA           | 1.1
    """,
    "organisation_parent": """
        Organisation_Level | Organisation_Code | Parent_Code | Join_Date  | Left_Date
        practice           | Z1                | 01A         | 2013-04-01 | 2018-05-31
        practice           | Z1                | 02B         | 2018-06-01 |
        practice           | Z3                | 03C         |            |
    """,
    "organisation_current": """
        Former_Code | Current_Code
        03C         | 01A
    """,
}
_SPELL = "Spell_Key | Der_Pseudo_NHS_Number | Provider_Code | Provider_Code_As_Was | Admission_Date | Discharge_Date | Der_Management_Type | Spell_Core_HRG | Tariff_Year | Activity_Month"
_PRICE = "Spell_Key | Activity_Month | Tariff_Initial_Amount | Tariff_Recomputed | Payment_Recomputed | Price_Difference"
_EPISODE = "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Episode_Number | FCE_HRG | Diagnosis_01 | Grand_Total"


def at_stake(pounds, *, of=1, stands=True):
    return {"Amount_At_Stake": Decimal(f"{pounds:.2f}"), "Challenges_Of_Spell": of, "Stands_For_Spell": stands}


EXAMPLES = (
    Example(
        title="a stay sent twice is worth what its second record was paid; other days, another group or a person not known are no copy",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Episode_Count | Grand_Total
                10 | P1 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL  | DZ11A | 2018/19 | 2018-05 | 2 | 1100.00
                20 | P2 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL  | DZ11A | 2018/19 | 2018-05 | 2 | 1100.00
                30 | P3 | RAA | RAA | 2018-05-01 | 2018-05-01 | RDA | DZ11A | 2018/19 | 2018-05 | 2 | 1100.00
                40 | P4 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL  | DZ11A | 2018/19 | 2018-05 | 2 |
                50 |    | RAA | RAA | 2018-05-01 | 2018-05-03 | EL  | DZ11A | 2018/19 | 2018-05 | 1 | 1100.00
                51 |    | RAA | RAA | 2018-05-01 | 2018-05-03 | EL  | DZ11A | 2018/19 | 2018-05 | 1 | 1100.00
                60 | P6 | RAA | RAA | 2018-05-01 | 2018-05-05 | EL  | DZ11A | 2018/19 | 2018-05 | 4 | 1200.00
            """,
            "spell_price": f"""
                {_PRICE}
                40 | 2018-05 | 1000.00 | 1000.00 | 1100.00 | not_fed
            """,
            "spell_conflict": """
                Spell_Key | Copies | Copies_Paid | Has_Overlap | Lacks_Episode
                10        | 1      | 1105.00     | no          | no
                30        | 1      | 1100.00     | no          | no
                40        | 1      |             | no          | no
                60        | 2      | 1200.00     | no          | no
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 | 1100.00
                11 | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 | 1105.00
                20 | P2 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-02 | 1 | DZ11A | J18 |
                21 | P2 | RAA | 2018-05-01 | 2018-05-02 | 2018-05-03 | 2 | DZ11A | J18 | 1100.00
                30 | P3 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-01 | 1 | DZ11A | J18 | 1100.00
                31 | P3 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-01 | 1 | DZ11A | J18 | 1100.00
                40 | P4 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 |
                41 | P4 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 |
                50 |    | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 | 1100.00
                51 |    | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 | 1100.00
                60 | P6 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 |
                61 | P6 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 |
                62 | P6 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-05 | 2 | DZ11A | J18 | 1200.00
                63 | P6 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-05 | 2 | DZ11A | J18 | 1200.00
            """,
        },
        expected={
            (10, "duplicate_spell"): at_stake(1105),
            (40, "duplicate_spell"): at_stake(1100),
            (60, "duplicate_spell"): at_stake(1200),
        },
    ),
    Example(
        title="episodes that share a night lie over one another; those that meet on a day do not",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Episode_Count | Grand_Total
                10 | P1 | RAA | RAA | 2018-05-01 | 2018-05-06 | EL | DZ11A | 2018/19 | 2018-05 | 2 | 1100.00
                20 | P2 | RAA | RAA | 2018-05-01 | 2018-05-06 | EL | DZ11A | 2018/19 | 2018-05 | 2 | 1100.00
            """,
            "spell_conflict": """
                Spell_Key | Copies | Has_Overlap | Lacks_Episode
                10        | 0      | yes         | no
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-04 | 1 | DZ11A | J18 |
                11 | P1 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 | 2 | DZ11A | J18 | 1100.00
                20 | P2 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | J18 |
                21 | P2 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 | 2 | DZ11A | J18 | 1100.00
            """,
        },
        expected={(10, "overlapping_episodes"): at_stake(1100)},
    ),
    Example(
        title="a price above the rules' is worth the difference times market forces, by the reason why it differs; not one below, nor where an episode is missing",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Length_of_Stay | Tariff_Total
                1 | P1 | RAA | RAA | 2018-05-01 | 2018-05-12 | EM | DZ11A | 2018/19 | 2018-05 | 11 | 3600.00
                2 | P2 | RBB | RBB | 2018-05-01 | 2018-05-02 | EM | DZ11A | 2018/19 | 2018-05 | 1  | 3000.00
                3 | P3 | RAA | RAA | 2018-05-01 | 2018-05-01 | DC | FZ18B | 2018/19 | 2018-05 | 0  | 1500.00
                4 | P4 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL | FZ18B | 2018/19 | 2018-05 | 2  | 500.00
                5 | P5 | RAA | RAA | 2018-05-01 | 2018-05-12 | EM | DZ11A | 2018/19 | 2018-05 | 11 | 3000.00
                6 | P6 | RAA | RAA | 2018-05-01 | 2018-05-12 | EM | DZ11A | 2018/19 | 2018-05 | 11 | 3600.00
            """,
            "apc_episode": f"""
                {_EPISODE}
                1  | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-04 | 1 | DZ11A | J18 |
                11 | P1 | RAA | 2018-05-01 | 2018-05-04 | 2018-05-12 | 2 | DZ11A | J18 |
                6  | P6 | RAA | 2018-05-01 | 2018-05-04 | 2018-05-12 | 2 | DZ11A | J18 |
            """,
            "spell_price": f"""
                {_PRICE}
                1 | 2018-05 | 3000.00 | 3200.00 | 3520.00 | excess_days_of_unadjusted_stay
                2 | 2018-05 | 3000.00 | 1200.00 | 1200.00 | short_stay_not_taken_off
                3 | 2018-05 | 500.00  | 500.00  | 550.00  | price_of_another_delivery
                4 | 2018-05 | 1500.00 | 1500.00 | 1650.00 | price_of_another_delivery
                5 | 2018-05 | 3000.00 | 3200.00 | 3520.00 | excess_days_not_paid
                6 | 2018-05 | 3000.00 | 3200.00 | 3520.00 | excess_days_of_unadjusted_stay
            """,
        },
        expected={
            (1, "excess_days_unadjusted"): at_stake(440),
            (2, "short_stay_not_reduced"): at_stake(1800),
            (3, "day_case_billed_as_stay"): at_stake(1100),
        },
    ),
    Example(
        title="queries: a planned stay without a night where day cases have a price of their own, and an emergency of exactly two days",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Length_of_Stay | Spell_Adj_LoS | Age | Discharge_Method | Discharge_Destination | Spell_BP_Key
                1 | P1 | RAA | RAA | 2018-05-01 | 2018-05-01 | EL | FZ18B | 2018/19 | 2018-05 | 0 | 0 | 50 | 1 | 19 |
                2 | P2 | RAA | RAA | 2018-05-01 | 2018-05-01 | EL | DZ11A | 2018/19 | 2018-05 | 0 | 0 | 50 | 1 | 19 |
                3 | P3 | RAA | RAA | 2018-05-01 | 2018-05-01 | EL | FZ18B | 2018/19 | 2018-05 | 0 | 0 | 50 | 2 | 19 |
                4 | P4 | RAA | RAA | 2018-05-01 | 2018-05-01 | EL | FZ18B | 2018/19 | 2018-05 | 0 | 0 | 50 | 1 | 51 |
                5 | P5 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | DZ11A | 2018/19 | 2018-05 | 2 | 2 | 50 | 1 | 19 |
                6 | P6 | RAA | RAA | 2018-05-01 | 2018-05-04 | EM | DZ11A | 2018/19 | 2018-05 | 3 | 3 | 50 | 1 | 19 |
                7 | P7 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | DZ11A | 2018/19 | 2018-05 | 2 | 2 | 18 | 1 | 19 |
                8 | P8 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | DZ11A | 2018/19 | 2018-05 | 2 | 2 | 50 | 1 | 19 | BP01
            """,
            "spell_price": f"""
                {_PRICE}
                1 | 2018-05 | 1500.00 | 1500.00 | 1650.00 | agrees
                2 | 2018-05 | 1000.00 | 1000.00 | 1100.00 | agrees
                3 | 2018-05 | 1500.00 | 1500.00 | 1650.00 | agrees
                4 | 2018-05 | 1500.00 | 1500.00 | 1650.00 | agrees
                5 | 2018-05 | 3000.00 | 3000.00 | 3300.00 | agrees
                6 | 2018-05 | 3000.00 | 3000.00 | 3300.00 | agrees
                7 | 2018-05 | 3000.00 | 3000.00 | 3300.00 | agrees
                8 | 2018-05 | 3000.00 | 3150.00 | 3465.00 | agrees
            """,
        },
        expected={(1, "elective_without_night"): at_stake(1100), (5, "short_stay_over_threshold"): at_stake(1980)},
    ),
    Example(
        title="a readmission to the same provider is all that was paid for it: after a planned stay an error, after an emergency a query",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | RE30_Is_Index | RE30_Is_Readmitted | RE30_Is_Return | Grand_Total
                1  | P1 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL | DZ11A | 2018/19 | 2018-05 | yes | yes | no  | 1100.00
                2  | P1 | RAA | RAA | 2018-06-02 | 2018-06-06 | EM | DZ11A | 2018/19 | 2018-06 | yes | no  | yes | 3300.00
                3  | P2 | RAA | RAA | 2018-05-01 | 2018-05-03 | EM | DZ11A | 2018/19 | 2018-05 | yes | yes | yes | 3300.00
                4  | P2 | RAA | RAA | 2018-05-10 | 2018-05-16 | EM | DZ11A | 2018/19 | 2018-05 | yes | no  | yes |
                5  | P3 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL | DZ11A | 2018/19 | 2018-05 | yes | yes | no  | 1100.00
                6  | P3 | RBB | RBB | 2018-05-10 | 2018-05-16 | EM | DZ11A | 2018/19 | 2018-05 | yes | no  | yes | 3300.00
                7  | P4 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL | DZ11A | 2018/19 | 2018-05 | yes | yes | no  | 1100.00
                8  | P4 | RAA | RAA | 2018-05-05 | 2018-05-06 | EM | DZ11A | 2018/19 | 2018-05 | yes | yes | yes | 900.00
                9  | P4 | RAA | RAA | 2018-05-10 | 2018-05-16 | EM | DZ11A | 2018/19 | 2018-05 | yes | no  | yes | 3300.00
                10 | P5 | RAA | RAA | 2018-05-01 | 2018-05-03 | EL | DZ11A | 2018/19 | 2018-05 | yes | yes | no  | 1100.00
                11 | P5 | RAA | RAA | 2018-05-10 | 2018-05-16 | EM | UZ01Z | 2018/19 | 2018-05 | yes | no  | yes | 3300.00
            """,
            "spell_price": f"""
                {_PRICE} | Price_Exclusion
                4  | 2018-05 | 3000.00 | 3000.00 | 3300.00 | not_fed                |
                11 | 2018-05 |         |         |         | priced_though_excluded | not_grouped
            """,
        },
        expected={
            (2, "readmission_after_elective"): at_stake(3300),
            (4, "readmission_after_emergency"): at_stake(3300),
            (8, "readmission_after_elective"): at_stake(900),
            (9, "readmission_after_emergency"): at_stake(3300),
        },
    ),
    Example(
        title="the practice's commissioner pays: on admission or on discharge, as commissioners are now; specialised and private care apart",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Commissioner_Code | GP_Practice_Code_As_Was | Grand_Total | Service_Line_Code | Administrative_Category
                1 | P1 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 01A | Z1 | 1100.00 |          | 01
                2 | P2 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 02B | Z1 | 1100.00 |          | 01
                3 | P3 | RAA | RAA | 2018-05-30 | 2018-06-02 | EL | DZ11A | 2018/19 | 2018-06 | 02B | Z1 | 1100.00 |          | 01
                4 | P4 | RAA | RAA | 2018-05-30 | 2018-06-02 | EL | DZ11A | 2018/19 | 2018-06 | 01A | Z1 | 1100.00 |          | 01
                5 | P5 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 01A | Z3 | 1100.00 |          | 01
                6 | P6 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 02B | Z9 | 1100.00 |          | 01
                7 | P7 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 02B | Z1 | 1100.00 | NCBPS13A | 01
                8 | P8 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 13Q | Z1 | 1100.00 | NCBPS13A | 01
                9 | P9 | RAA | RAA | 2018-05-10 | 2018-05-11 | EL | DZ11A | 2018/19 | 2018-05 | 02B | Z1 | 1100.00 |          | 02
            """,
        },
        expected={(2, "another_commissioner"): at_stake(1100), (7, "specialised_service"): at_stake(1100)},
    ),
    Example(
        title="a spell under two rules stands once, for the one that is worth most; nothing is at stake where nothing was paid",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Commissioner_Code | GP_Practice_Code_As_Was | Tariff_Total | Grand_Total
                1 | P1 | RAA | RAA | 2018-05-10 | 2018-05-10 | DC | FZ18B | 2018/19 | 2018-05 | 02B | Z1 | 1500.00 | 1650.00
                2 | P2 | RAA | RAA | 2018-05-10 | 2018-05-10 | DC | FZ18B | 2018/19 | 2018-05 | 02B | Z1 |         |
            """,
            "spell_price": f"""
                {_PRICE}
                1 | 2018-05 | 500.00 | 500.00 | 550.00 | price_of_another_delivery
            """,
        },
        expected={
            (1, "another_commissioner"): at_stake(1650, of=2),
            (1, "day_case_billed_as_stay"): at_stake(1100, of=2, stands=False),
        },
    ),
)  # fmt: skip
