"""The planted outliers are found in what is released, and false alarms are counted."""

import json

import pytest

from farr.lab.desk import Desk
from farr.supplier.synthetic.truth import score

# Measured on this country (24 months of seed 7 at scale 0.01): 12 hits and 4 false alarms among 1,272 verdicts. Another seed is another
# draw: with plants on small providers, and milder ones of length of stay and excess bed days, 10 of 12 were found, the other two beyond
# the 95% limits but within the 99.8%.
LEAST_HITS = 12
MOST_FALSE_ALARMS = 8


@pytest.mark.slow
def test_planted_outliers_are_found_and_false_alarms_counted(country, capsys):
    desk, facts = Desk.open(country.home), json.loads((country.raw / "truth.json").read_text())
    asked = {plant["level"]: plant["organisation"] for plant in facts["planted"]}
    rows = [
        (name, level, row)
        for name, measure in desk.measures.items()
        for level, organisation in asked.items()
        if level in measure.levels
        for row in desk.benchmark(organisation=organisation, measure=name).rows.table.to_pylist()
    ]
    assessed = sum(row["verdict"] is not None for *_, row in rows)
    loud = {(name, level, row["organisation"], row["verdict"]) for name, level, row in rows if row["verdict"] in {"high", "low"}}
    found = score(loud, facts)
    with capsys.disabled():
        counts = ", ".join(f"{len(each)} {name.replace('_', ' ')}" for name, each in found.items())
        print(f"\nplanted outliers: {counts}; {assessed} verdicts; missed: {found['misses']}")  # noqa: T201
    assert len(facts["planted"]) == 24
    assert assessed > 1000
    assert len(found["hits"]) >= LEAST_HITS
    assert len(found["false_alarms"]) <= MOST_FALSE_ALARMS
