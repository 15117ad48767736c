"""A population projection of the invented country: people grow older, are born and die, and in two variants move."""

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.planting.mergers import Written
from farr.supplier.synthetic.references.populations import BANDS, areas_above

YEARS_AHEAD = 20
_LEVELS = ("commissioner", "region")
_MIGRATION = {"principal": 0.005, "high_migration": 0.009, "low_migration": 0.001}
_MOVING = slice(4, 9)  # 20 to 44
_MOTHERS = slice(3, 9)  # 15 to 44
_BIRTHS_A_WOMAN, _BOYS = 0.055, 0.513
# Invented, shaped like deaths: one in 2,500 a year at 30, rising by a tenth with each year of age, and at most three in ten.
_DEATHS = np.minimum(0.3, 0.0004 * np.exp(0.093 * (np.arange(len(BANDS)) * 5 + 2.5 - 30)))


def projection_table(world: Organisations, residents: np.ndarray, first_year: int, now: Written) -> pa.Table:
    """People of commissioners (as they are now) and regions from the first year on. `residents` are those of that year by small area, sex
    and band. Regions are the sums of their commissioners, for every part of the projection is of so many in each."""
    parts = []
    codes_of = areas_above(world, now)
    for level in _LEVELS:
        known, place = np.unique(codes_of[level], return_inverse=True)
        start = np.zeros((len(known), 2, len(BANDS)))
        np.add.at(start, place, residents)
        for variant, migration in _MIGRATION.items():
            parts.append(_rows(variant, level, known, first_year, projected(start, migration)))
    return pa.concat_tables(parts)


def projected(start: np.ndarray, migration: float) -> np.ndarray:
    """People of shape (years, areas, sexes, bands) from those of the first year, of shape (areas, sexes, bands)."""
    years = [start]
    for _ in range(YEARS_AHEAD):
        alive = years[-1] * (1 - _DEATHS)
        then = alive * 0.8
        then[..., 1:] += alive[..., :-1] * 0.2
        then[..., -1] += alive[..., -1] * 0.2
        then[..., _MOVING] *= 1 + migration
        born = years[-1][:, 1, _MOTHERS].sum(axis=-1) * _BIRTHS_A_WOMAN
        then[:, 0, 0] += born * _BOYS
        then[:, 1, 0] += born * (1 - _BOYS)
        years.append(then)
    return np.stack(years)


def _rows(variant: str, level: str, codes: np.ndarray, first_year: int, people: np.ndarray) -> pa.Table:
    year, area, sex, band = (index.ravel() for index in np.indices(people.shape))
    return pa.table(
        {
            "Variant": pa.repeat(variant, people.size), "Area_Level": pa.repeat(level, people.size), "Area_Code": codes[area],
            "Mid_Year": pa.array((first_year + year).astype(np.int16)), "Sex": np.array(["1", "2"])[sex], "Age_Band": np.array(BANDS)[band],
            "People": np.round(people.ravel(), 2),
        }
    )  # fmt: skip
