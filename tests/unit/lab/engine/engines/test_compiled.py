"""Questions written out as SQL once: the text for any months is that of a question about these very months."""

import pytest

from farr.lab.engine.cells import cells, coded, narrowed, together, with_tests
from farr.lab.engine.engines.compiled import Written, written
from farr.lab.engine.engines.embedded import Embedded
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

DUCKDB = Embedded()
SPELL = APC_SPELL.unbound
GROUPINGS = (Grouping(), Grouping(dimensions=("provider",), monthly=True))


def question(period: str = "2024-01..2024-12", days: int = 1, name: str = "q") -> Question:
    long = SPELL.Length_of_Stay >= days
    aggregates = (
        Aggregate(name="stays", kind=AggregateKind.COUNT, where=long),
        Aggregate(name="days", kind=AggregateKind.SUM, where=long, value=SPELL.Length_of_Stay),
    )
    return Question(
        name=name, table=APC_SPELL, period=Period.parse(period), where=SPELL.Sex.notnull(), aggregates=aggregates,
        groupings=GROUPINGS,
    )  # fmt: skip


@pytest.mark.parametrize("grouping", [0, 1])
@pytest.mark.parametrize("months", [(Month(2024, 5),), tuple(Month(2024, each) for each in range(1, 13))])
def test_the_text_is_that_of_the_question_with_its_months(grouping, months):
    asked, text = together([question()]), Written([question()], DUCKDB)
    assert text.cells(GROUPINGS[grouping], [0], months) == cells(asked.shape(GROUPINGS[grouping], [0]), months, DUCKDB)
    # One month alone is written by Ibis as a list of one as well.
    assert text.rows(months) == narrowed(asked, DUCKDB.sql(with_tests(asked, months, DUCKDB)))
    assert text.codes(months) == DUCKDB.sql(coded(asked, months))


def test_without_a_month_no_row_is_asked_for():
    assert "IN (NULL)" in Written([question()], DUCKDB).rows(())


def test_a_condition_that_several_figures_share_is_one_bit():
    asked = together([question(), question(days=2)])
    assert len(asked.distinct) == 4
    assert len(asked.tests) == 4  # at least one day and two, that the length is recorded, and that the sex is known
    assert len(asked.conditions) == 5  # at least one day and two, each with a length recorded and without, and that the sex is known
    assert list(asked.words.values()) == [0]


def test_other_months_and_names_are_the_same_text_and_other_conditions_are_not():
    first = written([question()], DUCKDB)
    assert written([question(period="2023-01..2023-06", name="other")], DUCKDB) is first
    assert written([question(days=2)], DUCKDB) is not first
    assert "0001-0" not in first.rows([Month(2023, 1)])
