"""False discoveries: the example of the paper, other implementations, and what must hold of any p-values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from farr.lab.planning.coding.discovery import q_values

# Benjamini and Hochberg (1995), section 4.1: fifteen endpoints of a trial, of which four are found at 0.05 and Bonferroni finds three.
PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000,
]  # fmt: skip
several = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_the_papers_example():
    found = q_values(PAPER)
    assert (found <= 0.05).sum() == 4
    assert found[3] == pytest.approx(0.0095 * 15 / 4)


@pytest.mark.parametrize(("dependent", "named", "other"), [(False, "bh", "fdr_bh"), (True, "by", "fdr_by")])
def test_as_scipy_and_statsmodels_have_it(dependent, named, other):
    p = np.random.default_rng(3).random(200) ** 2
    found = q_values(p, dependent=dependent)
    assert found == pytest.approx(stats.false_discovery_control(p, method=named))
    assert found == pytest.approx(multipletests(p, method=other)[1])


def test_what_was_not_tested_is_no_test():
    found = q_values([0.01, np.nan, 0.04])
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(q_values([np.nan, np.nan])).all()


def test_a_p_value_beyond_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        q_values([0.5, 1.2])


@given(several)
def test_no_q_is_below_its_p_and_their_order_is_kept(p):
    found = q_values(p)
    assert (found >= np.array(p) - 1e-12).all()
    assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()
    assert (q_values(p, dependent=True) >= found - 1e-12).all()
