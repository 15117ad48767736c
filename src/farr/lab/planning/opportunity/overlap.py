"""Overlap: opportunities that draw on the same activity are not added up twice.

What two opportunities may have in common is the smaller of them times the share that their pools share (see `pools`). The total is what is
left of the sum when, along a forest that joins the opportunities, what neighbours have in common is taken off once; of all forests the one
that takes off most. Were these amounts really in common, no union could be larger (Hunter, Journal of Applied Probability 1976;13:597;
Worsley, Biometrika 1982;69:297): the total is therefore a careful one. It hangs on no order. It is the sum where nothing is shared, never
more than the sum, and never less than the largest part. Of opportunities that are joined each keeps the same share of its own.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Joined:
    """`kept`: of each opportunity what is left, adding up to `total`; shapes (opportunities, runs) and (runs,)."""

    kept: Floats
    total: Floats


def joined(gains: Floats, shares: Floats) -> Joined:
    """`gains`: pounds, shape (opportunities, runs), 0 or more; `shares`: what the pools of two share, 0 to 1, symmetrical."""
    groups = _groups(shares > 0)
    kept = np.zeros_like(gains)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        own = gains[members]
        sums = own.sum(axis=0)
        left = sums - _common(own, shares[np.ix_(members, members)])
        kept[members] = own * np.where(sums > 0, left / np.where(sums > 0, sums, 1.0), 0.0)
    return Joined(kept=kept, total=kept.sum(axis=0))


def _groups(shared: npt.NDArray[np.bool_]) -> Places:
    """The number of each one's group: those that sharing joins, directly or through others."""
    numbers = np.arange(len(shared))
    for _ in range(len(shared)):
        numbers = np.array([min([own, *numbers[row].tolist()]) for own, row in zip(numbers, shared, strict=True)], dtype=np.intp)
    return numbers


def _common(gains: Floats, shares: Floats) -> Floats:
    """The weight of the heaviest forest (Prim's way, all runs at once): joined to the tree is always who shares most with it."""
    count, runs = gains.shape
    taken, every = np.zeros(runs), np.arange(runs)
    outside = np.ones((count, runs), dtype=bool)
    outside[0] = False
    weight = np.minimum(gains, gains[0]) * shares[:, :1]
    for _ in range(count - 1):
        nearest = np.where(outside, weight, -1.0).argmax(axis=0)
        taken += weight[nearest, every]
        outside[nearest, every] = False
        weight = np.maximum(weight, np.minimum(gains, gains[nearest, every]) * shares[:, nearest])
    return taken
