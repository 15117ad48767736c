"""Whatever the counts: verdicts, charts and peers depend on what was measured, not on how it was laid out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.measures.statistics import funnel_limits, funnel_verdict, proportion_funnel, similar_organisations, xmr_chart

VERDICTS = {"high", "low", "as expected", "not assessed"}
METHODS = ["plain", "shmi", "cqc", "proportion"]
organisations = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 2000)).map(lambda pair: (pair[0], pair[0] + pair[1])), min_size=1, max_size=40
)


@pytest.mark.parametrize("method", METHODS)
@given(organisations, st.randoms())
def test_verdicts_do_not_depend_on_order(method, pairs, random):
    order = list(range(len(pairs)))
    random.shuffle(order)
    numerator, denominator = np.array(pairs, dtype=float).T
    verdict = funnel_verdict(numerator, denominator, method=method)
    assert set(verdict) <= VERDICTS
    np.testing.assert_array_equal(funnel_verdict(numerator[order], denominator[order], method=method), verdict[order])


@pytest.mark.parametrize("method", METHODS)
@given(organisations)
def test_limits_lie_around_one_and_outer_around_inner(method, pairs):
    numerator, denominator = np.array(pairs, dtype=float).T
    expected = denominator * 0.37
    funnel = proportion_funnel(numerator, denominator) if method == "proportion" else funnel_limits(numerator, expected, method=method)
    known = funnel.verdict != "not assessed"
    slack = 1e-9
    assert (funnel.lower_998[known] <= funnel.lower_95[known] + slack).all()
    assert (funnel.lower_95[known] <= 1 + slack).all()
    assert (funnel.upper_95[known] <= funnel.upper_998[known] + slack).all()
    assert (funnel.lower_998[known] >= 0).all()
    if method != "plain":  # exact limits of a count are not around its mean where next to nothing is expected
        assert (funnel.upper_95[known] >= 1 - slack).all()


@pytest.mark.parametrize("method", METHODS)
@given(organisations)
def test_high_is_above_and_low_is_below(method, pairs):
    numerator, denominator = np.array(pairs, dtype=float).T
    funnel = (
        proportion_funnel(numerator, denominator) if method == "proportion" else funnel_limits(numerator, denominator * 0.37, method=method)
    )
    slack = 1e-9
    assert (funnel.ratio[funnel.verdict == "high"] > funnel.upper_998[funnel.verdict == "high"] - slack).all()
    assert (funnel.ratio[funnel.verdict == "low"] < funnel.lower_998[funnel.verdict == "low"] + slack).all()
    assert (funnel.ratio[funnel.verdict == "high"] > 1).all()
    assert (funnel.ratio[funnel.verdict == "low"] < 1).all()


@pytest.mark.parametrize("method", ["plain", "shmi", "cqc"])
@given(organisations)
def test_more_confidence_never_finds_more(method, pairs):
    numerator, denominator = np.array(pairs, dtype=float).T
    inner, outer = (funnel_verdict(numerator, denominator, method=method, confidence=level) for level in (0.95, 0.998))
    found = np.isin(outer, ["high", "low"])
    np.testing.assert_array_equal(inner[found], outer[found])


@given(st.lists(st.one_of(st.integers(-50, 50), st.just(None)), max_size=40))
def test_a_chart_turned_upside_down_says_the_opposite(months):
    values = np.array([np.nan if month is None else month for month in months], dtype=float)
    chart, mirror = xmr_chart(values, improvement="up"), xmr_chart(-values, improvement="down")
    np.testing.assert_array_equal(chart.type, mirror.type)
    np.testing.assert_array_equal(chart.rule, mirror.rule)
    neither = xmr_chart(values, improvement="neither")
    np.testing.assert_array_equal(neither.type == "special cause neither", chart.rule != "")
    np.testing.assert_array_equal(chart.type == "common cause", (chart.rule == "") & (chart.type != "not assessed"))


@given(st.integers(3, 20), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_peers_do_not_depend_on_order(size, columns, seed):
    rng = np.random.default_rng(seed)
    features, weights = rng.gamma(2, 5, (size, columns)), rng.uniform(0.1, 1, columns)
    order = rng.permutation(size)
    result = similar_organisations(features, weights=weights, count=2)
    shuffled = similar_organisations(features[order], weights=weights, count=2)
    np.testing.assert_allclose(shuffled.distances, result.distances[order], rtol=1e-6, atol=1e-12)
    assert not (result.indices == np.arange(size)[:, None]).any()
