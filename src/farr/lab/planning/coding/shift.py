"""Sudden shifts: the month from which a provider's figure is another than it was, and how surely.

Each month is the provider's observed over expected, over the nation's of that month, so that seasons and changes of everybody's coding are
none of its own. Of all months that could begin a shift the one is taken that parts the months best; that it was sought is paid for by
Bonferroni's bound over the months it was sought among (Worsley 1983, Biometrika 70:455, has the sharper one; James, James and Siegmund
1987, Biometrika 74:71). How much months scatter is taken from steps between neighbouring months of all providers, winsorised: one shift
makes one large step, and cannot hide in its own scatter, as it could in the variance of its series (Wheeler's moving ranges, for many
series).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_floats
from farr.lab.planning.coding.dispersion import kept_by_winsorising, two_sided

LEAST_MONTHS, LEAST_SIDE = 9, 3
"""Shorter series are not looked at, and no shift is sought within so many months of either end. Parameters."""
LEAST_EXPECTED_MONTHLY = 20.0
"""Months of fewer expected are left out: they would be hidden where they are low (1 to 7) and shown where they are high, which looks like a
shift; of 20 expected that happens to fewer than one month in a thousand. A parameter, for the policy hes_2018."""
_STEPS_TRIM = 0.1


@dataclass(frozen=True, kw_only=True)
class Shifts:
    """Arrays of shape (series,). `at`: the place of the first month after the shift, -1 where none was sought; `before`, `after`: weighted
    means on either side; `z` of their difference; `p` after the search, with any one month left out; `scatter`: variance of months over
    what chance alone would give."""

    at: npt.NDArray[np.int64]
    before: FloatArray
    after: FloatArray
    z: FloatArray
    p: FloatArray
    scatter: float


def shifts(values: npt.ArrayLike, errors: npt.ArrayLike) -> Shifts:
    """The likeliest shift of each series. `values`, `errors` (standard errors by chance): shape (series, months), NaN where hidden; hidden
    months are left out of both sides, never filled. Raises ValueError for other shapes."""
    series, error = as_floats("values", values), as_floats("errors", errors)
    if series.ndim != 2 or series.shape != error.shape:
        raise ValueError(f"values and errors must be series by months, and have shapes {series.shape} and {error.shape}")
    shown = ~np.isnan(series) & ~np.isnan(error) & (error > 0)
    scatter = scatter_of(series, np.where(shown, error, np.nan))
    with np.errstate(invalid="ignore"):
        variance = np.where(shown, error**2 * scatter, np.nan)
    found = [_of_one(one, spread) for one, spread in zip(series, variance, strict=True)]
    at, before, after, z, p = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [], [], [])
    floats = {name: np.array(column, dtype=np.float64) for name, column in (("before", before), ("after", after), ("z", z), ("p", p))}
    return Shifts(at=np.array(at, dtype=np.int64), scatter=scatter, **floats)


def change_at(values: npt.ArrayLike, errors: npt.ArrayLike, place: int, *, scatter: float) -> tuple[float, float]:
    """The change of one series from that place on and its z, where the place was not sought in it; NaN where a side has too few months."""
    series, error = as_floats("values", values), as_floats("errors", errors)
    with np.errstate(invalid="ignore"):
        variance = np.where(np.isnan(series), np.nan, error**2 * scatter)
    before, after, z = _parted(series, variance, place)
    return after - before, z


def scatter_of(values: FloatArray, errors: FloatArray) -> float:
    """Variance of months over chance's, from steps between neighbours of all series; no less than 1."""
    with np.errstate(invalid="ignore"):
        steps = np.diff(values, axis=1) / np.sqrt(errors[:, 1:] ** 2 + errors[:, :-1] ** 2)
    known = steps[~np.isnan(steps)]
    if known.size < 2:
        return 1.0
    drawn_in = np.clip(known, *np.quantile(known, [_STEPS_TRIM, 1 - _STEPS_TRIM]))
    return max(1.0, float(np.mean(drawn_in**2)) / kept_by_winsorising(_STEPS_TRIM))


def _of_one(series: FloatArray, variance: FloatArray) -> tuple[int, float, float, float, float]:
    places = [place for place in range(1, series.size) if _enough(variance, place)]
    if np.isfinite(variance).sum() < LEAST_MONTHS or not places:
        return -1, np.nan, np.nan, np.nan, np.nan
    parted = {place: _parted(series, variance, place) for place in places}
    at = max(places, key=lambda place: abs(parted[place][2]))
    before, after, z = parted[at]
    return at, before, after, z, min(1.0, float(two_sided(_without_any_month(series, variance, at, z))) * len(places))


def _without_any_month(series: FloatArray, variance: FloatArray, place: int, z: float) -> float:
    """The least |z| that is left when any one month is left out; nothing where the difference turns round."""
    way = 1.0 if z > 0 else -1.0
    found: list[float] = []
    for month in np.flatnonzero(np.isfinite(variance)).tolist():
        rest = variance.copy()
        rest[month] = np.nan
        found.append(_parted(series, rest, place, least=LEAST_SIDE - 1)[2] * way)
    return max(min(found), 0.0)


def _enough(variance: FloatArray, place: int) -> bool:
    known = np.isfinite(variance)
    return bool(known[place] and known[:place].sum() >= LEAST_SIDE and known[place:].sum() >= LEAST_SIDE)


def _parted(series: FloatArray, variance: FloatArray, place: int, *, least: int = LEAST_SIDE) -> tuple[float, float, float]:
    """Weighted means before a place and from it on, and z of their difference; NaN where a side has fewer months than `least`."""
    known = np.isfinite(variance)
    if known[:place].sum() < least or known[place:].sum() < least:
        return float("nan"), float("nan"), float("nan")
    weight = np.where(known, 1 / np.where(known, variance, 1.0), 0.0)
    filled = np.where(known, series, 0.0)
    sides = [(float((weight[part] * filled[part]).sum()), float(weight[part].sum())) for part in (slice(place), slice(place, None))]
    (before, first), (after, second) = ((total / each, each) for total, each in sides)
    return before, after, (after - before) / float(np.sqrt(1 / first + 1 / second))
