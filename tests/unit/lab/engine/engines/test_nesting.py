"""Which cohorts lie within which, as a store's rows have it; and what the session tells the gate of it."""

import itertools
import json
from dataclasses import replace
from operator import ge, lt

import pytest

from farr.lab.disclosure.gate import Refused, known_policies, release
from farr.lab.disclosure.history import nested
from farr.lab.disclosure.history.nested import conditions_of, count_series
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.review.held import Review
from farr.lab.disclosure.sealed import Nested
from farr.lab.disclosure.vault import withdraw
from farr.lab.engine.engines.embedded import Embedded
from farr.lab.engine.engines.nesting import CACHE, Nesting, forget
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL
from tests.unit.lab.engine.test_session import asked, load, session

STAY = APC_SPELL.unbound.Length_of_Stay
FIRST, ROWS = 0, 40  # the first version of a table, and how many rows it has
FEW = STAY < ROWS - 3
CONDITIONS = {
    "all": STAY >= 0, "all, said otherwise": STAY >= -1, "all but three": FEW, "short": STAY < 10, "long": STAY >= 20,
    "even": STAY % 2 == 0, "nobody": STAY < 0, "unknown": APC_SPELL.unbound.Discharge_Date.notnull() & (STAY > 5),
}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store")
    load(store, {"Der_Pseudo_NHS_Number": "'p' || range"}, rows=ROWS)
    return store


def met(condition):
    """The stays that a condition is written to meet."""
    return {
        "all": set(range(ROWS)), "all, said otherwise": set(range(ROWS)), "all but three": set(range(ROWS - 3)), "short": set(range(10)),
        "long": set(range(20, ROWS)), "even": set(range(0, ROWS, 2)), "nobody": set(), "unknown": set(),
    }[condition]  # fmt: skip


def test_conditions_lie_as_the_rows_do(store):
    lies = Nesting(store, Embedded()).of(APC_SPELL, FIRST, list(CONDITIONS.values()), list(CONDITIONS.values()))
    for one, other in itertools.permutations(CONDITIONS, 2):
        some = bool(met(one) and met(other))
        expected = (some and met(one) <= met(other), some and met(other) <= met(one))
        assert lies(CONDITIONS[one], CONDITIONS[other]) == expected, (one, other)


@pytest.mark.parametrize("told_by", range(3))
def test_what_only_one_month_tells_counts(tmp_path, told_by):
    """One month has the row of nobody's stay, whichever it is: the others look as if all rows met the condition."""
    store, months = Store(tmp_path / "store"), [Month(2024, number) for number in (4, 5, 6)]
    for number, month in enumerate(months):
        first = 0 if number == told_by else 1
        load(store, {"Der_Pseudo_NHS_Number": "'p' || range", "Length_of_Stay": f"range + {first}"}, rows=ROWS, month=month)
    lies = Nesting(store, Embedded()).of(APC_SPELL, store.version(APC_SPELL.name), [STAY > 0], [STAY >= 0, STAY < 5, STAY > 100])
    assert store.months(APC_SPELL.name) == months
    assert lies(STAY > 0, STAY >= 0) == (True, False)
    assert lies(STAY > 0, STAY < 5) == (False, False)
    assert lies(STAY > 0, STAY > 100) == (False, False)


def test_more_conditions_than_a_number_has_bits(store):
    cuts = [compared(STAY, cut) for compared in (lt, ge) for cut in range(1, ROWS)]
    lies = Nesting(store, Embedded()).of(APC_SPELL, FIRST, cuts[-1:], cuts)
    assert lies(cuts[-1], cuts[-2]) == (True, False)
    assert lies(cuts[-1], cuts[0]) == (False, False)


def test_what_is_known_of_a_version_is_kept_and_may_be_forgotten(store, monkeypatch):
    some = list(CONDITIONS.values())
    Nesting(store, Embedded()).of(APC_SPELL, FIRST, some[:1], some)
    with monkeypatch.context() as patched:
        patched.setattr(Nesting, "_worked_out", None)
        assert Nesting(store, Embedded()).of(APC_SPELL, FIRST, some[2:3], some[:1])(some[2], some[0]) == (True, False)
        (store.folder / CACHE).write_text("broken")
        with pytest.raises(TypeError):
            Nesting(store, Embedded()).of(APC_SPELL, FIRST, some[2:3], some[:1])
    load(store, {"Length_of_Stay": "range % 5"}, rows=ROWS)
    assert Nesting(store, Embedded()).of(APC_SPELL, store.version("apc_spell"), some[2:3], some[:1])(some[2], some[0]) == (True, True)
    assert {place.partition("@")[2] for place in json.loads((store.folder / CACHE).read_text())} == {str(store.version("apc_spell"))}
    forget(store)
    assert not (store.folder / CACHE).exists()


def test_the_contents_say_how_each_count_lies_to_what_was_counted_before(store):
    wide, narrow = asked(STAY >= 0), asked(FEW)
    (sealed,) = session(store).ask_many([narrow], {"apc_spell": {**conditions_of(wide), **conditions_of(narrow)}})
    own, other = count_series(narrow)["numerator"], count_series(wide)["numerator"]
    assert set(withdraw(sealed).nested) == {
        Nested(figure="numerator", series=other, within=True, around=False),
        Nested(figure="numerator", series=own, within=True, around=True),
    }


class Everything:
    def put(self, question):
        yield question


@pytest.fixture
def counts(store, tmp_path, monkeypatch):
    """Counts through the gate, under a policy that prints exact ones, each compared with all others unless said."""
    monkeypatch.setitem(TABLES, "apc_spell", APC_SPELL)
    exact = replace(known_policies()["hes_legacy"], name="hes_2018")
    for name in known_policies():
        monkeypatch.setitem(known_policies(), name, exact)
    ledger = Ledger(tmp_path / "ledger.jsonl")
    every = {"apc_spell": conditions_of(asked(STAY >= 0)) | conditions_of(asked(FEW))}

    def count(condition, beside=every):
        (sealed,) = session(store).ask_many([asked(condition, groupings=asked().groupings[1:])], beside)
        return release(sealed, ledger, Review(registry=Everything())).table["numerator"].to_pylist()

    return count


@pytest.mark.parametrize("order", [(STAY >= 0, FEW), (FEW, STAY >= 0)])
def test_a_cohort_less_a_few_is_not_shown_beside_the_whole(order, counts):
    first, second = order
    assert counts(first) != [None]
    assert counts(second) == [None]


def test_nothing_is_released_beside_what_it_was_not_compared_with(counts):
    counts(STAY >= 0)
    with pytest.raises(Refused, match="not compared with all that was released before; ask it again"):
        counts(FEW, beside={})


def test_a_condition_on_a_column_that_is_gone_stops_nobody(counts, monkeypatch):
    counts(STAY >= 0)
    with pytest.raises(Refused, match="not compared"):
        counts(FEW, beside={})
    monkeypatch.setattr(nested, "_columns", lambda plain: {"Taken_Away"})
    assert counts(FEW, beside={}) != [None]
