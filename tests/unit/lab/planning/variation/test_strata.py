"""What is expected of places, where some of the nation's strata are hidden."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.measures.released_rows import FiguresError
from farr.lab.planning.variation.strata import AGES, SEXES, Strata, expected_of, read_strata, reference_rates

SHAPE = (6, 2, 5)


def strata(cells, margin=None, total=None):
    cells = np.asarray(cells, dtype=float)
    margin = np.nansum(cells, axis=-1) if margin is None else margin
    return Strata(cells=cells, margin=margin, total=float(np.nansum(cells)) if total is None else total)


def test_two_places_by_hand():
    cells, people = np.zeros(SHAPE), np.zeros((2, *SHAPE))
    cells[1, 0, 0], cells[1, 0, 4] = 30, 10  # young men of the most and the least deprived fifth
    people[0, 1, 0, 0], people[1, 1, 0, 0] = 200, 100
    people[1, 1, 0, 4] = 100
    rates = reference_rates(strata(cells), people.sum(axis=0))
    assert rates[1, 0, 0] == pytest.approx(0.1) and rates[1, 0, 4] == pytest.approx(0.1)
    assert expected_of(people, rates, total=40).tolist() == pytest.approx([20, 20])


def test_a_hidden_fifth_takes_what_its_age_and_sex_have_left():
    cells, people = np.zeros(SHAPE), np.ones(SHAPE) * 100
    cells[2, 1] = (20, 15, np.nan, np.nan, 10)
    margin = np.nansum(cells, axis=-1)
    margin[2, 1] = 55
    rates = reference_rates(strata(cells, margin, 55), people)
    assert rates[2, 1].tolist() == pytest.approx([0.2, 0.15, 0.05, 0.05, 0.1])


def test_a_hidden_age_takes_what_the_nation_has_left():
    cells, people = np.zeros(SHAPE), np.ones(SHAPE) * 100
    cells[3, 0] = 10
    cells[0, 0] = np.nan
    margin = cells.sum(axis=-1)
    rates = reference_rates(strata(cells, margin, 60.0), people)
    assert rates[0, 0].tolist() == pytest.approx([0.02] * 5)


def test_without_deprivation_the_margin_is_the_stratum():
    cells, people = np.full(SHAPE, 2.0), np.full((6, 2, 1), 50.0)
    assert reference_rates(strata(cells), people).ravel().tolist() == pytest.approx([0.2] * 12)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_whatever_is_hidden_what_is_expected_adds_up_to_the_nation(seed):
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 1000, (4, *SHAPE)).astype(float)
    exact = rng.poisson(5, SHAPE).astype(float) * (people.sum(axis=0) > 0)
    cells = np.where(rng.random(SHAPE) < 0.3, np.nan, exact)
    margin = np.where(rng.random(SHAPE[:2]) < 0.2, np.nan, exact.sum(axis=-1))
    rates = reference_rates(strata(cells, margin, exact.sum()), people.sum(axis=0))
    assert (rates >= 0).all()
    assert (people.sum(axis=0) * rates).sum() == pytest.approx(exact.sum(), rel=1e-9)
    assert expected_of(people, rates, total=99.0).sum() == pytest.approx(99.0)


def table(rows):
    names = ("grouping", "age_group", "sex", "deprivation", "events", "events__status")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})


def test_released_rows_find_their_places_and_those_that_are_not_known_none():
    found = read_strata(
        table(
            [
                (0, AGES[0], SEXES[1], "5", 20.0, "rounded"), (0, AGES[0], SEXES[1], "unknown", 5.0, "rounded"),
                (0, AGES[5], SEXES[0], "1", None, "suppressed"), (1, AGES[0], SEXES[1], None, 25.0, "rounded"),
                (2, None, None, None, 30.0, "rounded"),
            ]
        ),
        "events",
    )  # fmt: skip
    assert found.cells[0, 1, 4] == 20 and np.isnan(found.cells[5, 0, 0]) and np.nansum(found.cells) == 20
    assert found.margin[0, 1] == 25 and found.total == 30


def test_where_the_nation_itself_is_hidden_nothing_is_expected():
    with pytest.raises(FiguresError, match="longer period"):
        read_strata(table([(2, None, None, None, None, "suppressed")]), "events")
