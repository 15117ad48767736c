"""What those who contribute to sums know: against tables whose answer can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.disclosure.api import audit, protect
from farr.lab.disclosure.attack import AuditError, Knowledge, Relation, Target, failing, intervals
from farr.lab.disclosure.attack.insiders import ANYBODY, OUTSIDERS, Insiders
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.tables.cells import CellsError, Total
from farr.lab.disclosure.tables.contributions import Ladder, insiders_of
from farr.lab.disclosure.tables.structure import FigureColumn, Structure, cells_of, flat, nested
from farr.lab.disclosure.tables.view import view_of
from farr.lab.model.question import AggregateKind

POLICY = known_policies()["hes_legacy"]
HALF = 3.0  # of the width that it asks of a count of 1 to 5
COST = FigureColumn(column="cost", kind=AggregateKind.SUM, persons="people", largest="first", second="next")
STRUCTURE = Structure(axes=(nested("place", {"A": "R", "B": "R", "C": "R", "R": "Total", "S": "Total"}),), figures=(COST,))


def table(**spent):
    """Places by what each person spent there; R is all of A, B and C, and the total all."""
    spent["R"] = [each for place in "ABC" for each in spent[place]]
    spent["Total"] = spent["R"] + spent["S"]
    rows = []
    for place, each in spent.items():
        most = [*sorted(each, reverse=True), 0.0, 0.0]
        rows.append({"place": place, "cost": float(sum(each)), "people": len(each), "first": float(most[0]), "next": float(most[1])})
    return pa.Table.from_pylist(rows)


def known_of(rows, structure=STRUCTURE):
    """By place what is known of it to all, to all but its largest contributor, and who that is."""
    found = insiders_of(cells_of(rows, structure), POLICY)
    return dict(zip(rows["place"].to_pylist(), zip(found.first, found.second, found.whose, strict=True), strict=True))


SPENT = {"A": [900.0, 50.0], "B": [200.0], "C": [60.0] * 10, "S": [100.0] * 40}


def test_whoever_contributes_most_is_the_same_in_a_part_and_the_whole_where_that_is_sure():
    known = known_of(table(**SPENT))
    assert known["A"][:2] == (900.0, 50.0) and known["B"][:2] == (200.0, 0.0)
    assert known["A"][2] == known["R"][2] == known["Total"][2]
    assert len({known[place][2] for place in "ABCS"}) == 4


def test_of_two_who_contribute_as_much_neither_is_told_apart():
    known = known_of(table(**{**SPENT, "B": [900.0]}))
    assert len({known[place][2] for place in ("A", "B", "R")}) == 3


def test_without_the_second_largest_only_more_than_half_is_sure():
    one = replace(COST, second=None)
    for first, sure in ((700.0, False), (9000.0, True)):
        known = known_of(table(**{**SPENT, "A": [first, 50.0]}), replace(STRUCTURE, figures=(one,)))
        assert bool(known["A"][2] == known["R"][2]) is sure


def test_without_contributions_nothing_is_known():
    bare = replace(STRUCTURE, figures=(replace(COST, largest=None, second=None),))
    cells = cells_of(table(**SPENT), bare)
    assert insiders_of(cells, POLICY) is None and view_of(cells, POLICY).insiders is None


def test_a_small_sum_of_two_may_still_be_less_by_its_width():
    known = known_of(table(**{**SPENT, "B": [2.0, 2.0]}))
    assert known["B"][:2] == (2.0, 4.0 - HALF)


def test_a_row_may_be_less_with_all_that_it_is_in():
    """0 is 1 and 2, or 3; 3 is 4 and 5; and 6 has 4 too."""
    ladder = Ladder.of([Total(row=0, parts=(1, 2)), Total(row=0, parts=(3,)), Total(row=3, parts=(4, 5)), Total(row=6, parts=(4,))])
    every = np.ones(7, dtype=bool)
    assert all(ladder.may_be_less(row, every) for row in range(7))
    without = {row: [ladder.may_be_less(row, every & (np.arange(7) != of)) for of in range(7)] for row in (0, 3, 4)}
    assert without[0] == [False, *[True] * 6]
    assert without[3] == [False, True, True, False, True, True, True]
    assert without[4] == [False, True, True, False, False, True, False]


# Three parts of a printed 1,000: 600, all of one person; 300, of which one has 250; and 100.
PARTS = Knowledge.of([1000, 0, 0, 0], [1000, np.inf, np.inf, np.inf], [Relation(figures=(0, 1, 2, 3), coefficients=(1, -1, -1, -1))])
INSIDERS = Insiders(
    first=np.array([-np.inf, 600, 250, 20]), second=np.array([-np.inf, 0, 30, 20]), whose=np.array([-1, 0, 1, 2])
)  # fmt: skip
TRUTH = np.array([1000.0, 600.0, 300.0, 100.0])


def test_intervals_are_what_contributors_leave():
    assert intervals(PARTS, [1, 2, 3]).tolist() == [[0, 1000]] * 3
    assert intervals(replace(PARTS, insiders=INSIDERS), [1, 2, 3]).tolist() == [[0, 730], [30, 380], [20, 150]]


@pytest.mark.parametrize("truth", [None, TRUTH])
def test_only_what_contributors_narrow_fails(truth):
    known = replace(PARTS, insiders=INSIDERS)
    within = [
        Target(figure=1, low=np.inf, high=730, against=ANYBODY), Target(figure=1, low=0, high=-np.inf, against=0),
        Target(figure=3, low=0, high=1000), Target(figure=2, low=30, high=380, against=1), Target(figure=2, low=0, high=999, either=True),
    ]  # fmt: skip
    beyond = [
        Target(figure=1, low=np.inf, high=731, against=ANYBODY), Target(figure=1, low=599, high=-np.inf, against=1),
        Target(figure=2, low=29, high=-np.inf, against=1), Target(figure=3, low=20, high=151, against=ANYBODY),
    ]  # fmt: skip
    assert failing(known, within, truth=truth) == []
    assert failing(known, [*within, *beyond], truth=truth) == beyond
    assert failing(PARTS, [replace(target, against=OUTSIDERS) for target in (*within, *beyond)], truth=truth) == []


def test_a_point_that_somebody_knows_to_be_false_shows_nothing_to_them():
    target = Target(figure=1, low=np.inf, high=800, against=ANYBODY)
    point = np.array([1000.0, 800.0, 200.0, 0.0])
    assert failing(replace(PARTS, insiders=INSIDERS), [target], truth=TRUTH, witnesses=[point]) == [target]
    assert INSIDERS.possible_to(TRUTH) == ANYBODY and INSIDERS.possible_to(point) == OUTSIDERS
    assert INSIDERS.possible_to(np.array([1000.0, 500.0, 400.0, 100.0])) == 0


def test_contributions_that_the_truth_contradicts_are_no_audit():
    with pytest.raises(AuditError, match="truth"):
        failing(replace(PARTS, insiders=INSIDERS), [Target(figure=1, low=0, high=1)], truth=np.array([1000.0, 500.0, 400.0, 100.0]))


def test_a_protected_table_leaves_contributors_enough():
    """A and B are of one person each, and neither can be less to who that is: something else is hidden with them."""
    rows = table(**{**SPENT, "A": [900.0], "B": [800.0]})
    shown = protect(rows, STRUCTURE, POLICY).table
    hidden = {row["place"] for row in shown.to_pylist() if row["cost__status"] == "suppressed"}
    assert {"A", "B"} < hidden < {*"ABCRS", "Total"}
    ends = {row["place"]: (row["low"], row["high"]) for row in audit(shown, STRUCTURE, POLICY, contributed=rows).to_pylist()}
    assert all(ends[place][0] <= 0.9 * cost and ends[place][1] >= 1.1 * cost for place, cost in (("A", 900), ("B", 800)))


def test_contributions_are_of_the_same_rows():
    rows = table(**SPENT)
    shown = protect(rows, STRUCTURE, POLICY).table
    with pytest.raises(CellsError, match="other rows"):
        audit(shown, STRUCTURE, POLICY, contributed=rows.slice(1))


# Days of bed of five people: what is asked for a sum of so few days is more than those who lay there leave of most.
DAYS = {
    ("a0", "b0"): (11, 3, 7, 3), ("a0", "b1"): (1, 1, 1, 0), ("a0", "b2"): (4, 1, 4, 0), ("a0", "Total"): (16, 3, 7, 5),
    ("a1", "b0"): (3, 1, 3, 0), ("a1", "b1"): (1, 1, 1, 0), ("a1", "b2"): (2, 1, 2, 0), ("a1", "Total"): (6, 3, 3, 2),
    ("a2", "b2"): (4, 1, 4, 0), ("a2", "Total"): (4, 1, 4, 0),
    ("Total", "b0"): (14, 4, 7, 3), ("Total", "b1"): (2, 2, 1, 1), ("Total", "b2"): (10, 2, 8, 2), ("Total", "Total"): (26, 5, 9, 8),
}  # fmt: skip


@pytest.mark.parametrize("policy", ["hes_legacy", "hes_2018", "cms11"])
def test_days_of_few_people_are_hidden_and_not_refused(policy):
    names = ("cost", "people", "first", "next")
    rows = pa.Table.from_pylist([{"a": a, "b": b, **dict(zip(names, map(float, each), strict=True))} for (a, b), each in DAYS.items()])
    axes = tuple(flat(name, [key[at] for key in DAYS]) for at, name in enumerate(("a", "b")))
    shown = protect(rows, Structure(axes=axes, figures=(COST,)), known_policies()[policy]).table
    assert set(shown["cost__status"].to_pylist()) == {"suppressed"}
