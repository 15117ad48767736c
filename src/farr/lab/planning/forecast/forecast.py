"""What a model of monthly counts is: history in, forecasts with intervals out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from farr.lab.planning.projection.uncertain import Floats


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Counts of the months ahead, and by share of intervals (0.8) their lower and upper ends, none below nothing."""

    mean: Floats
    intervals: Mapping[float, tuple[Floats, Floats]]


Model = Callable[[Floats, Floats, Sequence[int], Sequence[float]], Forecast]
"""history (counts by month), days (of its months and of those ahead), calendar month of each (0 to 11), shares of intervals."""
