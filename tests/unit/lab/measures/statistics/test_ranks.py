"""Ranks are those of SciPy, ties included."""

import numpy as np
import pytest
from scipy import stats

from farr.lab.measures.statistics.ranks import average_ranks, lowest_ranks


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0, 2.0], [5.0, -1.0, 5.0, 0.0, 7.5, 5.0]])
def test_ranks_are_those_of_scipy(values):
    found = np.array(values, dtype=np.float64)
    np.testing.assert_array_equal(lowest_ranks(found), stats.rankdata(found, method="min"))
    np.testing.assert_array_equal(average_ranks(found), stats.rankdata(found))


def test_ranks_of_many_values_are_those_of_scipy():
    found = np.random.default_rng(3).integers(0, 400, 2000).astype(np.float64) / 7
    np.testing.assert_array_equal(lowest_ranks(found), stats.rankdata(found, method="min"))
    np.testing.assert_array_equal(average_ranks(found), stats.rankdata(found))
