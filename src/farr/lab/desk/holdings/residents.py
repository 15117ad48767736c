"""Resident people in the layout of a released population question, for levels at which nobody keeps a list."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from farr.lab.desk.holdings.people import Residents
from farr.lab.model.age import AGE_GROUPS
from farr.lab.model.question import Grouping

_MONTHS_A_YEAR = 12


def as_released(residents: Residents, level: str, groupings: Sequence[Grouping]) -> pa.Table:
    """A row for each code of each grouping: `grouping`, a column for each dimension, `denominator` in person-months and its status.

    Known of a resident are the area, the sex and the age; groupings by anything else have no rows."""
    names = list(dict.fromkeys(name for grouping in groupings for name in grouping.dimensions))
    known = {level, "sex", "age_band", "age_group"}
    rows: list[dict[str, Any]] = []
    for number, grouping in enumerate(groupings):
        if known.issuperset(grouping.dimensions):
            rows += [
                {"grouping": number, **dict(zip(grouping.dimensions, codes, strict=True)), "denominator": years * _MONTHS_A_YEAR}
                for codes, years in sorted(_added_up(residents, level, grouping.dimensions).items())
            ]
    return pa.table({
        "grouping": pa.array([row["grouping"] for row in rows], pa.int64()),
        "month": pa.nulls(len(rows), pa.string()),
        **{name: pa.array([row.get(name) for row in rows], pa.string()) for name in names},
        "denominator": pa.array([row["denominator"] for row in rows], pa.float64()),
        "denominator__status": pa.array(["shown"] * len(rows), pa.string()),
    })  # fmt: skip


def _added_up(residents: Residents, level: str, dimensions: Sequence[str]) -> dict[tuple[str, ...], float]:
    found: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for (area, sex, band), years in residents.by_group.items():
        codes = {level: area, "sex": sex, "age_band": band, "age_group": _group_of(band)}
        found[tuple(codes[name] for name in dimensions)] += years
    return dict(found)


def _group_of(band: str) -> str:
    first = int(band[:2])
    return [name for name, start in AGE_GROUPS.items() if first >= start][-1]
