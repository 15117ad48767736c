"""Overlaps: a worked example, the identities, and another implementation of the heaviest forest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree

from farr.lab.planning.opportunity.overlap import joined
from farr.lab.planning.opportunity.pools import EMERGENCY, EXCESS, POOLS, OpportunityError, both, holding, pool, shared


def of(*gains, shares):
    found = joined(np.array(gains, dtype=float)[:, None], np.array(shares, dtype=float))
    return found.kept[:, 0].tolist(), float(found.total[0])


def test_worked_example():
    """£100 of emergencies, £40 of sensitive ones, which are emergencies, and £30 of excess days, half of which are theirs; £20 apart.
    Off come the 40 once, and half of 30: 190 − 40 − 15 = 135, of which 20 stand apart; the others keep 115 of 170 of their own."""
    shares = [[1, 1, 0.5, 0], [1, 1, 0.2, 0], [0.5, 0.2, 1, 0], [0, 0, 0, 1]]
    kept, total = of(100, 40, 30, 20, shares=shares)
    assert total == pytest.approx(135)
    assert kept == pytest.approx([100 * 115 / 170, 40 * 115 / 170, 30 * 115 / 170, 20])


def test_the_same_opportunity_thrice_is_counted_once():
    assert of(90, 90, 90, shares=np.ones((3, 3)))[1] == pytest.approx(90)


def matrices(count):
    share = st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1))
    return st.lists(st.lists(share, min_size=count, max_size=count), min_size=count, max_size=count).map(
        lambda rows: np.maximum(np.triu(np.array(rows), 1) + np.triu(np.array(rows), 1).T, np.eye(count))
    )


cases = st.integers(1, 6).flatmap(
    lambda count: st.tuples(st.lists(st.floats(0, 1e6), min_size=count, max_size=count).map(np.array), matrices(count))
)


@given(cases)
def test_identities(case):
    gains, shares = case
    found = joined(gains[:, None], shares)
    kept, total = found.kept[:, 0], found.total[0]
    near = 1e-6 * max(1.0, gains.sum())
    assert total <= gains.sum() + near  # never more than the sum
    assert total >= gains.max() - near  # never less than the largest
    assert np.all(kept <= gains + near)  # no part above its own
    assert np.all(kept >= -near)
    assert kept.sum() == pytest.approx(total, abs=near)
    alone = joined(gains[:, None], np.eye(len(gains)))
    assert alone.total[0] == pytest.approx(gains.sum())  # the sum where nothing is shared
    order = np.arange(len(gains))[::-1]
    turned = joined(gains[order][:, None], shares[np.ix_(order, order)])
    assert turned.total[0] == pytest.approx(total, abs=near)  # the order does not matter
    assert turned.kept[:, 0] == pytest.approx(kept[order], abs=near)


@given(cases)
def test_what_is_taken_off_is_the_heaviest_forest_of_another_program(case):
    gains, shares = case
    weight = np.minimum(gains[:, None], gains[None, :]) * shares
    np.fill_diagonal(weight, 0.0)
    heaviest = -minimum_spanning_tree(-weight).sum()
    assert gains.sum() - joined(gains[:, None], shares).total[0] == pytest.approx(heaviest, abs=1e-6 * max(1.0, gains.sum()))


def test_pools_share_all_nothing_or_what_was_released():
    days = {EMERGENCY: 1000.0, EXCESS: 200.0, both(EMERGENCY, EXCESS): 150.0}
    assert shared("sensitive_spells", "emergency_spells", days) == 1.0
    assert shared("admitted", "stroke_days", days) == 1.0
    assert shared("follow_ups", "emergency_spells", days) == 0.0  # other records
    assert shared("sensitive_spells", "planned_stays", days) == 0.0  # emergencies and planned stays
    assert shared("emergency_days", "excess_days", days) == 0.75
    assert shared("excess_days", "emergency_spells", days) == 0.75
    assert shared("emergency_days", "excess_days", {**days, both(EMERGENCY, EXCESS): None}) == 1.0  # hidden: the most that it can be
    assert shared("emergency_days", "excess_days", {}) == 1.0
    assert shared("readmissions", "excess_days", days) == 1.0  # not asked


def test_sharing_is_symmetrical_and_every_pool_is_known():
    for one in POOLS:
        assert one in holding(one)
        for other in POOLS:
            assert shared(one, other, {}) == shared(other, one, {})
    with pytest.raises(OpportunityError, match="there is no pool of activity 'nowhere'"):
        pool("nowhere")
