"""Assess: a worked example by hand, what is counted, and the declarations."""

from dataclasses import replace

import pyarrow as pa
import pytest

from farr.lab.measures.measure import Direction, Measure, MeasureKind
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.planning.family import families
from farr.lab.planning.opportunity.assess import Compared, Organisation, Settings, assess, ranked, without_overlaps
from farr.lab.planning.opportunity.mitigating import as_mitigation, measure_of
from farr.lab.planning.opportunity.pools import OpportunityError
from farr.lab.planning.opportunity.prices import NATION, OWN, Priced, bed_days, price
from farr.lab.planning.opportunity.questions import LEVELS, opportunity_questions
from farr.lab.planning.opportunity.value import Means, Price, declared
from farr.lab.planning.projection.mitigation import Effect

MEASURES = discover("farr.lab.measures.definitions", Measure)
YEAR = Period.parse("2024-04..2025-03")
SETTINGS = Settings(runs=2000)
STAY = MEASURES["emergency_length_of_stay"]


def organisation(code, value, *, width=0.02, denominator=1000.0):
    return Organisation(
        code=code, numerator=value * denominator, denominator=denominator, value=value, lower=value - width, upper=value + width
    )  # fmt: skip


def compared(measure, own, values, *, best=None, norm_value, width=0.02):
    members = tuple(organisation(f"P{place}", value, width=width) for place, value in enumerate(values))
    return Compared(measure=measure, own=organisation("OWN", own, width=width), members=members, best=best, norm_value=norm_value)


PEERS = (3.0, 3.1, 3.2, 3.3, 3.4, 4.0, 4.1, 4.2, 4.3, 4.4)


def test_a_sure_difference_is_worth_days_times_spells_times_price():
    """The best five have 3.2 days on average; 5.2 days × 1,000 spells are 2,000 days more, at £300 each."""
    case = compared(STAY, 5.2, PEERS, best=5, norm_value=3.2)
    found = assess(case, declared()[STAY.name], Priced(pounds=300.0, whose=NATION), SETTINGS)
    assert found.classic == pytest.approx(600_000)
    assert found.gain.median == pytest.approx(600_000, rel=0.01)
    assert found.units == pytest.approx(2000, rel=0.01)
    assert found.is_significant
    assert found.is_counted
    assert found.members == 10


def test_chance_is_taken_off_and_the_same_seed_gives_the_same_figures():
    case = compared(STAY, 5.2, PEERS, best=5, norm_value=3.2, width=3.0)
    value, pounds = declared()[STAY.name], Priced(pounds=300.0, whose=NATION)
    found = assess(case, value, pounds, SETTINGS)
    assert 0 < found.gain.median < found.classic / 2
    assert not found.is_counted
    assert assess(case, value, pounds, SETTINGS).gain == found.gain
    assert assess(case, value, pounds, replace(SETTINGS, seed=2)).gain != found.gain


def test_of_a_rate_where_less_is_worse_the_difference_turns():
    measure = MEASURES["day_case_rate"]
    assert measure.direction is Direction.LOWER_IS_WORSE
    case = compared(measure, 70.0, [80.0, 81.0, 82.0, 83.0, 84.0], norm_value=82.0)
    found = assess(case, declared()[measure.name], Priced(pounds=10.0, whose=NATION), SETTINGS)
    # 12 points of 1,000 planned spells, at £10
    assert found.classic == pytest.approx(1200)
    assert found.is_significant
    better = assess(compared(measure, 90.0, [80.0, 81.0, 82.0, 83.0], norm_value=81.5), declared()[measure.name], found.price, SETTINGS)
    assert better.gain.median < 0
    assert not better.is_counted


def test_of_a_standardised_rate_the_count_that_there_is_stands_for_the_rate():
    measure = MEASURES["emergency_admissions_standardised"]
    assert measure.kind is MeasureKind.DIRECTLY_STANDARDISED
    own = Organisation(code="OWN", numerator=900.0, denominator=8000.0, value=120.0, lower=119.0, upper=121.0)
    members = tuple(organisation(f"P{place}", value, width=1.0) for place, value in enumerate((99.0, 100.0, 101.0, 100.0, 100.0)))
    case = Compared(measure=measure, own=own, members=members, best=None, norm_value=100.0)
    found = assess(case, declared()[measure.name], Priced(pounds=2000.0, whose=OWN), SETTINGS)
    assert found.classic == pytest.approx(20 * 900 / 120 * 2000)


def test_too_few_who_are_shown_and_measures_without_a_better_end_are_refused():
    with pytest.raises(OpportunityError, match="only 4 of those compared with have figures"):
        assess(compared(STAY, 5.0, PEERS[:4], best=5, norm_value=3.0), declared()[STAY.name], Priced(pounds=1.0, whose=""), SETTINGS)
    neither = MEASURES["zero_stay_emergencies"]
    with pytest.raises(OpportunityError, match="neither end"):
        assess(compared(neither, 5.0, PEERS, norm_value=3.0), declared()[STAY.name], Priced(pounds=1.0, whose=""), SETTINGS)


