from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest

from farr.lab.measures.statistics import quantile_group


def _naive(values, groups):
    known = [value for value in values if not np.isnan(value)]
    result = []
    for value in values:
        if np.isnan(value) or len(known) < groups:
            result.append(float("nan"))
            continue
        rank = 1 + sum(other < value for other in known)
        result.append(float(floor((groups + 1) - ceil((len(known) + 1 - rank) / Fraction(len(known), groups)))))
    return result


@pytest.mark.parametrize("size", [4, 5, 7, 10, 49, 106, 191])
@pytest.mark.parametrize("groups", [1, 4, 5, 10])
def test_as_the_formula_in_exact_fractions(size, groups):
    values = np.random.default_rng(size).integers(0, size // 2 + 1, size).astype(float)
    values[::6] = np.nan
    np.testing.assert_array_equal(quantile_group(values, groups), _naive(values, groups))


def test_quartiles_of_eight():
    np.testing.assert_array_equal(quantile_group([80, 10, 20, 30, 40, 50, 60, 70], 4), [4, 1, 1, 2, 2, 3, 3, 4])


def test_ties_take_the_lowest_rank():
    np.testing.assert_array_equal(quantile_group([1, 1, 1, 2], 4), [1, 1, 1, 4])


def test_too_few_values_have_no_group():
    assert np.isnan(quantile_group([1, 2, 3, np.nan], 4)).all()
    assert np.isnan(quantile_group([], 4)).all()


def test_no_groups_are_refused():
    with pytest.raises(ValueError, match="1 or more"):
        quantile_group([1, 2], 0)
    with pytest.raises(ValueError, match="one dimension"):
        quantile_group([[1, 2]], 1)
