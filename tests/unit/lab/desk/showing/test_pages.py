"""A page says what the benchmark says, can be asked for again, and holds nothing that is hidden."""

import json
from dataclasses import replace

import pytest

from farr.lab.desk.benchmark import LeftOut
from farr.lab.desk.files import explained, tables
from farr.lab.desk.report.views import views
from farr.lab.desk.showing.cards import norm_card
from farr.lab.desk.showing.overview import overview_of
from farr.lab.desk.showing.page import noticed, page_of
from farr.lab.desk.showing.parts import summary
from farr.lab.measures.norms.similar_ten import NORM
from farr.lab.model.period import Month, Period
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Overview, Page
from tests.unit.lab.desk.conftest import released

REQUEST = BenchmarkRequest(organisation="C09", measure="made_up", why="a question of mine")
MADE = {"made_at": "2025-05-01T09:00:00+00:00"}


@pytest.fixture
def page(make) -> Page:
    return page_of(make(), REQUEST, **MADE)


def test_the_page_is_said_in_the_words_of_the_report(make, page):
    (view,) = views([make()])
    assert page.summary == view.summary and page.facts == view.facts and page.table == view.table
    assert (page.completeness, page.received) == (view.completeness, view.received)
    assert [chart.full for chart in page.charts] == [chart.full for chart in view.charts]
    assert page.explained == tuple(explained(make()))
    assert page.summary.finding.startswith("Higher than all 8 other commissioners; unlikely to be chance")
    assert (page.summary.verdict, page.summary.tone, page.summary.is_outlier) == ("High: worse than expected", "concern", True)
    assert page.measure.direction == "Higher is worse." and page.measure.review_date == "2026-03-31"
    assert page.received.lines[-1].cells == ("90", "100", "60% (may be incomplete)")
    assert page.agreement == "test" and page.releases[0]["policy"] == "hes_2018" and page.dark
    assert not page.is_synthetic and page_of(replace(make(), is_synthetic=True), REQUEST, **MADE).is_synthetic


def test_a_page_comes_back_from_json_as_it_was(page):
    assert Page.model_validate_json(page.model_dump_json()) == page
    assert Page.model_validate(json.loads(json.dumps(page.model_dump(mode="json"), allow_nan=False))) == page


def test_its_request_is_settled_and_says_nothing_to_the_checker(page, make):
    assert page.request == BenchmarkRequest(
        organisation="C09", measure="made_up", norm="national", period="2024-01..2024-12", level="commissioner"
    )
    again = page_of(make(), page.request, **MADE)
    assert again == page


def test_organisations_as_they_were_are_asked_for_as_they_were(make):
    asked = BenchmarkRequest(organisation="C09", measure="made_up", as_was=True)
    page = page_of(replace(make(), level="commissioner_as_was"), asked, **MADE)
    assert (page.request.level, page.request.as_was, page.level) == ("commissioner", True, "commissioner_as_was")


def test_no_hidden_figure_is_in_the_page(make):
    """C03 has 130 of 1,150, 13.0, in the rows where it is shown; month 5 has 34.0."""
    shown = page_of(make(hidden=()), REQUEST, **MADE).model_dump_json()
    hidden = page_of(make(hidden=(3,)), REQUEST, **MADE)
    said = hidden.model_dump_json()
    for figure in ("1150.0", '"1,150"', '"13.0"', "13.0%"):
        assert figure in shown and figure not in said
    assert "34.0" not in said
    (row,) = (row for row in hidden.sheets[0].rows if row[0] == "C03")
    columns = {column.field: cell for column, cell in zip(hidden.sheets[0].columns, row, strict=True)}
    known = {"organisation", "name", "is_selected", "in_norm", "status", "ranked", "norm_value"}
    assert [name for name, cell in columns.items() if name not in known and cell is not None] == []
    (line,) = (line for line in hidden.table.lines if line.code == "C03")
    assert line.cells == ("*", "*", "*", "*", "*", "*", "Not shown")
    assert "C03" not in json.dumps([chart.spec["datasets"] for chart in hidden.charts])


def test_of_a_hidden_organisation_nothing_is_said_but_that(make):
    page = page_of(make(selected=3), REQUEST, **MADE)
    assert (page.summary.figure, page.summary.difference, page.summary.finding) == ("*", "*", "Not shown (small numbers)")
    assert page.summary.value_at_stake is None
    assert {fact.figure for fact in page.facts} == {"*", "15.0%"}


def test_no_figure_that_is_no_number_goes_out(make):
    benchmark = make()
    rows = benchmark.rows.table.to_pylist()
    rows[3] |= {"value": float("nan"), "numerator": float("nan")}
    page = page_of(replace(benchmark, rows=released("rows", rows)), REQUEST, **MADE)
    assert "NaN" not in json.dumps(page.model_dump(mode="json"))


