"""The five measures asked of a built store through a Session, then passed through the gate, each timed apart.

    python benchmarks/with_farr.py HOME ANSWER.parquet TIMES.json

A new ledger, so that nothing was released before. A Session is asked as the desk asks it: questions that share records in one pass.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
from country import AGREEMENT
from five import KEYS, LEVELS, MEASURES, MONTHLY, YEAR, YEARLY

from farr.lab.desk.home import Home, code_version
from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.disclosure.gate import release
from farr.lab.disclosure.history.nested import conditions_of
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.held import Review
from farr.lab.engine.session import Session
from farr.lab.measures.estimators import ESTIMATORS
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import questions
from farr.lab.model.discover import discover
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Question


def asked() -> list[Question]:
    """Every question about the five measures, at each level that they are made at: the year and its months."""
    known = discover("farr.lab.measures.definitions", Measure)
    year = Period(Month.parse(YEAR[0]), Month.parse(YEAR[1]))
    return [
        question
        for name in MEASURES
        for level in LEVELS
        if level in known[name].levels
        for question in questions(known[name], level=level, period=year, trend=year, verdict=True)
    ]


def answered(released: list[Released]) -> pd.DataFrame:
    """The released figures of records (not of populations), a row for each measure, grouping, code and month."""
    found: list[dict[str, object]] = []
    for each in released:
        measure = each.name.removesuffix(".monthly")
        if measure in MEASURES:
            found += [_row(measure, each, row) for row in each.table.to_pylist()]
    frame = pd.DataFrame(found)
    # The nation and regions stand in several releases: each is looked at, the first kept.
    return frame[frame["grouping"].isin(YEARLY)].drop_duplicates(KEYS)


def _row(measure: str, each: Released, row: dict[str, object]) -> dict[str, object]:
    dimensions, monthly = each.manifest.question["groupings"][row["grouping"]]
    grouping = dimensions[0] if dimensions else "national"
    assert not monthly or grouping in MONTHLY
    return {
        "measure": measure, "grouping": grouping, "code": row[grouping] if dimensions else "", "month": row["month"] if monthly else "",
        "numerator": row.get("numerator"), "denominator": row.get("denominator"), "numerator_persons": None,
        "denominator_persons": None, "squares": row.get("squares"),
    }  # fmt: skip


def _beside(wanted: list[Question]) -> dict[str, dict[str, ir.BooleanValue]]:
    """By table, the cohorts that are counted: by the time that the last comes to the gate, the others were released."""
    found: dict[str, dict[str, ir.BooleanValue]] = {}
    for question in wanted:
        found.setdefault(question.table.name, {}).update(conditions_of(question))
    return found


def main() -> None:
    home, answer, times = (Path(each) for each in sys.argv[1:])
    place = Home(home)
    terms = place.agreement(AGREEMENT).terms
    started = time.perf_counter()
    session = Session(place.store(AGREEMENT), terms, ESTIMATORS, code_version())
    wanted = asked()
    sealed = session.ask_many(wanted, _beside(wanted))
    counted = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.jsonl")
        review = Review(registry=RegisteredMeasures())
        released = [release(each, ledger, review) for each in sealed]
    gated = time.perf_counter()
    answered(released).to_parquet(answer)
    found = {"questions": len(wanted), "counting": counted - started, "gate": gated - counted}
    times.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
