import numpy as np

from farr.lab.measures.figures import STANDARD, STRATA
from farr.lab.measures.statistics import EUROPEAN_2013
from farr.lab.model.age import AGE_GROUPS


def test_it_is_a_hundred_thousand_people():
    assert sum(people for _, people in EUROPEAN_2013.weights) == 100_000
    assert [first for first, _ in EUROPEAN_2013.weights] == list(range(0, 95, 5))
    assert dict(EUROPEAN_2013.weights)[0] == 5_000
    assert dict(EUROPEAN_2013.weights)[90] == 1_000


def test_wide_groups_are_sums_of_their_bands():
    groups = EUROPEAN_2013.by_group(tuple(AGE_GROUPS))
    np.testing.assert_array_equal(groups, [16000, 38000, 26500, 10500, 6500, 2500])


def test_women_and_men_count_alike():
    assert len(STRATA) == STANDARD.size == 12
    assert STANDARD.sum() == 100_000
    np.testing.assert_array_equal(STANDARD[0::2], STANDARD[1::2])
