"""Indices of how much counts differ between places, beyond what is expected of their people, and beyond chance.

Sources: McPherson, Wennberg, Hovind and Clifford, "Small-area variations in the use of common surgical procedures", NEJM 1982;307:1310
(systematic component of variation); Ibáñez and others, "Is there much variation in variation?", BMC Health Serv Res 2009;9:60 (the indices
side by side, and their quantile ratios); NHS Atlas of Variation (the ratio without extremes). The formulae are as generally known; the
papers were not read again.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_counts

TRIMMED_SHARE = 7 / 211
"""At each end: seven of the 211 commissioning groups of 2015, as the NHS Atlas left out ("7-7"); of fewer places as large a share. That the
Atlas did so is general knowledge, and not verified."""
FEW_EXPECTED = 5.0
"""Below it a place's ratio says next to nothing; it is marked. A convention of tests of counts (Cochran 1954), not of the field's."""
_ROUNDED_VARIANCE = 1 / 12  # of a uniform error of one unit's width


@dataclass(frozen=True, kw_only=True)
class Indices:
    """NaN where there are too few places. `extremal`: largest over smallest ratio, infinite where the smallest is 0; `trimmed` without
    `trimmed_each` at each end; `p95_5`, `p75_25`: ratios of percentiles. `variation` and `weighted_variation`: coefficients of variation of
    the ratios, weighted by people, as shares; `by_chance`: the coefficient that chance alone would give. `systematic`: the systematic
    component of variation, as a variance (0.04: ratios differ by about a fifth), may be below zero where there is none. `chi_squared`,
    `degrees`, `p_value`: that one rate fits all."""

    places: int
    extremal: float
    trimmed: float
    trimmed_each: int
    p95_5: float
    p75_25: float
    variation: float
    weighted_variation: float
    by_chance: float
    systematic: float
    chi_squared: float
    degrees: int
    p_value: float


def indices(observed: npt.ArrayLike, expected: npt.ArrayLike, people: npt.ArrayLike, *, rounded_to: float = 1.0) -> Indices:
    """The indices over places: counts, what was expected, and people, shape (places,). Places that are not known (NaN), or where nothing is
    expected, are left out. `rounded_to` is what counts were rounded to: the variance of rounding, base²/12, is no variation of places, and
    is taken off the systematic component and put beside chance in the test. Raises ValueError for a negative value."""
    counts, base, weight = as_counts("observed", observed), as_counts("expected", expected), as_counts("people", people)
    known = ~np.isnan(counts) & (base > 0) & (weight > 0)
    counts, base, weight = counts[known], base[known], weight[known]
    places = int(known.sum())
    if places < 2:
        nothing = float("nan")
        return Indices(
            places=places, extremal=nothing, trimmed=nothing, trimmed_each=0, p95_5=nothing, p75_25=nothing, variation=nothing,
            weighted_variation=nothing, by_chance=nothing, systematic=nothing, chi_squared=nothing, degrees=0, p_value=nothing,
        )  # fmt: skip
    rounding = _ROUNDED_VARIANCE * rounded_to**2 if rounded_to > 1 else 0.0
    ratios = counts / base
    each = round(TRIMMED_SHARE * places)
    ordered = np.sort(ratios)
    chance = base + rounding
    chi_squared = float((np.square(counts - base) / chance).sum())
    return Indices(
        places=places,
        extremal=_over(ordered[-1], ordered[0]),
        trimmed=_over(ordered[places - 1 - each], ordered[each]),
        trimmed_each=each,
        p95_5=_over(*np.quantile(ratios, (0.95, 0.05))),
        p75_25=_over(*np.quantile(ratios, (0.75, 0.25))),
        variation=float(ratios.std(ddof=1) / ratios.mean()) if ratios.mean() > 0 else float("nan"),
        weighted_variation=_weighted_variation(ratios, weight),
        by_chance=float(np.sqrt((chance / np.square(base)).mean())),
        systematic=systematic_component(counts, base, rounding=rounding),
        chi_squared=chi_squared,
        degrees=places - 1,
        p_value=float(special.chdtrc(places - 1, chi_squared)),
    )


def systematic_component(observed: npt.ArrayLike, expected: npt.ArrayLike, *, rounding: float = 0.0) -> float:
    """SCV = [Σ (O−E)²/E² − Σ 1/E] / k: the variance of the places' true ratios, chance's part taken off (McPherson et al. 1982). Often
    published × 100. Every place counts alike, so that places of which little is expected decide it, and its own error is large where
    there are many of them. `rounding` is the variance of the rounding of counts."""
    counts, base = as_counts("observed", observed), as_counts("expected", expected)
    return float((np.square(counts - base) / np.square(base) - (base + rounding) / np.square(base)).mean())


def _weighted_variation(ratios: FloatArray, people: FloatArray) -> float:
    share = people / people.sum()
    mean = float((share * ratios).sum())
    return float(np.sqrt((share * np.square(ratios - mean)).sum()) / mean) if mean > 0 else float("nan")


def _over(high: float, low: float) -> float:
    return float(high / low) if low > 0 else float("inf") if high > 0 else float("nan")
