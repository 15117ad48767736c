import dataclasses

import pytest

from farr.lab.desk import plain
from farr.lab.desk.figures import FiguresError, records, selected
from farr.lab.measures.measure import Direction


def test_finding_counts_only_the_others_that_are_shown(make):
    assert plain.finding(make()) == (
        "Higher than all 8 other commissioners; unlikely to be chance (outside the 99.8% limits around all commissioners)"
    )
    assert plain.finding(make(selected=6)) == "Higher than 5 of 8 other commissioners; within what chance can explain"
    assert plain.finding(make(selected=0)) == "Lower than all 8 other commissioners; within what chance can explain"


def test_finding_of_a_hidden_organisation_says_nothing_of_its_place(make):
    assert plain.finding(make(selected=3)) == "Not shown (small numbers)"


@pytest.mark.parametrize(
    ("direction", "verdict", "tone"),
    [
        (Direction.HIGHER_IS_WORSE, "High: worse than expected", "concern"),
        (Direction.LOWER_IS_WORSE, "High: better than expected", "improvement"),
        (Direction.NEITHER, "High", "notable"),
    ],
)
def test_better_and_worse_are_said_only_where_the_measure_says_so(make, direction, verdict, tone):
    row = selected(make(direction=direction))
    assert plain.verdict(row, direction) == verdict
    assert plain.tone(row, direction) == tone


def test_quarters_respect_direction(make):
    row = selected(make())
    assert plain.quartile(row, Direction.HIGHER_IS_WORSE) == "highest quarter (the worse end)"
    assert plain.quartile(row, Direction.LOWER_IS_WORSE) == "highest quarter (the better end)"
    assert plain.quartile(row, Direction.NEITHER) == "highest quarter"


@pytest.mark.parametrize(
    ("rank", "words"), [(9, "highest of 9"), (8, "2nd highest of 9"), (1, "lowest of 9"), (3, "3rd lowest of 9"), (None, "not ranked")]
)
def test_rank_is_told_from_the_nearer_end(make, rank, words):
    assert plain.rank(dataclasses.replace(selected(make()), rank=rank)) == words


def test_figures_carry_their_units(make):
    share, days = make().measure, make(unit="days a spell").measure
    assert plain.figure(12.345, share) == "12.3% of spells"
    assert plain.short(12.345, share) == "12.3%"
    assert plain.figure(1234.5, days) == "1,234.5 days a spell"
    assert plain.signed(-2.0, share) == "−2.0 points"
    assert plain.figure(None, share) == plain.short(None, share) == plain.HIDDEN


def test_ordinals():
    assert [plain.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "112th",
    ]


def test_run_finding_names_the_latest_change(make):
    assert plain.run_finding(make()) == "Changed for the worse: 1 of 11 months are beyond usual variation, most recently August 2024"


def test_figures_take_only_what_passed_the_gate(make):
    with pytest.raises(FiguresError, match="only released figures can be shown"):
        records(make().rows.table)


@pytest.mark.parametrize(
    ("by", "said"), [("hrg", "HRG"), ("hrg_chapter", "HRG chapter"), ("diagnosis_chapter", "diagnosis chapter"), (None, "part")]
)
def test_a_breakdown_keeps_words_in_capitals(make, by, said):
    assert plain.breakdown(dataclasses.replace(make(), by=by)) == said
