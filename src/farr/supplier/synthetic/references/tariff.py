"""Trim points and prices of every financial year that a feed touches. All invented; see tariff/prices.py."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.supplier.synthetic.tariff.emergency import GROUPS as EMERGENCY_GROUPS
from farr.supplier.synthetic.tariff.outpatients import ATTENDANCE_GROUPS, SHARE_OF_FIRST
from farr.supplier.synthetic.tariff.prices import groups, inflated, market_forces, money, per_day, tariff_year, trim_points

# Plain words for the chapters of HRG4+
_CHAPTERS = {
    "A": "Nervous system", "B": "Eyes", "C": "Mouth, head, neck and ears", "D": "Respiratory system", "E": "Heart",
    "F": "Digestive system", "G": "Liver and pancreas", "H": "Bones and joints", "J": "Skin and breast", "K": "Hormones and metabolism",
    "L": "Kidneys and urinary system", "M": "Women's health", "N": "Pregnancy and birth", "P": "Children and the newborn",
    "S": "Blood and chemotherapy", "V": "Emergency attendances", "W": "Infections, poisoning and other contacts", "Y": "Blood vessels",
}  # fmt: skip
_MEAN_FIRST = 200.0  # pounds for a first outpatient attendance of no special kind, in the base year


def trim_point_table(years: list[int]) -> pa.Table:
    """One row a year and resource group; planned and unplanned stays have one point."""
    parts = [
        pa.table(
            {
                "Tariff_Year": pa.repeat(tariff_year(year), len(groups().code)),
                "Spell_Core_HRG": groups().code,
                "Elective_Trim_Point": trim_points(year),
                "Non_Elective_Trim_Point": trim_points(year),
            }
        )
        for year in years
    ]
    return pa.concat_tables(parts)


def tariff_rule_table(years: list[int]) -> pa.Table:
    """One row a year and resource group: the rate of excess days. The invented tariff reduces no short stay and has no top-ups."""
    many = len(groups().code)
    parts = [
        pa.table(
            {
                "Tariff_Year": pa.repeat(tariff_year(year), many),
                "HRG_Code": groups().code,
                "Per_Day_Rate": money(np.full(many, per_day(year))),
                "Short_Stay_Share": pa.nulls(many, pa.string()),
                "Has_Top_Up": pa.repeat(False, many),
            }
        )
        for year in years
    ]
    return pa.concat_tables(parts)


def market_forces_table(years: list[int], providers: Sequence[str], seed: int) -> pa.Table:
    """One row a year and provider; the factor stays what it is from year to year."""
    factors = pc.round(pa.array(market_forces(len(providers), seed)), 6)
    parts = [
        pa.table({"Tariff_Year": pa.repeat(tariff_year(year), len(providers)), "Provider_Code": providers, "Market_Forces_Factor": factors})
        for year in years
    ]
    return pa.concat_tables(parts)


def national_price_table(years: list[int]) -> pa.Table:
    """One row a year and resource group: those of stays, then those of attendances, which have an outpatient price or none."""
    known, none = groups(), np.full(len(EMERGENCY_GROUPS), np.nan)
    attendances = np.concatenate([_MEAN_FIRST * np.array(SHARE_OF_FIRST), none])
    without = np.full(len(attendances), np.nan)
    code = [*known.code, *ATTENDANCE_GROUPS, *EMERGENCY_GROUPS]
    name = [*known.name, *ATTENDANCE_GROUPS.values(), *EMERGENCY_GROUPS.values()]
    prices = {
        "Outpatient_Price": np.concatenate([known.outpatient, attendances]),
        "Combined_Price": np.concatenate([known.combined, without]),
        "Day_Case_Price": np.concatenate([known.day_case, without]),
        "Elective_Price": np.concatenate([known.elective, without]),
        "Non_Elective_Price": np.concatenate([known.non_elective, without]),
    }
    parts = [
        pa.table(
            {
                "Tariff_Year": pa.repeat(tariff_year(year), len(code)),
                "HRG_Code": [str(each) for each in code],
                "HRG_Name": [str(each) for each in name],
                "HRG_Chapter_Name": [_CHAPTERS[each[0]] for each in code],
                **{column: money(inflated(pounds, year)) for column, pounds in prices.items()},
            }
        )
        for year in years
    ]
    return pa.concat_tables(parts)
