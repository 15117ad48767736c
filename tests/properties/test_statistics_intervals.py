"""Whatever the counts: intervals hold their estimate, widen with confidence and move with the count."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.measures.statistics import byar_interval, indirectly_standardised_ratio, mean_interval, quantile_group, wilson_interval

counts = st.integers(0, 10**7)
confidences = st.floats(0.5, 0.999)


@given(counts, confidences)
def test_byar_holds_the_count(count, confidence):
    limits = byar_interval(count, confidence=confidence)
    assert 0 <= limits.lower <= count < limits.upper


@given(counts, confidences)
def test_byar_moves_with_the_count(count, confidence):
    # Over the change of formula at ten events too.
    limits = byar_interval([count, count + 1], confidence=confidence)
    assert limits.lower[0] <= limits.lower[1]
    assert limits.upper[0] < limits.upper[1]


@given(st.integers(0, 10**6), st.integers(0, 10**6), confidences)
def test_wilson_holds_the_proportion_within_nought_and_one(numerator, rest, confidence):
    denominator = numerator + rest
    limits = wilson_interval(numerator, denominator, confidence=confidence)
    if denominator == 0:
        assert np.isnan(limits.lower)
        return
    slack = 1e-12
    assert 0 <= limits.lower <= numerator / denominator + slack
    assert numerator / denominator - slack <= limits.upper <= 1


@given(st.integers(0, 10**6), st.integers(1, 10**6), confidences)
def test_wilson_is_the_same_seen_from_the_other_side(numerator, rest, confidence):
    denominator = numerator + rest
    one, other = (wilson_interval(x, denominator, confidence=confidence) for x in (numerator, rest))
    np.testing.assert_allclose(one.lower, 1 - other.upper, atol=1e-12)


@given(counts, st.floats(0.5, 0.99), st.floats(0.001, 0.009))
def test_more_confidence_is_wider(count, confidence, more):
    for interval in (
        lambda level: byar_interval(count, confidence=level),
        lambda level: wilson_interval(count, count + 7, confidence=level),
        lambda level: indirectly_standardised_ratio(count, 12.5, confidence=level),
    ):
        narrow, wide = interval(confidence), interval(confidence + more)
        assert wide.lower <= narrow.lower
        assert narrow.upper <= wide.upper


@given(st.lists(st.integers(0, 400), min_size=2, max_size=60), confidences)
def test_a_mean_lies_in_the_middle_of_its_interval(days, confidence):
    values = np.array(days, dtype=float)
    limits = mean_interval(values.sum(), (values**2).sum(), values.size, confidence=confidence)
    assert limits.lower <= values.mean() + 1e-9
    np.testing.assert_allclose((limits.lower + limits.upper) / 2, values.mean(), rtol=1e-9, atol=1e-9)


@given(st.lists(st.integers(-1000, 1000), unique=True, max_size=80), st.integers(1, 12))
def test_quantile_groups_are_balanced_and_in_order(distinct, groups):
    result = quantile_group(distinct, groups)
    if len(distinct) < groups:
        assert np.isnan(result).all()
        return
    sizes = [int((result == group).sum()) for group in range(1, groups + 1)]
    assert sum(sizes) == len(distinct)
    assert max(sizes) - min(sizes) <= 1
    assert (np.diff(result[np.argsort(distinct)]) >= 0).all()


@given(st.lists(st.one_of(st.integers(0, 5).map(float), st.just(np.nan)), max_size=40), st.integers(1, 5), st.randoms())
def test_quantile_groups_do_not_depend_on_order_nor_ties_differ(values, groups, random):
    order = list(range(len(values)))
    random.shuffle(order)
    result = quantile_group(values, groups)
    np.testing.assert_array_equal(quantile_group([values[i] for i in order], groups), result[order])
    for value in set(values):
        assert len(set(result[np.array(values) == value].astype(str))) <= 1
