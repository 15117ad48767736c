"""Pathways: the identities of the published bypass case, worked out by hand, and what is asked and said."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.engine.sql import sql_of
from farr.lab.marts.pathways.pathway import (
    CRITICAL_CARE_DAYS,
    ITEMS,
    READMISSIONS,
    VISITS_AFTER,
    WARD_DAYS,
    PathwayError,
    Standard,
    declared,
    pathway,
)
from farr.lab.model.example import read_table
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Grouping, QuestionError
from farr.lab.model.tables.pathway import PATHWAY_SPELL
from farr.lab.planning.opportunity.value import Means
from farr.lab.planning.pathways.compare import (
    BEST_QUARTER,
    Aim,
    Practice,
    aim,
    critical_care_day,
    gap,
    hidden,
    net,
    parse_moved,
    parse_standards,
    practices,
)
from farr.lab.planning.pathways.questions import AFTER, BEFORE, LEVELS, PARTS, STAY, Held, months_of, pathway_question

YEAR = Period.parse("2024-04..2025-03")
CABG = declared()["cabg"]


def practice(mean, *, spells=100.0, width=0.2, beyond=None, organisation="RAA"):
    return Practice(
        organisation=organisation, spells=spells, total=mean * spells, mean=mean, lower=mean - width, upper=mean + width, beyond=beyond
    )  # fmt: skip


def test_the_identities_of_the_bypass_case():
    """1.8 days against 1, at 100 spells and £1,200 a day: 0.8 × 100 × 1,200 = £96,000. Three visits at home for £45 are stopped, £13,500;
    one and a half clinics for £85 added, £12,750: £96,750. Volumes and prices are made up: the published case gives none."""
    days = gap(CRITICAL_CARE_DAYS, practice(1.8, beyond=110.0), aim(CABG, CRITICAL_CARE_DAYS, [], {}), 1200.0, is_declared=True)
    assert days.pounds == pytest.approx(96_000)
    assert days.sure == pytest.approx(0.6 * 100 * 1200)
    assert days.by_spell == pytest.approx(132_000)
    assert days.by_spell >= days.pounds  # short stays do not make up for long ones
    ward = gap(WARD_DAYS, practice(7.0), Aim(quantity=6.0, basis=BEST_QUARTER), 300.0, is_declared=False)
    assert ward.pounds == pytest.approx(30_000)
    assert ward.means is Means.CAPACITY
    moved = [*parse_moved(["care at home=3@45"], is_stopped=True), *parse_moved(["clinic=1.5@£85"], is_stopped=False)]
    assert [each.worth(100) for each in moved] == [13_500, -12_750]
    assert net([days, ward], moved, 100) == pytest.approx(96_750)  # ward days are nobody's payment


def test_who_does_better_than_the_standard_owes_nothing_and_makes_up_for_nothing():
    better = gap(CRITICAL_CARE_DAYS, practice(0.5), Aim(quantity=1.0, basis="yours"), 1200.0, is_declared=False)
    assert (better.pounds, better.sure, better.by_spell) == (0, 0, None)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.floats(0, 20))
def test_spell_by_spell_is_never_less_than_on_average(days, standard):
    beyond = sum(max(0.0, each - standard) for each in days)
    mean = sum(days) / len(days)
    found = gap(
        WARD_DAYS, practice(mean, spells=len(days), width=0.0, beyond=beyond), Aim(quantity=standard, basis="x"), 1.0, is_declared=True
    )  # fmt: skip
    assert found.by_spell >= found.pounds - 1e-9


def test_the_standard_is_yours_or_the_declared_one_or_what_the_best_quarter_does():
    shown = [practice(mean, organisation=f"R{mean}") for mean in (4.0, 5.0, 6.0, 7.0, 8.0)]
    assert aim(CABG, CRITICAL_CARE_DAYS, shown, {}) == Aim(quantity=1.0, basis="declared, not verified")
    assert aim(CABG, CRITICAL_CARE_DAYS, shown, {CRITICAL_CARE_DAYS: 1.5}) == Aim(quantity=1.5, basis="yours")
    assert aim(CABG, WARD_DAYS, shown, {}) == Aim(quantity=5.0, basis=BEST_QUARTER)
    assert aim(CABG, WARD_DAYS, shown[:3], {}) is None


SPELLS = """
    Spell_Key | Provider_Code | Pathway | Critical_Care_Days | Ward_Days | Critical_Care_Cost | Visits_After | Readmissions | Activity_Month
    1 | RAA | cabg     | 3 | 6 | 3000.00 | 2 | 0 | 2024-04
    2 | RAA | cabg     | 0 | 5 |    0.00 | 0 | 1 | 2024-04
    3 | RAA | cabg     | 2 | 7 | 2500.00 | 1 | 0 | 2024-05
    4 | RAA | cataract | 0 | 0 |    0.00 | 3 | 0 | 2024-05
