"""What the nation comes to in each stratum, from released figures alone; and how far single admissions scatter about it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.measures.reference import Reference
from farr.lab.measures.released_rows import FiguresError, in_grouping, keys_of, numbers
from farr.lab.planning.coding.indicator import Indicator

ROWS, OBSERVED, SQUARES, EXPECTED = "rows", "observed", "squares", "expected"
_DIGITS = 6  # more would only repeat the rounding of what was released
_Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """What was released of a stratum: admissions, what was observed of them, and the sum of squares."""

    rows: float
    observed: float
    squares: float


def read_reference(which: Indicator, table: pa.Table) -> Reference:
    """The mean of each stratum, in the released table of the reference question. Strata that are hidden take the mean of all of them
    together, so that what is expected of the nation adds up to what it counted. Raises FiguresError where the nation's own figure is
    hidden."""
    shown, whole = _held(which, table, 0), _held(which, table, 1).get(())
    if whole is None:
        raise FiguresError(f"indicator '{which.name}' has no national figure to be adjusted by; ask for a longer period")
    means = {key: _mean(each) for key, each in shown.items()}
    return Reference(strata=which.strata, shares={**means, (): _mean(_rest(whole, list(shown.values())))})


def dispersion_of(which: Indicator, table: pa.Table) -> float:
    """Variance of an admission about the mean that is expected of it, over that mean, for the nation: what chance gives. The strata that
    are hidden are one, as in what is expected. NaN where it cannot be told."""
    shown, whole = _held(which, table, 0), _held(which, table, 1).get(())
    if whole is None:
        return float("nan")
    strata = list(shown.values())
    rest = _rest(whole, strata)
    within = sum(_within(each) for each in [*strata, *([] if rest is whole else [rest])])
    return float(within / whole.observed) if whole.observed > 0 else float("nan")


def _within(stratum: Stratum) -> float:
    """The sum of squares about the stratum's mean; nothing where rounding leaves less."""
    return max(stratum.squares - stratum.observed**2 / stratum.rows, 0.0)


def _rest(whole: Stratum, shown: list[Stratum]) -> Stratum:
    """What is left of the nation beside the strata shown; the whole where nothing is, as rounding may have it."""
    rows, observed, squares = (
        getattr(whole, name) - sum(getattr(each, name) for each in shown) for name in ("rows", "observed", "squares")
    )
    return Stratum(rows=rows, observed=max(observed, 0.0), squares=max(squares, 0.0)) if rows > 0 else whole


def _mean(stratum: Stratum) -> float:
    return float(f"{stratum.observed / stratum.rows:.{_DIGITS}g}")


def _held(which: Indicator, table: pa.Table, grouping: int) -> dict[_Key, Stratum]:
    """By the codes of its stratum every row of the grouping that is shown and has admissions."""
    rows = in_grouping(table, grouping)
    keys = keys_of(rows, () if grouping else which.strata)
    count, observed = numbers(rows, ROWS), numbers(rows, OBSERVED)
    if which.value is None:
        observed = np.minimum(observed, count)  # rounding may lift a part above its whole
    squares = observed if which.value is None else numbers(rows, SQUARES)
    found = {key: Stratum(rows=n, observed=x, squares=s) for key, n, x, s in zip(keys, count, observed, squares, strict=True)}
    return {key: each for key, each in found.items() if not np.isnan([each.rows, each.observed, each.squares]).any() and each.rows > 0}
