"""Deliveries: which months are compared with which, and by what. That nothing comes of it, the attacks say."""

from dataclasses import replace

import numpy as np
import pytest

from farr.lab.disclosure import gate
from farr.lab.disclosure.history.deliveries import compared, counted, deliveries, way_of
from farr.lab.disclosure.history.joint import history_of
from farr.lab.disclosure.history.nested import Told
from farr.lab.disclosure.history.parts import parts_of
from farr.lab.disclosure.history.records import Names, Records
from farr.lab.disclosure.history.sheet import Sheet, sheets_of
from farr.lab.disclosure.tables.asked import read_cells
from farr.lab.model.question import Grouping

from .test_refresh import figures, more_of


def named(*names: str) -> frozenset[str]:
    return frozenset(names)


A1, A2, B1, B2 = "2024-01 a", "2024-02 a", "2024-01 b", "2024-02 b"


def sheet(*months: str) -> Sheet:
    return Sheet(series="one", figure="n", dimensions=(), months=named(*months), codes=((),), above={}, rows=np.arange(1),
                 low=np.full(1, 100.0), high=np.full(1, 100.0), need={})  # fmt: skip


def test_months_of_the_same_records_are_no_other_delivery():
    assert deliveries([named(A1, A2)], [named(A1), named(A2)]) == []


def test_each_other_delivery_is_told_apart():
    assert deliveries([named(A1)], [named(B1), named("2024-01 c")]) == [(named(A1), named(B1)), (named(A1), named("2024-01 c"))]


def test_what_is_of_both_deliveries_is_in_both():
    assert deliveries([named(A1, A2)], [named(B1, A2)]) == [(named(A1, A2), named(B1, A2))]


def test_an_earlier_span_that_has_months_in_common_is_of_the_new_delivery():
    """The year that was printed tells its first month, of which the new table has only the second."""
    assert deliveries([named(A2)], [named(A1, A2), named(B1)]) == [(named(A1, A2), named(B1, A2))]


@pytest.mark.parametrize(
    ("new", "before", "spans"),
    [
        pytest.param([named(A1)], [named(B1)], [(named(A1), named(B1))], id="the same span"),
        pytest.param([named(A1), named(A2)], [named(B1, B2)], [(named(A1, A2), named(B1, B2))], id="one of several new ones"),
        pytest.param([named(A1, A2)], [named(B1), named(B2)], [(named(A1, A2), named(B1, B2))], id="several that make up one of the new"),
        pytest.param([named(A1)], [named(B1, B2), named(B2)], [(named(A1), named(B1))], id="what one leaves of another"),
        pytest.param([named(A1, A2)], [named(B1, A2)], [(named(A1), named(B1))], id="without what is of both"),
        pytest.param([named(A1)], [named(B1, B2)], [], id="a longer one that says nothing of it"),
    ],
)
def test_spans_that_are_compared(new, before, spans):
    (part,) = parts_of([sheet(*each) for each in (*new, *before)], 0).values()
    found = [each for one, other in deliveries(new, before) for each in compared(part, one, other)]
    assert [tuple(named(*(month for at in places for month in part.pieces[at])) for places in each) for each in found] == spans


def test_what_is_counted_is_told_by_printed_spans_alone():
    (part,) = parts_of([sheet(A1), sheet(A2), sheet(A1, A2)], 0).values()
    assert counted(part, {named(A1): 3.0, named(A2): 4.0}, (0, 1)) == 7
    assert counted(part, {named(A1, A2): 9.0, named(A1): 3.0}, (1,)) == 6
    assert counted(part, {named(A1): 3.0}, (0, 1)) is None


@pytest.mark.parametrize(
    ("changes", "near", "way"),
    [
        ([3.0, 0.0], 0.0, 1),
        ([-3.0, 0.0], 0.0, -1),
        ([-3.0, 4.0], 0.0, 0),
        ([-3.0, 4.0], 5.0, None),  # either may be, of rounded figures
        ([], 0.0, None),
        ([0.0], 0.0, None),
    ],
)
def test_which_delivery_seems_to_have_all_of_the_other(changes, near, way):
    assert way_of(changes, near) == way