"""


def figures(asked):
    rows = PATHWAY_SPELL.unbound
    summed = rows.aggregate(
        **{
            each.name: rows.count(where=asked.where & each.where) if each.value is None else each.value.sum(where=asked.where & each.where)
            for each in asked.aggregates
        }
    )
    with duckdb.connect() as connection:
        table = pa.Table.from_pylist(read_table(SPELLS, PATHWAY_SPELL), schema=PATHWAY_SPELL.schema.to_pyarrow())
        connection.register("pathway_spell", table)
        (found,) = connection.execute(sql_of(summed)).to_arrow_table().to_pylist()
    return {name: float(value) for name, value in found.items()}


def test_what_is_added_up_of_stays_and_beyond_the_standard():
    assert figures(pathway_question(CABG, STAY, level="provider", period=YEAR)) == {
        "spells": 3, "critical_care_days": 5, "critical_care_days_squares": 13, "critical_care_days_beyond": 3,
        "ward_days": 18, "ward_days_squares": 110, "critical_care_cost": 5500,
    }  # fmt: skip
    assert figures(pathway_question(CABG, AFTER, level="provider", period=YEAR)) == {
        "spells": 3, "visits_after": 3, "visits_after_squares": 5, "readmissions": 1, "readmissions_squares": 1,
    }  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", declared())
def test_a_desk_knows_the_questions_and_no_finer_one(name, part, level):
    asked = replace(pathway_question(declared()[name], part, level=level, period=YEAR), left_out=(Month(2024, 5),))
    assert asked.identity in [each.identity for each in RegisteredMeasures().put(asked)]
    finer = replace(asked, groupings=(Grouping(dimensions=(level, "age_band")), Grouping()))
    other = pathway_question(
        replace(declared()[name], standards={WARD_DAYS: Standard(quantity=2.5, source="", is_verified=False)}),
        STAY,
        level=level,
        period=YEAR,
    )
    for each in (finer, other, replace(asked, name="pathway.nothing.stay"), replace(asked, name=f"pathway.{name}.nothing")):
        assert each.identity not in [known.identity for known in RegisteredMeasures().put(each)]


def test_levels_and_parts_that_are_none_are_refused():
    with pytest.raises(QuestionError, match="only at: provider, commissioner"):
        pathway_question(CABG, STAY, level="practice", period=YEAR)
    with pytest.raises(QuestionError, match="no part 'nothing'"):
        pathway_question(CABG, "nothing", level="provider", period=YEAR)


def test_only_months_around_which_enough_is_held_are_asked_for_visits():
    held = Held(spells=Period.parse("2024-01..2025-03"), appointments=Period.parse("2024-01..2025-02"))
    # 90 days are up to four months of 28, and a stay may begin in the month before that of its discharge.
    assert months_of(CABG, STAY, YEAR, held) == YEAR
    assert months_of(CABG, BEFORE, YEAR, held) == Period.parse("2024-06..2025-02")
    assert months_of(CABG, AFTER, YEAR, held) == Period.parse("2024-04..2024-10")
    assert months_of(CABG, BEFORE, YEAR, replace(held, appointments=None)) is None
    assert months_of(CABG, AFTER, YEAR, replace(held, appointments=None)) == Period.parse("2024-04..2024-11")
    assert months_of(CABG, AFTER, Period.parse("2025-02..2025-03"), held) is None


def released(rows):
    names = [name for name in rows[0] if name not in ("grouping", "provider")]
    columns = {name: pa.array([row[name] for row in rows], pa.float64()) for name in names}
    columns |= {f"{name}__status": pa.array(["suppressed" if row[name] is None else "rounded" for row in rows]) for name in names}
    return pa.table({
        "grouping": pa.array([row["grouping"] for row in rows], pa.int64()),
        "provider": pa.array([row["provider"] for row in rows], pa.string()), **columns,
    })  # fmt: skip


def stay(grouping, code, spells, days, squares, beyond, cost=0.0):
    return {
        "grouping": grouping, "provider": code, "spells": spells, CRITICAL_CARE_DAYS: days, f"{CRITICAL_CARE_DAYS}_squares": squares,
        f"{CRITICAL_CARE_DAYS}_beyond": beyond, "critical_care_cost": cost,
    }  # fmt: skip


def test_practices_are_those_shown_and_the_hidden_are_counted_not_guessed():
    part = released([
        stay(0, "RAA", 100.0, 180.0, 400.0, 90.0), stay(0, "RBB", 20.0, None, None, None), stay(0, "RCC", 50.0, 50.0, 60.0, None),
        stay(0, "unknown", 10.0, 10.0, 10.0, 0.0), stay(1, None, 200.0, 300.0, 700.0, 120.0, 360_000.0),
    ])  # fmt: skip
    found = practices(part, CRITICAL_CARE_DAYS, "provider")
    assert [each.organisation for each in found] == ["RAA", "RCC"]
    assert found[0].mean == 1.8
    # variance (400 − 100 × 1.8²) / 99, Student's t of 99 degrees 1.984
    assert found[0].upper - found[0].mean == pytest.approx(1.984 * (76 / 99 / 100) ** 0.5, abs=1e-3)
    assert (found[0].beyond, found[1].beyond) == (90.0, None)
    assert hidden(part, CRITICAL_CARE_DAYS, "provider") == 1
    assert critical_care_day(part) == 1200.0
    assert critical_care_day(released([stay(0, "RAA", 100.0, 180.0, 400.0, 90.0)])) is None


def test_what_is_typed_wrongly_says_how_it_is_written():
    assert parse_standards(["critical_care_days=1", "ward_days = 4.5"]) == {CRITICAL_CARE_DAYS: 1.0, WARD_DAYS: 4.5}
    for wrong in ("critical_care_days", "days=1", "ward_days=-1", "ward_days=nan"):
        with pytest.raises(PathwayError, match="--standard"):
            parse_standards([wrong])
    for wrong in ("clinic", "clinic=1", "=1@2", "clinic=-1@2", "clinic=1@-2"):
        with pytest.raises(PathwayError, match="--add"):
            parse_moved([wrong], is_stopped=False)


def test_every_pathway_says_why_and_from_where():
    assert {"cabg", "hip_replacement", "cataract"} <= set(declared())
    for each in declared().values():
        assert each.why
        assert each.source
        assert all(standard.source for standard in each.standards.values())
    assert {VISITS_AFTER, READMISSIONS} < set(ITEMS)
    with pytest.raises(PathwayError, match="farr pathways"):
        pathway("nothing")
    with pytest.raises(PathwayError, match="no item"):
        replace(CABG, standards={"nothing": Standard(quantity=1, source="", is_verified=False)})
    with pytest.raises(PathwayError, match="a year at most"):
        replace(CABG, before=400)
