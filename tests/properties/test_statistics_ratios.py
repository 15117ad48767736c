"""Whatever the counts: the limits of a ratio lie around it, and turn over with it."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from farr.lab.measures.statistics import poisson_ratio_interval, ratio_of_sums_interval

counts = st.integers(1, 100_000)


@given(counts, counts)
def test_the_limits_of_a_ratio_lie_around_it_and_turn_over(x, y):
    limits, turned = poisson_ratio_interval(x, y, confidence=0.95), poisson_ratio_interval(y, x, confidence=0.95)
    assert limits.lower < x / y < limits.upper
    np.testing.assert_allclose(turned.lower, 1 / limits.upper, rtol=1e-6)
    wider = poisson_ratio_interval(x, y, confidence=0.998)
    assert wider.lower < limits.lower
    assert wider.upper > limits.upper


@given(st.lists(st.tuples(st.floats(0.1, 100), st.floats(0.1, 10)), min_size=2, max_size=30), st.floats(0.1, 50))
def test_a_ratio_of_sums_scales_with_its_unit(pairs, scale):
    y, w = np.array(pairs).T

    def limits(y):
        return ratio_of_sums_interval(
            y.sum(), w.sum(), (y**2).sum(), (w**2).sum(), (y * w).sum(), y.size, confidence=0.95
        )  # fmt: skip

    one, scaled = limits(y), limits(y * scale)
    assume(not np.isnan(one.lower) and not np.isnan(scaled.lower))  # rounding may contradict a constant ratio
    assert one.lower <= y.sum() / w.sum() <= one.upper
    np.testing.assert_allclose(scaled.upper, one.upper * scale, rtol=1e-4)
