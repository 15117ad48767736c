"""The five measures that Farr, PostgreSQL and pandas are asked alike, and how their answers are compared.

An answer has a row for each measure, grouping, code and month (empty: the year): numerator, denominator, the distinct persons behind
both, and for the mean the sum of squares of its days. Farr's own are released: hidden where small, rounded to the nearest five.
"""

from pathlib import Path

import pandas as pd

MEASURES = {
    "emergency_admissions": "spell",
    "length_of_stay": "spell",
    "emergency_readmission_30_days": "spell",
    "ae_four_hour_performance": "visit",
    "op_did_not_attend": "appointment",
}
LEVELS = ("practice", "commissioner", "provider", "national")
YEARLY = ("practice", "practice_region", "commissioner", "region", "provider", "provider_region", "national")
MONTHLY = ("commissioner", "provider", "national")
YEAR = ("2024-04", "2025-03")
KEYS = ["measure", "grouping", "code", "month"]
FIGURES = ["numerator", "denominator", "numerator_persons", "denominator_persons", "squares"]
_ROUNDED_TO = 5


def groupings() -> list[tuple[str, bool]]:
    """Each grouping, and whether it is by month."""
    return [*((level, False) for level in YEARLY), *((level, True) for level in MONTHLY)]


def read(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path).set_index(KEYS).sort_index()


def exactly_equal(one: Path, other: Path) -> dict[str, object]:
    """Whether two answers are the same in every figure. Raises ValueError with what differs: one of the two is then wrong."""
    left, right = read(one), read(other)
    if not left.index.equals(right.index):
        only = left.index.symmetric_difference(right.index)
        raise ValueError(f"{one.stem} and {other.stem} have different cells: {len(only)} are in one alone, such as {only[:3].tolist()}")
    for name in FIGURES:
        differs = left[name].fillna(-1) != right[name].fillna(-1)
        if differs.any():
            where = [(key, left.loc[key, name], right.loc[key, name]) for key in left.index[differs][:3]]
            raise ValueError(f"{one.stem} and {other.stem} differ in {differs.sum()} figures of {name}, such as {where}")
    return {"cells": len(left), "differences": 0}


def within_rounding(released: Path, true: Path) -> dict[str, object]:
    """Farr's released figures against true ones: how many are shown, how many hidden; every one shown must be the true one rounded.
    Raises ValueError where one is not, or where Farr released a cell that is not there."""
    ours, theirs = read(released), read(true)
    shown = {name: ours[name].dropna() for name in ("numerator", "denominator")}
    for name, values in shown.items():
        wanted = theirs[name].reindex(values.index)
        far = (values - wanted).abs() > _ROUNDED_TO / 2
        if wanted.isna().any() or far.any():
            off = values.index[wanted.isna() | far]
            where = [(key, values[key], wanted[key]) for key in off[:3]]
            raise ValueError(f"{len(off)} released figures of {name} are not those of {true.stem} rounded, such as {where}")
    counted = sum(len(values) for values in shown.values())
    return {"cells": len(ours), "figures shown and equal to within rounding": counted, "hidden": int(ours[list(shown)].isna().sum().sum())}