def test_together_payments_and_capacity_stay_apart_and_overlaps_are_taken_off():
    pounds = Priced(pounds=100.0, whose=NATION)
    found = [
        assess(compared(MEASURES[name], 5.2, PEERS, best=5, norm_value=3.2), declared()[name], pounds, SETTINGS)
        for name in ("emergency_length_of_stay", "elective_length_of_stay", "length_of_stay", "excess_bed_days")
    ]
    parted, together = without_overlaps(ranked(found), {})
    capacity, payment = together[Means.CAPACITY], together[Means.PAYMENT]
    days = {each.measure.name: each.gain.median for each in parted}
    # Emergency and planned stays share nothing with each other, and each lies wholly within all stays: by turns all but one come off.
    expected = sum(days[name] for name in ("emergency_length_of_stay", "elective_length_of_stay", "length_of_stay"))
    taken = min(days["length_of_stay"], days["emergency_length_of_stay"]) + min(days["length_of_stay"], days["elective_length_of_stay"])
    assert capacity.parts == pytest.approx(expected)
    assert capacity.total == pytest.approx(expected - taken)
    assert payment.total == pytest.approx(payment.parts) == pytest.approx(days["excess_bed_days"])
    assert sum(each.kept for each in parted) == pytest.approx(capacity.total + payment.total)
    assert all(each.kept <= each.gain.median * 1.000001 for each in parted)


def test_nothing_counted_comes_to_nothing():
    found = assess(compared(STAY, 3.0, PEERS, best=5, norm_value=3.2), declared()[STAY.name], Priced(pounds=100.0, whose=NATION), SETTINGS)
    parted, together = without_overlaps([found], {})
    assert parted[0].kept is None
    assert together[Means.CAPACITY].gain is None
    assert together[Means.CAPACITY].total == 0


def released(rows):
    names = [name for name in rows[0] if name not in ("grouping", "provider")]
    columns = {name: pa.array([row[name] for row in rows], pa.float64()) for name in names}
    columns |= {f"{name}__status": pa.array(["suppressed" if row[name] is None else "rounded" for row in rows]) for name in names}
    return pa.table({
        "grouping": pa.array([row["grouping"] for row in rows], pa.int64()),
        "provider": pa.array([row["provider"] for row in rows], pa.string()), **columns,
    })  # fmt: skip


def test_prices_are_the_organisations_own_where_shown_and_else_the_nations():
    table = released(
        [
            {"grouping": 0, "provider": "RAA", "emergency_number": 100.0, "emergency_paid": 250_000.0},
            {"grouping": 0, "provider": "RBB", "emergency_number": None, "emergency_paid": None},
            {"grouping": 1, "provider": None, "emergency_number": 1000.0, "emergency_paid": 2_000_000.0},
        ]
    )
    tables = {"spells": table}
    assert price(Price.EMERGENCY_SPELL, tables, "provider", "RAA") == Priced(pounds=2500.0, whose=OWN)
    assert price(Price.EMERGENCY_SPELL, tables, "provider", "RBB") == Priced(pounds=2000.0, whose=NATION)
    assert price(Price.EMERGENCY_SPELL, tables, "provider", "RXX") == Priced(pounds=2000.0, whose=NATION)  # it has no row
    assert price(Price.EMERGENCY_SPELL, tables, "provider", None) == Priced(pounds=2000.0, whose=NATION)
    assert price(Price.EMERGENCY_SPELL, {}, "provider", "RAA") is None
    assert price(Price.POUND, {}, "provider", "RAA") == Priced(pounds=1.0, whose="")
    nation = released([{"grouping": 0, "provider": None, "of_days": 50.0, "paid": 15_000.0}])
    both = {"excess_days": nation, "excess_paid": nation}
    assert price(Price.BED_DAY, both, "provider", "RAA") == Priced(pounds=300.0, whose=NATION)
    assert price(Price.BED_DAY, {"excess_days": nation}, "provider", "RAA") is None
    assert bed_days({}, "provider", "RAA") == {}


def test_hidden_days_are_none_and_never_nothing():
    table = released([{"grouping": 0, "provider": "RAA", "emergency": 10.0, "excess": None}])
    days = bed_days({"days": table}, "provider", "RAA")
    assert days["emergency"] == 10.0
    assert days["excess"] is None


def test_every_declaration_is_of_a_measure_with_a_better_end_at_some_level():
    assert len(declared()) > 15
    for name, value in declared().items():
        measure = MEASURES[name]
        assert measure.direction is not Direction.NEITHER, name
        assert measure.kind.is_ranked, name
        assert set(LEVELS) & set(measure.levels), name
        assert value.source, name
        assert value.limits, name


@pytest.mark.parametrize("level", LEVELS)
def test_every_question_is_registered(level):
    for name, question in opportunity_questions(level, YEAR).items():
        assert question.name == f"opportunity.{name}"
        put = families()["opportunity"].questions(question.name, level, YEAR)
        assert [each.identity for each in put] == [question.identity]
    assert families()["opportunity"].questions("opportunity.nothing", level, YEAR) == []
    assert families()["opportunity"].questions("opportunity.spells", "practice", YEAR) == []


def test_an_opportunity_is_a_mitigation_of_the_share_of_activity_that_would_be_left_out():
    """2,000 days fewer of 5,200 nights are, with a day more a stay, 2,000 of 6,200 days."""
    found = assess(compared(STAY, 5.2, PEERS, best=5, norm_value=3.2), declared()[STAY.name], Priced(pounds=300.0, whose=NATION), SETTINGS)
    made = as_mitigation(found)
    assert made.effect is Effect.SHORTENED
    assert made.strength.middle == pytest.approx(2000 / 6200, rel=0.01)
    assert made.strength.low < made.strength.middle < made.strength.high
    none = assess(compared(STAY, 2.0, PEERS, best=5, norm_value=3.2), declared()[STAY.name], Priced(pounds=300.0, whose=NATION), SETTINGS)
    with pytest.raises(OpportunityError, match="no worse than its norm"):
        as_mitigation(none)
    with pytest.raises(OpportunityError, match="cannot be a mitigation; these can: emergency_admissions"):
        measure_of("opportunity:cost_per_weighted_spell")
