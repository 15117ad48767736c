# ruff: noqa: E501  (a drawn table is as wide as its columns)
from decimal import Decimal

from farr.lab.model.example import Example

MART = "spell_price"
_PRICES = """
    Tariff_Year | HRG_Code | Combined_Price | Day_Case_Price | Elective_Price | Non_Elective_Price
    2018/19     | DZ11A    | 1000.00        |                |                | 3000.00
    2018/19     | FZ18B    |                | 500.00         | 1500.00        |
    2018/19     | DZ16B    |                |                |                | 2000.00
    2018/19     | SB97Z    | 120.00         |                |                |
    2018/19     | NZ05A    | 800.00         |                |                | 800.00
"""
_RULES = """
    Tariff_Year | HRG_Code | Per_Day_Rate | Short_Stay_Share | Has_Top_Up
    2018/19     | DZ11A    | 200.00       | 0.333            | yes
    2018/19     | DZ16B    | 210.00       | 0.4              | no
    2018/19     | FZ18B    | 250.00       |                  | no
"""
_BEST = """
    Tariff_Year | Best_Practice_Key | HRG_Code | Best_Practice_Amount
    2018/19     | BP01              | DZ11A    | 150.00
    2018/19     | BP52              | DZ16B    | 80.00
"""
_TOP_UPS = """
    Tariff_Year | Top_Up_Key | Top_Up_Place | Top_Up_Share | Top_Up_Amount | Minimum_Age | Maximum_Age
    2018/19     | SS93       | 1            | 0.64         |               |             | 18
    2018/19     | SS06       | 3            | 0.28         |               |             |
    2018/19     | SS97       | 6            |              | 828.00        |             |
"""
_FORCES = """
    Tariff_Year | Provider_Code | Market_Forces_Factor
    2018/19     | RAA           | 1.036402
    2017/18     | RBB           | 1.2
"""
_BOOK = {
    "national_price": _PRICES, "hrg_tariff_rule": _RULES, "best_practice_price": _BEST, "specialised_top_up": _TOP_UPS,
    "market_forces_factor": _FORCES,
}  # fmt: skip
_SPELL = "Spell_Key | Provider_Code_As_Was | Tariff_Year | Der_Management_Type | Spell_Core_HRG | Age | Spell_Adj_LoS | Length_of_Stay | HRG_TrimPoint | Spell_ExcessBedDays"


def pounds(**amounts):
    return {name: Decimal(f"{value:.2f}") for name, value in amounts.items()}


