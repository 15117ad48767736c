"""The planted outliers are found in what is released, and false alarms are counted."""

import json

import pytest

from farr.lab.desk import Desk
from farr.lab.desk.benchmark import Benchmark
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.supplier.synthetic.truth import score
from tests.share import WHOLE, a_third

# Measured on a year of every feed: 23 hits of 24 and 24 false alarms among 9,308 verdicts of 63 measures, about what limits of 99.8%
# leave to chance (19), and none beside another plant. The miss is for small numbers: 55 operations a year, in a country where most
# hospitals have fewer than can be shown. Which are withheld with those hangs on the home's secret: the planted one among them, or it is
# shown, within the limits of the few beside it. `make test` has no outpatients, and asks the measures that have a plant and a third of the
# others: 21 hits of 22 and 5 false alarms among 4,577 verdicts.
PLANTED, ASSESSED, MOST_FALSE_ALARMS = (24, 9000, 24) if WHOLE else (22, 4000, 10)
LEAST_HITS = PLANTED - 1
KNOWN_MISS = "critical_care_days_per_cabg"


def asked_of(desk, measures, levels):
    """A benchmark for every measure at each level, by one organisation, whose rows are all organisations of the level."""
    requests = [
        BenchmarkRequest(organisation=organisation, measure=name, level=level)
        for name, measure in measures.items()
        for level, organisation in levels.items()
        if level in measure.levels
    ]
    return [each for each in desk.answer_many(requests) if isinstance(each, Benchmark)]


@pytest.mark.slow
def test_planted_outliers_are_found_and_false_alarms_counted(year, capsys):
    desk, facts = Desk.open(year.home), json.loads((year.raw / "truth.json").read_text())
    held = {name: measure for name, measure in desk.measures.items() if measure.table is not OP_APPOINTMENT or WHOLE}
    facts["planted"] = [plant for plant in facts["planted"] if plant["measure"] in held]
    of_plants = {plant["measure"] for plant in facts["planted"]}
    asked = of_plants | set(a_third([name for name in held if name not in of_plants], 0))
    levels = {plant["level"]: plant["organisation"] for plant in facts["planted"]}
    found = asked_of(desk, {name: measure for name, measure in held.items() if name in asked}, levels)
    rows = [(each.measure.name, each.level, row) for each in found for row in each.rows.table.to_pylist()]
    assessed = sum(row["verdict"] is not None for *_, row in rows)
    loud = {(name, level, row["organisation"], row["verdict"]) for name, level, row in rows if row["verdict"] in {"high", "low"}}
    scored = score(loud, facts)
    with capsys.disabled():
        counts = ", ".join(f"{len(each)} {name.replace('_', ' ')}" for name, each in scored.items())
        print(f"\nplanted outliers: {counts}; {assessed} verdicts; missed: {scored['misses']}")  # noqa: T201
    assert len(facts["planted"]) == PLANTED
    assert {each.measure.name for each in found} == asked
    assert assessed > ASSESSED
    assert len(scored["hits"]) >= LEAST_HITS
    assert len(scored["false_alarms"]) <= MOST_FALSE_ALARMS
    for measure, level, organisation, _ in scored["misses"]:
        (row,) = [row for name, at, row in rows if (name, at, row["organisation"]) == (measure, level, organisation)]
        assert measure == KNOWN_MISS
        assert (row["status"], row["verdict"]) in {("suppressed", None), ("rounded", "as expected")}
