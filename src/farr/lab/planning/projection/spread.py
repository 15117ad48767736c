"""Spreading: how activity that the gate hides is put back into cells, so that they add up to the totals that it shows.

Nothing hidden is learnt by this: what is spread is the difference between released totals and released parts, by shapes that are released
too. It is an estimate, and says nothing about any one cell.
"""

from collections.abc import Sequence

import numpy as np

from farr.lab.planning.projection.uncertain import Floats

_ROUNDS, _CLOSE = 200, 1e-9


def spread(total: float, shown: Floats, shape: Floats) -> Floats:
    """The parts of a `total`: those shown as they are, and what is left of it spread over the hidden ones (NaN) in proportion to `shape`,
    or equally where that is nothing. Shown parts are scaled where rounding keeps them from adding up. Never below nothing."""
    hidden = np.isnan(shown)
    parts = np.where(hidden, 0.0, np.maximum(shown, 0.0))
    rest = max(total - float(parts.sum()), 0.0)
    if hidden.any() and rest > 0:
        weight = np.where(hidden, np.maximum(shape, 0.0), 0.0)
        weight = weight if weight.sum() > 0 else hidden.astype(np.float64)
        parts = parts + rest * weight / weight.sum()
    whole = float(parts.sum())
    if whole <= 0:
        return total * (shape / shape.sum() if shape.sum() > 0 else np.full(len(shape), 1 / len(shape)))
    return parts / whole * total


def fitted(shape: Floats, margins: Sequence[Floats]) -> Floats:
    """A table whose sums over all axes but one are the `margins` of that axis, and whose odds are those of `shape`.

    Iterative proportional fitting (Deming and Stephan, Annals of Mathematical Statistics 1940, 11:427-444); as an estimate for small areas:
    structure preserving estimation (Purcell and Kish, International Statistical Review 1980, 48:3-18). Margins have one total. Where a
    margin is something and its part of the shape nothing, that part is filled as though the axes were independent."""
    table = _filled(shape, margins)
    for _ in range(_ROUNDS):
        off = 0.0
        for axis, margin in enumerate(margins):
            others = tuple(place for place in range(table.ndim) if place != axis)
            now = table.sum(axis=others)
            off = max(off, float(np.max(np.abs(now - margin), initial=0.0)))
            scale = np.divide(margin, now, out=np.zeros_like(margin), where=now > 0)
            table = table * np.expand_dims(scale, others)
        if off <= _CLOSE * max(1.0, float(margins[0].sum())):
            break
    return table


def _filled(shape: Floats, margins: Sequence[Floats]) -> Floats:
    """The shape with a thousandth of independence mixed in, so that no margin meets a row of nothing."""
    independent = np.ones(())
    for margin in margins:
        whole = margin.sum()
        independent = np.multiply.outer(independent, margin / whole if whole > 0 else margin)
    whole = float(shape.sum())
    return independent if whole <= 0 else 0.999 * np.maximum(shape, 0.0) / whole + 0.001 * independent
