"""XmR charts of NHS England's monthly A&E attendances by provider (2016 to 2019) against a twin written point by point."""

import csv
import os
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from farr.lab.measures.statistics import xmr_chart

DATA = Path(os.environ.get("FARR_SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data")) / "nhsr_datasets"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="shared/data/nhsr_datasets is absent; set FARR_SHARED_DATA")


def _series():
    months = defaultdict(dict)
    with (DATA / "ae_attendances.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["type"] == "1":
                months[row["org_code"]][row["period"]] = float(row["attendances"])
    return {code: [by_month[month] for month in sorted(by_month)] for code, by_month in months.items() if len(by_month) >= 13}


def _limits(values):
    ranges = [abs(b - a) for a, b in pairwise(values)]
    average = sum(ranges) / len(ranges)
    kept = [r for r in ranges if r < 3.267 * average]
    return sum(values) / len(values), 2.66 * sum(kept) / len(kept)


def _runs(values, length):
    return [range(start, start + length) for start in range(len(values) - length + 1)]


def _rule(values, i, mean, reach):
    """The first rule that holds at point i, as NHSRplotthedots words them."""
    side = [(v > mean) - (v < mean) for v in values]
    close = [reach * 2 / 3 < abs(v - mean) <= reach for v in values]
    if abs(values[i] - mean) > reach:
        return "outside limits", side[i]
    for run in reversed([run for run in _runs(values, 7) if i in run]):
        steps = {(values[j + 1] > values[j]) - (values[j + 1] < values[j]) for j in run[:-1]}
        if steps in ({1}, {-1}):
            return "trend of 7", steps.pop()
    for run in _runs(values, 3):
        if i in run and close[i] and sum(close[j] for j in run) >= 2 and abs(sum(side[j] for j in run)) == 3:
            return "2 of 3 near the limit", side[i]
    if any(i in run and abs(sum(side[j] for j in run)) == 7 for run in _runs(values, 7)):
        return "7 on one side", side[i]
    return "", 0


def test_every_point_of_every_provider():
    series = _series()
    assert len(series) > 100
    seen = set()
    for values in series.values():
        chart = xmr_chart(values, improvement="down")
        mean, reach = _limits(values)
        assert (chart.mean, chart.lower, chart.upper) == pytest.approx((mean, mean - reach, mean + reach), rel=1e-12)
        for i in range(len(values)):
            rule, sign = _rule(values, i, mean, reach)
            expected = {0: "common cause", 1: "special cause concern", -1: "special cause improvement"}[sign]
            assert (chart.rule[i], chart.type[i]) == (rule, expected)
        seen.update(chart.rule)
    assert seen == {"", "outside limits", "trend of 7", "2 of 3 near the limit", "7 on one side"}
    assert np.isfinite(chart.moving_range[1:]).all()