class TestTargets:
    """Of what a new count and an earlier one of another delivery may differ by."""

    def targets(self, rig, low: float, high: float, *, money: float = 0.0):
        question = replace(rig.mean() if money else rig.proportion(), groupings=(Grouping(),))
        records = [replace(each, value=money) for each in rig.spells("A", "N", 100, 60)]
        asked, names = read_cells(question, rig.cells_of(question, records)), Names(Records(files={}))
        new = sheets_of(asked, names)
        mine = next(each for each in new if each.figure == ("numerator" if money else "denominator"))
        other = frozenset(f"{month.partition(' ')[0]} other" for month in mine.months)
        known = replace(mine, months=other, low=np.full(1, low), high=np.full(1, high), need={})
        history = history_of(new, Told(sheets=[known]), asked.cells, 5)
        return [(each.low, each.high) for each in history.targets if history.lower[each.figure] == -np.inf], history

    @pytest.mark.parametrize(
        ("low", "high", "ends"),
        [
            pytest.param(97.0, 97.0, [(0.0, 6.0)], id="a few more"),
            pytest.param(103.0, 103.0, [(-6.0, 0.0)], id="a few less"),
            pytest.param(100.0, 100.0, [], id="nobody"),
            pytest.param(94.0, 94.0, [], id="more than a few"),
            pytest.param(98.0, 102.0, [(0.0, 6.0), (-6.0, 0.0)], id="rounded"),
            pytest.param(1.0, np.inf, [(0.0, 6.0), (-6.0, 0.0)], id="hidden"),
        ],
    )
    def test_of_counts(self, rig, low, high, ends):
        assert self.targets(rig, low, high)[0] == ends

    def test_of_money_by_the_largest_contribution(self, rig):
        assert self.targets(rig, 960.0, 960.0, money=10.0)[0] == [(0.0, 51.0)]
        assert self.targets(rig, 940.0, 940.0, money=10.0)[0] == []

    @pytest.mark.parametrize("large", [0.0, 1e6], ids=["alone", "beside a large region"])
    def test_of_money_in_a_table_of_another_grouping(self, rig, legacy, large):
        """One person's 100 becomes 400: regions, then their providers, whose largest contribution is that of no region."""
        region, provider = (Grouping(dimensions=(name,)) for name in ("provider_region", "provider"))
        first = [s for r in "NS" for at in range(3) for s in rig.spells(f"{r}{at}", r, 100 + at, value=100.0)]
        first += rig.spells("B0", "B", 500, value=large) if large else []
        later = [replace(each, value=400.0) if each.person == "S0-0" else each for each in first]
        more = {"policy": "hes_legacy", "scheme": "1"}
        rig.release(replace(rig.mean(), groupings=(region,)), first, **more)
        printed = rig.release(replace(rig.mean(), name="again", groupings=(provider,)), later, delivery="late", **more)
        shown = figures(printed, "numerator")
        assert (None, "suppressed") in [shown[0, f"S{at}", "S"] for at in range(3)]
        assert all(shown[0, f"N{at}", "N"][1] == "shown" for at in range(3))

    def test_a_change_may_be_of_either_sign_and_is_in_no_row_of_the_table(self, rig):
        _, history = self.targets(rig, 103.0, 103.0)
        assert (history.lower <= 0).all() and history.free[history.lower < 0].all() and not history.one_way


def test_records_that_each_delivery_has_for_itself_are_no_contradiction(rig, busy, legacy):
    """The provider has more, the nation less: neither delivery has all records of the other, and none is refused."""
    providers, nation = (rig.proportion(each) for each in (Grouping(dimensions=("provider",)), Grouping()))
    rig.release(providers, busy(), policy="hes_legacy", scheme="1")
    fewer = [each for each in busy() if each.person not in {f"S0-{number}" for number in range(60)}]
    more = fewer + more_of(rig, "N0", "N", 40)
    assert figures(rig.release(replace(providers, name="again"), more, policy="hes_legacy", scheme="1"))[0, "N0", "N"][0] == 143
    assert rig.release(nation, more, policy="hes_legacy", scheme="1").table.num_rows == 1


def test_guesses_of_which_each_hides_other_rows_have_an_end(rig, busy, legacy, monkeypatch):
    """Refused, and not looked at for ever."""
    first = busy()
    later = [replace(first[0], value=1.0), *first[1:]]  # other records, of which no count tells
    providers, regions = (rig.proportion(Grouping(dimensions=(name,))) for name in ("provider", "provider_region"))
    rig.release(providers, first, policy="hes_legacy", scheme="1")
    honest, times = gate.protect_beside, []

    def never_the_same(history, table, *asked, **more):
        times.append(1)
        return replace(honest(history, table, *asked, **more), hidden=np.arange(table.cells.count) == len(times) % 2)

    monkeypatch.setattr(gate, "protect_beside", never_the_same)
    with pytest.raises(gate.Refused, match="cannot be shown without pointing to people"):
        rig.release(replace(regions, name="again"), later, policy="hes_legacy", scheme="1", delivery="late")
    assert len(times) == 4
