"""Ranks of known values, smallest first, counted from one. SciPy's own come with all of its distributions, a second of every start-up."""

import numpy as np

from farr.lab.measures.statistics.arrays import FloatArray


def lowest_ranks(values: FloatArray) -> FloatArray:
    """Each value's rank; equal ones share the lowest of their places."""
    return np.searchsorted(np.sort(values), values, side="left").astype(np.float64) + 1


def average_ranks(values: FloatArray) -> FloatArray:
    """Each value's rank; equal ones share the mean of their places."""
    return (lowest_ranks(values) + np.searchsorted(np.sort(values), values, side="right")) / 2
