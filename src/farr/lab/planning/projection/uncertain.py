"""Uncertain: a number of which only a range is known, and how it is drawn.

A range is given by its 10th and 90th percentiles, as the New Hospital Programme's model has its inputs, and drawn from the normal
distribution that has them: mean (P10 + P90) / 2, standard deviation (P90 − P10) / 2.563103 (nhp_model, MIT, `rnorm`; 2.563103 is twice the
90% point of the standard normal distribution). Where a number has bounds, a draw beyond them is set to the bound, which leaves both
percentiles as they were said.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.model.errors import FarrError

Floats = npt.NDArray[np.float64]
_P90 = 1.2815515655446004  # of the standard normal distribution


class ProjectionError(FarrError):
    """A projection that cannot be made; the message says what is missing, or what to type."""


@dataclass(frozen=True, kw_only=True)
class Uncertain:
    """A number whose 10th percentile is `low` and whose 90th is `high`; the same twice: it is certain."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low <= self.high):
            raise ProjectionError(f"the range {self.low}..{self.high} is none; write the lower end first, such as 1.00..1.02")

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def of(self, standard: Floats, *, least: float = -np.inf, most: float = np.inf) -> Floats:
        """The number for draws of the standard normal distribution, of the same shape."""
        spread = (self.high - self.low) / (2 * _P90)
        return np.clip(self.middle + spread * standard, least, most)


def parse_range(text: str) -> Uncertain:
    """'1.00..1.02', or one number that is certain. Raises ProjectionError."""
    low, _, high = text.partition("..")
    try:
        return Uncertain(low=float(low), high=float(high or low))
    except ValueError:
        raise ProjectionError(f"'{text}' is no range of numbers; write the 10th and the 90th percentile: 1.00..1.02") from None


def stream(seed: int, name: str) -> np.random.Generator:
    """Random numbers of one named quantity. They depend on the seed and the name alone: what else is drawn, and in which order, changes
    nothing, so that two projections of one seed differ only by what was changed between them."""
    of_name = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, of_name])))


def standard_normal(seed: int, name: str, runs: int) -> Floats:
    """One draw a run."""
    return stream(seed, name).standard_normal(runs)
