"""Who is at risk by all that is known at once, put together from margins that the gate could show.

The whole cross of age, sex, deprivation and history has so many cells that hardly one could be shown. Margins of it can. Iterative
proportional fitting (Deming and Stephan, Annals of Mathematical Statistics 1940;11:427) makes the population that has these margins and no
further association; where a cell of a margin is hidden, the other margins decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from farr.lab.measures.statistics.arrays import FloatArray
from farr.lab.model.age import AGE_GROUPS
from farr.lab.planning.risk.questions import BURDEN, EMERGENCIES, OUTPATIENTS, VISITS

AGES, SEXES, FIFTHS = tuple(AGE_GROUPS), ("1", "2"), ("1", "2", "3", "4", "5")
FACTORS: Mapping[str, tuple[str, ...]] = {
    "age": AGES, "sex": SEXES, "emergencies": EMERGENCIES, "conditions": BURDEN, "attendances": VISITS, "outpatients": OUTPATIENTS,
    "deprivation": FIFTHS,
}  # fmt: skip
"""What may raise the risk, with its levels: axes of the population, in this order."""
_SHAPE = tuple(map(len, FACTORS.values()))
_ROUNDS = 60
_TRACE = 1e-6
"""A share of the population that is spread as if nothing hung on anything, so that every cell has some people."""


@dataclass(frozen=True, kw_only=True)
class Margin:
    """People at risk and people admitted by some factors, as released: arrays, an axis a factor, NaN where hidden, 0 where nobody is."""

    factors: tuple[str, ...]
    at_risk: FloatArray
    admitted: FloatArray

    @property
    def is_shown(self) -> FloatArray:
        """1 where both are shown and anybody is, else 0."""
        return (np.isfinite(self.at_risk) & np.isfinite(self.admitted) & (np.nan_to_num(self.at_risk) > 0)).astype(np.float64)


def population(margins: Sequence[Margin]) -> FloatArray:
    """People at risk by every factor, flattened in the order of FACTORS; sums are the margins', as nearly as rounding lets them agree."""
    whole = max(float(np.nansum(margin.at_risk)) for margin in margins)
    found = np.full(_SHAPE, whole / np.prod(_SHAPE))
    for _ in range(_ROUNDS):
        for margin in margins:
            others = _others(margin.factors)
            now = found.sum(axis=others)
            wanted = np.where(np.isfinite(margin.at_risk), margin.at_risk, now)
            found = found * np.expand_dims(np.divide(wanted, now, out=np.ones_like(now), where=now > 0), others)
    spread = np.ones(_SHAPE)
    for place in range(len(_SHAPE)):
        others = tuple(axis for axis in range(len(_SHAPE)) if axis != place)
        spread = spread * np.expand_dims(found.sum(axis=others) / found.sum(), others)
    return ((1 - _TRACE) * found + _TRACE * found.sum() * spread).ravel()


def shares(margin: Margin, people: FloatArray) -> sparse.csr_matrix:
    """Of each cell of a margin (flattened: a row) what share of its people is in each cell of the population (a column)."""
    axes = [list(FACTORS).index(name) for name in margin.factors]
    places = np.indices(_SHAPE).reshape(len(_SHAPE), -1)[axes]
    cells = np.ravel_multi_index(tuple(places), margin.at_risk.shape)
    of_cell = np.bincount(cells, weights=people, minlength=margin.at_risk.size)
    return sparse.csr_matrix((people / of_cell[cells], (cells, np.arange(people.size))), shape=(margin.at_risk.size, people.size))


def _others(factors: Sequence[str]) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(FACTORS) if name not in factors)