EXAMPLES = (
    Example(
        title="the parts of a price add up: initial amount, excess days, and the market forces factor of the provider",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL}
                1 | RAA | 2018/19 | DC | DZ11A | 50 | 0 | 0 | 5 | 0
                2 | RAA | 2018/19 | EL | DZ11A | 50 | 3 | 3 | 5 | 0
                3 | RAA | 2018/19 | EL | FZ18B | 50 | 7 | 9 | 5 | 2
                4 | RBB | 2018/19 | EM | DZ11A | 50 | 8 | 8 | 6 | 2
                5 | RBB | 2018/19 | NE | DZ11A | 50 | 8 | 8 |   |
            """,
        },
        expected={
            1: pounds(Tariff_Initial_Amount=1000, Tariff_LongStay_Adj=0, Tariff_Recomputed=1000, MFF_Recomputed=36.40, Payment_Recomputed=1036.40),
            2: pounds(Tariff_Initial_Amount=1000, Tariff_Recomputed=1000),
            3: pounds(Tariff_Initial_Amount=1500, Tariff_LongStay_Adj=500, Tariff_Recomputed=2000, MFF_Recomputed=72.80, Payment_Recomputed=2072.80),
            4: pounds(Tariff_Initial_Amount=3000, Tariff_LongStay_Adj=400, Tariff_Recomputed=3400, MFF_Recomputed=0, Payment_Recomputed=3400),
            5: pounds(Tariff_Initial_Amount=3000, Tariff_LongStay_Adj=0, Tariff_Recomputed=3000),
        },
    ),
    Example(
        title="a short emergency stay of an adult is paid by the group's reduced price, not with best practice, but for groups that take both",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Spell_BP_Key
                1 | RBB | 2018/19 | EM | DZ11A | 19 | 1 | 1 | 6 | 0 |
                2 | RBB | 2018/19 | EM | DZ11A |    | 1 | 1 | 6 | 0 |
                3 | RBB | 2018/19 | EM | DZ11A | 18 | 1 | 1 | 6 | 0 |
                4 | RBB | 2018/19 | EM | DZ11A | 60 | 2 | 2 | 6 | 0 |
                5 | RBB | 2018/19 | NE | DZ11A | 60 | 1 | 1 | 6 | 0 |
                6 | RBB | 2018/19 | EM | DZ11A | 60 | 1 | 1 | 6 | 0 | BP01
                7 | RBB | 2018/19 | EM | DZ16B | 60 | 1 | 1 | 6 | 0 | BP52
            """,
        },
        expected={
            1: pounds(Tariff_Initial_Amount=3000, Tariff_ShortStay_Adj=-2001, Tariff_Recomputed=999),
            2: pounds(Tariff_ShortStay_Adj=-2001),
            3: pounds(Tariff_ShortStay_Adj=0, Tariff_Recomputed=3000),
            4: pounds(Tariff_ShortStay_Adj=0),
            5: pounds(Tariff_ShortStay_Adj=0),
            6: pounds(Tariff_BestPrac_Adj=150, Tariff_ShortStay_Adj=0, Tariff_Recomputed=3150),
            7: pounds(Tariff_BestPrac_Adj=80, Tariff_ShortStay_Adj=-1200, Tariff_Recomputed=880),
        },
    ),
    Example(
        title="specialised top-ups: of several keys the first in order that the age allows, on groups that take them, on all parts before",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Spell_SSC_Key
                1 | RBB | 2018/19 | EL | DZ11A | 10 | 3 | 3 | 5 | 0 | SS06, SS93
                2 | RBB | 2018/19 | EL | DZ11A | 40 | 3 | 3 | 5 | 0 | SS06,SS93
                3 | RBB | 2018/19 | EM | DZ11A | 40 | 8 | 8 | 6 | 2 | SS97
                4 | RBB | 2018/19 | EM | DZ16B | 40 | 3 | 3 | 6 | 0 | SS97
                5 | RBB | 2018/19 | EM | DZ11A | 40 | 8 | 8 | 6 | 2 | SS34
            """,
        },
        expected={
            1: pounds(Tariff_SpecServ_Adj=640, Tariff_Recomputed=1640),
            2: pounds(Tariff_SpecServ_Adj=280, Tariff_Recomputed=1280),
            3: pounds(Tariff_SpecServ_Adj=828, Tariff_Recomputed=4228),
            4: pounds(Tariff_SpecServ_Adj=0, Tariff_Recomputed=2000),
            5: pounds(Tariff_SpecServ_Adj=0, Tariff_Recomputed=3400),
        },
    ),
    Example(
        title="what has no price, and the first reason why: it has no amounts either, rather than amounts of nothing",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Administrative_Category
                1 | RAA | 2018/19 | EL  | DZ11A | 50 | 3 | 3 | 5 | 0 | 02
                2 | RAA | 2018/19 | RDA | DZ11A | 50 | 0 | 0 | 5 | 0 | 01
                3 | RAA | 2018/19 | RDA | SB97Z | 50 | 0 | 0 |   |   | 01
                4 | RAA | 2018/19 | NE  | NZ05A | 30 | 1 | 1 |   |   | 01
                5 | RAA | 2018/19 | EM  | UZ01Z | 30 | 1 | 1 |   |   | 01
                6 | RAA | 2018/19 | EM  |       | 30 | 1 | 1 |   |   | 01
                7 | RAA | 2019/20 | EM  | DZ11A | 30 | 1 | 1 |   |   | 01
                8 | RAA | 2018/19 | EM  | FZ18B | 30 | 1 | 1 |   |   | 01
                9 | RAA | 2018/19 | UNK | DZ11A | 30 | 1 | 1 |   |   |
            """,
        },
        expected={
            1: {"Price_Exclusion": "private", "Tariff_Initial_Amount": None, "Payment_Recomputed": None},
            2: {"Price_Exclusion": "regular_attender"},
            3: {"Price_Exclusion": None, "Tariff_Initial_Amount": Decimal("120.00")},
            4: {"Price_Exclusion": "maternity_pathway"},
            5: {"Price_Exclusion": "not_grouped"},
            6: {"Price_Exclusion": "not_grouped"},
            7: {"Price_Exclusion": "no_tariff_held"},
            8: {"Price_Exclusion": "not_on_tariff", "MFF_Recomputed": None},
            9: {"Price_Exclusion": "not_on_tariff"},
        },
    ),
    Example(
        title="a spell whose episodes overlap, or lack one, has no price; what has none for an earlier reason keeps that, and a copy takes no price away",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Administrative_Category | Activity_Month
                1 | RAA | 2018/19 | EL | DZ11A | 50 | 3 | 3 | 5 | 0 | 01 | 2018-05
                2 | RAA | 2018/19 | EL | DZ11A | 50 | 3 | 3 | 5 | 0 | 01 | 2018-05
                3 | RAA | 2018/19 | EL | DZ11A | 50 | 3 | 3 | 5 | 0 | 02 | 2018-05
                4 | RAA | 2018/19 | EL | DZ11A | 50 | 3 | 3 | 5 | 0 | 01 | 2018-05
            """,
            "spell_conflict": """
                Spell_Key | Copies | Has_Overlap | Lacks_Episode | Activity_Month
                1         | 0      | yes         | yes           | 2018-05
                2         | 0      | no          | yes           | 2018-05
                3         | 0      | yes         | no            | 2018-05
                4         | 1      | no          | no            | 2018-05
            """,
        },
        expected={
            1: {"Price_Exclusion": "episodes_overlap", "Tariff_Initial_Amount": None, "Payment_Recomputed": None},
            2: {"Price_Exclusion": "episode_missing", "Payment_Recomputed": None},
            3: {"Price_Exclusion": "private"},
            4: {"Price_Exclusion": None, "Tariff_Initial_Amount": Decimal("1000.00")},
        },
    ),
    Example(
        title="why the price that was fed is another: the first way of pricing that gives it to the penny, else unexplained",
        tables={
            **_BOOK,
            "apc_spell": f"""
                {_SPELL} | Spell_BP_Key | Spell_SSC_Key | Tariff_Total
                1  | RAA | 2018/19 | EM | DZ11A | 50 | 1  | 1  | 6 | 0 |      |      | 999.00
                2  | RAA | 2018/19 | EM | DZ11A | 50 | 1  | 1  | 6 | 0 |      |      | 3000.00
                3  | RAA | 2018/19 | EM | DZ11A | 50 | 8  | 8  | 6 | 2 |      |      | 3000.00
                4  | RAA | 2018/19 | EM | DZ11A | 50 | 7  | 11 | 6 | 1 |      |      | 4000.00
                5  | RAA | 2018/19 | EM | DZ11A | 50 | 3  | 3  | 6 | 0 |      | SS97 | 3000.00
                6  | RAA | 2018/19 | EL | DZ11A | 50 | 3  | 3  | 6 | 0 | BP01 |      | 1000.00
                7  | RAA | 2018/19 | DC | FZ18B | 50 | 0  | 0  | 6 | 0 |      |      | 1500.00
                8  | RAA | 2018/19 | EM | DZ11A | 50 | 3  | 3  | 6 | 0 |      |      | 3000.01
                9  | RAA | 2018/19 | EM | DZ11A | 50 | 3  | 3  | 6 | 0 |      |      |
                10 | RAA | 2018/19 | EM | FZ18B | 50 | 3  | 3  | 6 | 0 |      |      | 10.00
                11 | RAA | 2018/19 | EM | FZ18B | 50 | 3  | 3  | 6 | 0 |      |      |
            """,
        },
        expected={
            1: {"Price_Difference": "agrees"},
            2: {"Price_Difference": "short_stay_not_taken_off"},
            3: {"Price_Difference": "excess_days_not_paid"},
            4: {"Price_Difference": "excess_days_of_unadjusted_stay"},
            5: {"Price_Difference": "top_up_not_paid"},
            6: {"Price_Difference": "best_practice_not_paid"},
            7: {"Price_Difference": "price_of_another_delivery"},
            8: {"Price_Difference": "unexplained"},
            9: {"Price_Difference": "not_fed"},
            10: {"Price_Difference": "priced_though_excluded"},
            11: {"Price_Difference": None},
        },
    ),
)  # fmt: skip
