"""Waterfall: how much of a change each of its causes brought about, so that the parts add up to the whole.

Causes multiply, and what two do together belongs to neither. It is shared out by the logarithmic mean Divisia index (LMDI-I; Ang, The LMDI
approach to decomposition analysis: a practical guide, Energy Policy 2005, 33:867-871): in each cell a cause gets L(after, before) × ln f,
where f is its factor and L the logarithmic mean. The parts add up to the change without a rest, whatever the order of causes, in every run
and so on average.
"""

from collections.abc import Mapping

import numpy as np

from farr.lab.planning.projection.uncertain import Floats

LEAST = 1e-12
"""A factor of nothing is taken as this, for the logarithm of nothing is none (Ang and Liu, Energy Policy 2007, 35:238-246)."""


def logarithmic_mean(first: Floats, second: Floats) -> Floats:
    """(a − b) / (ln a − ln b), a where they are the same, and nothing where one of them is nothing."""
    first, second = np.broadcast_arrays(first, second)
    both = (first > 0) & (second > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(both, first, 1.0) / np.where(both, second, 1.0))
        # Close to each other the quotient loses its digits: L = b·(e^r − 1)/r, which expm1 keeps.
        mean = np.where(np.abs(ratio) > 0, second * np.expm1(ratio) / np.where(ratio == 0, 1.0, ratio), second)
    return np.where(both, mean, 0.0)


def contributions(before: Floats, factors: Mapping[str, Floats], members: Floats) -> dict[str, Floats]:
    """By cause, what it adds to the sums of groups of cells, of shape (groups, runs). `before` is of shape (cells, 1), `factors` broadcast
    to (cells, runs), and `members` of shape (groups, cells) has a 1 where a cell is in a group."""
    after = before
    for factor in factors.values():
        after = after * np.maximum(factor, LEAST)
    weight = logarithmic_mean(after, before)
    return {name: members @ (weight * np.log(np.maximum(factor, LEAST))) for name, factor in factors.items()}
