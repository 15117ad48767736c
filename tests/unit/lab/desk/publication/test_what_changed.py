"""What changed, in sentences: months compared with the edition that was published from other data."""

import pytest

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.publication.changed import what_changed
from farr.lab.measures.comparison.changes import ChangeKind
from farr.lab.model.period import Month
from farr.lab.model.request import BenchmarkRequest


def now(desk, measure: str = "day_case_rate", organisation: str = "RA0") -> list[Benchmark]:
    found = desk.answer_many([BenchmarkRequest(organisation=organisation, measure=measure)])
    return [each for each in found if isinstance(each, Benchmark)]


def changed(home, **given):
    desk = home.desk()
    return what_changed(desk, now(desk, **given))


def test_the_edition_before_is_the_year_to_the_month_before(public):
    found = changed(public)
    assert str(found.since) == "2024-02..2025-01"
    assert found.changes == () and found.resent == ()


@pytest.mark.parametrize("publishes_first", [False, True], ids=["before it is published again", "after"])
def test_a_month_sent_again_is_told_with_both_figures(public, publishes_first):
    public.resend([Month(2024, 12)], 1500)
    if publishes_first:
        public.publish()
    (month,) = [each for each in changed(public).changes if each.change.kind is ChangeKind.MONTH_CHANGED]
    assert month.change.month == "2024-12" and month.change.now["denominator"] > month.change.before["denominator"]
    assert month.sentence.startswith("December 2024 has changed since it was published: ")
    assert month.sentence.endswith("% now") or " before, " in month.sentence


def test_a_new_month_alone_is_no_change_of_others(public):
    public.resend([Month(2025, 3)], 900)
    public.publish()
    assert [each for each in changed(public).changes if each.change.kind is ChangeKind.MONTH_CHANGED] == []


def test_without_anything_published_nothing_is_compared_as_published(tiny):
    tiny.resend([Month(2024, 12)], 1500)
    assert [each for each in changed(tiny).changes if each.change.kind is ChangeKind.MONTH_CHANGED] == []


def test_an_edition_that_was_touched_is_not_compared_with(public):
    for path in public.home.published.glob("*/manifest.json"):
        path.write_text(path.read_text().replace("tiny", "huge"))
    public.resend([Month(2024, 12)], 1500)
    assert [each for each in changed(public).changes if each.change.kind is ChangeKind.MONTH_CHANGED] == []


def test_where_no_earlier_month_is_held_there_is_nothing_since(tiny):
    desk = tiny.desk()
    first = desk.answer(BenchmarkRequest(organisation="RA0", measure="day_case_rate", period="2024-01..2024-12"))
    found = what_changed(desk, [first])
    assert found.since is None and found.changes == ()