def test_sheets_are_those_of_the_workbook(make, page):
    assert [(sheet.name, sheet.columns) for sheet in page.sheets] == [(name, columns) for name, columns, _ in tables(make())]
    assert [sheet.name for sheet in page.sheets] == ["Benchmark", "Trend", "Completeness"]
    assert all(len(row) == len(sheet.columns) for sheet in page.sheets for row in sheet.rows)
    assert page_of(make(with_months=False), REQUEST, **MADE).sheets[1].rows == ()


def test_a_breakdown_is_shown_and_others_can_be_asked_for(make):
    part = {"code": "100", "name": "Surgery", "numerator": 30.0, "denominator": 100.0, "value": 30.0, "lower": 22.0, "upper": 40.0,
            "status": "shown", "norm_value": 20.0, "difference": 10.0, "share": 0.5, "note": ""}  # fmt: skip
    benchmark = replace(
        make(), by="specialty", parts=released("parts", [part]), measure=replace(make().measure, breakdowns=("specialty", "sex"))
    )
    page = page_of(benchmark, REQUEST.model_copy(update={"by": "specialty"}), **MADE)
    assert page.breakdown is not None and (page.breakdown.by, page.breakdown.title) == ("specialty", "Specialty")
    assert page.breakdown.lines == (("100 Surgery", "50%", "30", "100", "30.0", "22.0 to 40.0", "20.0"),)
    assert page.request.by == "specialty" and [sheet.name for sheet in page.sheets][:2] == ["Benchmark", "Breakdown"]
    assert page.drills == {"specialty": "Specialty", "sex": "Sex"}


def test_small_organisations_are_not_broken_down(make):
    measure = replace(make().measure, breakdowns=("specialty",))
    assert page_of(replace(make(), measure=measure, level="practice"), REQUEST, **MADE).drills == {}


def test_what_is_gone_is_said_once(page):
    said = {"0123456789abcdef": "Records were destroyed.", "another": "Not of this page."}
    marked = noticed(page, said)
    assert marked.notes == ("Records were destroyed.", *page.notes)
    assert marked.explained[-1] == ("Note", "Records were destroyed.")
    assert noticed(marked, said) is marked and noticed(page, {}) is page


def test_an_overview_has_the_most_certain_outliers_first(make):
    calm, outlier, hidden = make(selected=5), make(selected=9), make(selected=3)
    found = overview_of(
        [summary(each) for each in (hidden, calm, outlier)],
        [LeftOut(measure=calm.measure, reason="no records"), LeftOut(measure=replace(calm.measure, title="B"), reason="no records")],
        organisation="C09", organisation_name="Place 9", level="commissioner", norm=NORM, agreement="test", is_synthetic=True, **MADE,
    )  # fmt: skip
    assert [each.verdict for each in found.summaries] == ["High: worse than expected", "As expected", "Not shown"]
    assert found.left_out == (("no records", ("Made-up share", "B")),)
    assert (found.period_title, found.level_title, found.norm_title) == ("January 2024 to December 2024", "Commissioner", "Similar ten")
    assert Overview.model_validate_json(found.model_dump_json()) == found


def test_a_norm_is_described_with_what_is_given_with_it():
    card = norm_card(replace(NORM, name="similar_ten"))
    assert (card.name, card.options, card.levels) == ("similar_ten", ("count",), ("provider", "commissioner"))
    assert card.description == NORM.definition


def spend(make, **changes):
    """A measure of pounds per head: the last commissioner has 40 a head against 15, of 1,450 people."""
    benchmark = make(unit="£ per person a year")
    kind = {"kind": type(benchmark.measure.kind).RATE_PER_HEAD, "numerator": None, "per": 1}
    value = benchmark.measure.table.unbound.is_emergency.cast("float64")
    return replace(benchmark, measure=replace(benchmark.measure, value=value, **{**kind, **changes}))


def test_pounds_beyond_the_norm_are_what_is_at_stake(make):
    assert summary(spend(make)).value_at_stake == 25 * 1450
    assert summary(spend(make, per=1000)).value_at_stake == round(25 * 1450 / 1000)
    neither = type(make().measure.direction).NEITHER
    assert summary(spend(make, direction=neither)).value_at_stake == 25 * 1450


def test_where_pounds_would_not_be_honest_there_are_none(make):
    benchmark = spend(make)
    assert summary(make()).value_at_stake is None  # a share of spells is no money
    assert summary(spend(make, direction=type(make().measure.direction).LOWER_IS_WORSE)).value_at_stake is None
    assert summary(replace(benchmark, period=Period.parse("2024-01..2024-06"))).value_at_stake is None
    left_out = (type("Month", (), {"month": Month(2024, 2), "reason": "r"})(),)
    assert summary(replace(benchmark, left_out=left_out)).value_at_stake is None
    below = benchmark.rows.table.to_pylist()
    below[9] |= {"value": 10.0}
    assert summary(replace(benchmark, rows=released("rows", below))).value_at_stake is None
