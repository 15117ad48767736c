"""Projection: what the years come to, in every run, and how it is read: medians, intervals, beds, the gap and the waterfall."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from farr.lab.planning.projection.settings import Settings
from farr.lab.planning.projection.uncertain import Floats

ACTIVITY, BED_DAYS, PAYMENTS = "activity", "bed days", "payments"
PRICES, CHANCE, FUNDING = "prices", "chance", "funding"
DAYS_A_YEAR = 365.0


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """`pairs` are (point of delivery, code); figures are of shape (years, pairs, runs)."""

    pairs: tuple[tuple[str, str], ...]
    activity: Floats
    bed_days: Floats
    payments: Floats


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Years from the baseline's (place 0) to the last. `activity`, `bed_days` and `payments` (pounds paid for activity, which is a
    provider's income) are of shape (years, points of delivery, runs), as are those without mitigations; `cost` (what it costs to give) and
    `funding` of shape (years, runs). `waterfall` has, by measure and cause, what the last year differs from the first by: shape (points of
    delivery, runs)."""

    settings: Settings
    runs: int
    seed: int
    points_of_delivery: tuple[str, ...]
    activity: Floats
    bed_days: Floats
    payments: Floats
    unmitigated_activity: Floats
    unmitigated_payments: Floats
    cost: Floats
    funding: Floats
    waterfall: Mapping[str, Mapping[str, Floats]]
    by: Mapping[str, Breakdown]

    @property
    def beds(self) -> Floats:
        """Beds at the occupancy assumed, over the year: shape (years, runs)."""
        return self.bed_days.sum(axis=1) / DAYS_A_YEAR / self.settings.occupancy

    @property
    def gap(self) -> Floats:
        """What is paid beyond the money there is: shape (years, runs)."""
        return self.payments.sum(axis=1) - self.funding

    @property
    def deficit(self) -> Floats:
        """What it costs to give beyond what is paid for it: shape (years, runs)."""
        return self.cost - self.payments.sum(axis=1)

    def causes(self, measure: str) -> dict[str, Floats]:
        """What each cause adds to the change of the whole, of shape (runs,)."""
        return {name: each.sum(axis=0) for name, each in self.waterfall[measure].items()}

    def causes_of_gap(self) -> dict[str, Floats]:
        """What each cause adds to the gap, which is nothing in the first year."""
        return {**self.causes(PAYMENTS), FUNDING: self.funding[0] - self.funding[-1]}


def interval(figures: Floats, share: float = 0.8) -> tuple[Floats, Floats, Floats]:
    """Lower end, median and upper end of the middle `share` of runs, which are the last axis."""
    low, middle, high = np.quantile(figures, [(1 - share) / 2, 0.5, (1 + share) / 2], axis=-1)
    return low, middle, high
