"""Primary checks on hand-made figures."""

import numpy as np

from farr.lab.disclosure.tables.checks import fails_p_percent, has_few_contributors, is_dominated, is_small


def test_small_counts():
    assert is_small([0, 1, 7, 8], 7, zero_shown=True).tolist() == [False, True, True, False]
    assert is_small([0, 1, 7, 8], 7, zero_shown=False).tolist() == [True, True, True, False]


def test_few_contributors():
    assert has_few_contributors([0, 1, 9, 10], 10).tolist() == [False, True, True, False]


def test_p_percent():
    # 100 − 80 − 12 = 8, which is just what 10 per cent of 80 is; with 79 + 14 the rest is 7 < 7.9.
    totals, top1, top2 = np.array([100.0, 100.0, 0.0]), np.array([80.0, 79.0, 0.0]), np.array([12.0, 14.0, 0.0])
    assert fails_p_percent(totals, top1, top2, 0.10).tolist() == [False, True, False]
    assert not fails_p_percent(totals, top1, top2, None).any()


def test_dominance():
    totals, top1, top2 = np.array([100.0, 100.0]), np.array([80.0, 60.0]), np.array([12.0, 30.0])
    assert is_dominated(totals, top1, top2, 2, 0.90).tolist() == [True, False]
    assert is_dominated(totals, top1, top2, 1, 0.70).tolist() == [True, False]
    assert not is_dominated(totals, top1, top2, 2, None).any()
