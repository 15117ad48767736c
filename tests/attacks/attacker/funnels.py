"""The funnel of proportions as it is published (Spiegelhalter 2012), computed by the attacker for many possible tables at once."""

from typing import Any

import numpy as np

LIMIT = 3.090232306167813  # 99.8 per cent, two-sided


def verdicts(numerators: Any, denominators: Any) -> Any:
    """Of possible tables, shape (tables, providers): 1 high, -1 low, 0 as expected, of the same shape."""
    adjusted = scores(numerators, denominators)
    return (adjusted > LIMIT).astype(int) - (adjusted < -LIMIT)


def scores(numerators: Any, denominators: Any) -> Any:
    """How far each provider is from the middle, in standard errors that allow for the spread between them; shapes as `verdicts`."""
    n, d = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    overall = n.sum(axis=1, keepdims=True) / d.sum(axis=1, keepdims=True)
    away = np.arcsin(np.sqrt(n / d)) - np.arcsin(np.sqrt(overall))
    z, weight = away * 2 * np.sqrt(d), 4 * d
    ends = np.quantile(z, [0.1, 0.9], axis=1)
    kept = np.clip(z, ends[0][:, None], ends[1][:, None])
    scale = weight.sum(axis=1) - (weight**2).sum(axis=1) / weight.sum(axis=1)
    between = np.maximum(0, ((kept**2).sum(axis=1) - (z.shape[1] - 1)) / scale)[:, None]
    return away / np.sqrt(1 / weight + between)


WORDS = {1: "high", -1: "low", 0: "as expected"}
