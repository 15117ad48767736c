"""What a check of two feeds is: what it looks at, how much may differ, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache

import numpy as np

from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.planning.feeds_compared.side import Pair

ROUNDING = 5.0
"""Counts are rounded to the nearest five on each side (hes_2018), so that two of the same may differ by five. A parameter."""


class CheckError(FarrError):
    """A check that there is none of; the message says which there are."""


class Verdict(Enum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "cannot be said"


class About(Enum):
    """What of a feed is to be trusted or not."""

    ACTIVITY = "activity"
    MONTHS = "months"
    CASEMIX = "casemix"
    CODING = "coding"
    MONEY = "money"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """`difference` is what was measured, None where it cannot be; `says` it in words."""

    verdict: Verdict
    difference: float | None
    says: str


@dataclass(frozen=True, kw_only=True)
class FeedCheck:
    """`tolerance` is how much of `measured` (in words) may differ: a parameter of each check, unless its source gives it. `judge` takes the
    pair and the tolerance."""

    name: str = ""
    title: str
    about: About
    measured: str
    why: str
    source: str
    tolerance: float
    judge: Callable[[Pair, float], Judged]


@cache
def declared() -> dict[str, FeedCheck]:
    return discover("farr.lab.planning.feeds_compared.checks", FeedCheck)


def judged(difference: float, tolerance: float, says: str, unknown: str) -> Judged:
    """Agrees where the difference is no more than the tolerance; cannot be said, because of `unknown`, where it is no number."""
    if not np.isfinite(difference):
        return Judged(verdict=Verdict.UNKNOWN, difference=None, says=unknown)
    verdict = Verdict.AGREES if abs(difference) <= tolerance + 1e-12 else Verdict.DIFFERS
    return Judged(verdict=verdict, difference=difference, says=says)


def beyond_rounding(first: float, second: float, allowed: float = ROUNDING) -> float:
    """By what share the second is more than the first, once what rounding may have done is taken off; NaN where one is no number."""
    if not (np.isfinite(first) and np.isfinite(second)) or first <= 0:
        return float("nan")
    change = second - first
    return float(np.sign(change) * max(abs(change) - allowed, 0.0) / first)


def rounded(figures: int) -> float:
    """What rounding may have done to a sum of so many figures on each side: 2.45 standard deviations of a sum of
    errors that are uniform over ROUNDING (a standard deviation of ROUNDING / √12 each) on two sides."""
    return ROUNDING * float(np.sqrt(figures))


def share(value: float) -> str:
    """+3.0%, with a true minus."""
    return f"{value:+.1%}".replace("-", "−")


__all__ = [
    "ROUNDING", "About", "CheckError", "FeedCheck", "Judged", "Pair", "Verdict", "beyond_rounding", "declared", "judged", "rounded",
    "share",
]  # fmt: skip
