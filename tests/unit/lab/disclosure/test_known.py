"""Tables of which everything was printed before: no earlier release is looked at again."""

from contextlib import suppress
from dataclasses import replace

import pytest

from farr.lab.disclosure import gate
from farr.lab.model.question import Grouping

from .test_refresh import more_of

REGIONS = (Grouping(dimensions=("provider_region",)), Grouping())
NATION = (Grouping(),)
LEGACY = {"policy": "hes_legacy"}


def figures(released):
    """By provider and region, the denominator and its status."""
    return {
        (row.get("provider"), row.get("provider_region")): (row["denominator"], row["denominator__status"])
        for row in released.table.to_pylist()
    }  # fmt: skip


@pytest.fixture
def looked(monkeypatch):
    """How often earlier releases were put together with a new table."""
    times, history_of = [], gate.history_of
    monkeypatch.setattr(gate, "history_of", lambda *asked: times.append(1) or history_of(*asked))
    return times


@pytest.fixture
def whole(rig, busy, legacy, looked):
    """What is printed by provider, region and nation; the last of the providers is small, and another hidden with it."""
    released = rig.release(rig.proportion(), busy() + rig.spells("N9", "N", 3, 1), **LEGACY)
    looked.clear()
    return figures(released)


def test_a_part_of_a_table_says_nothing_new(rig, busy, whole, looked):
    records = busy() + rig.spells("N9", "N", 3, 1)
    regions, nation = (rig.release(rig.proportion(*each), records, **LEGACY) for each in (REGIONS, NATION))
    assert not looked
    nation_only = {(None, None): whole[None, None]}
    assert figures(nation) == nation_only
    assert figures(regions) == {(None, "N"): whole[None, "N"], (None, "S"): whole[None, "S"], **nation_only}


def test_nor_does_one_whose_small_rows_were_hidden(rig, busy, legacy, looked):
    records = busy() + rig.spells("M0", "M", 30, 3) + rig.spells("O0", "O", 40, 4)
    first = figures(rig.release(rig.proportion(), records, **LEGACY))
    looked.clear()
    again = figures(rig.release(rig.proportion(*REGIONS), records, **LEGACY))
    assert not looked and again[None, "M"][1] == again[None, "O"][1] == "suppressed"
    assert all(value == first[key] for key, value in again.items())


def test_a_row_that_was_hidden_with_others_does(rig, busy, whole, looked):
    """Providers alone, without the region that tells what is left of it: by itself no other would be hidden."""
    besides = [key for key, (_, status) in whole.items() if status == "suppressed" and key[0] not in ("N9", None)]
    released = rig.release(rig.proportion(Grouping(dimensions=("provider",))), busy() + rig.spells("N9", "N", 3, 1), **LEGACY)
    assert besides and looked
    assert all(figures(released)[key][1] == "suppressed" for key in besides)


def test_so_does_one_of_other_records(rig, busy, whole, looked):
    records = busy() + rig.spells("N9", "N", 3, 1) + more_of(rig, "S0", "S", 30)
    rig.release(rig.proportion(*REGIONS), records, **LEGACY, delivery="late")
    assert looked


def test_so_does_one_that_counts_otherwise(rig, busy, whole, looked):
    """Of both figures alone everybody knew each; that the one lies in the other was part of the question."""
    part, other = rig.proportion().aggregates
    apart = replace(rig.proportion(*REGIONS), aggregates=(replace(part, subset_of=None), other))
    with suppress(gate.Refused):
        rig.release(apart, busy() + rig.spells("N9", "N", 3, 1), **LEGACY)
    assert looked


def test_so_does_a_verdict(rig, busy, legacy, looked):
    records, verdicts = busy(), {"N0": "high"}
    by_provider = (Grouping(dimensions=("provider",)),)
    rig.release(rig.proportion(*by_provider), records, **LEGACY)
    looked.clear()
    rig.release(rig.proportion(*by_provider, estimate=True), records, verdicts=verdicts, **LEGACY)
    assert looked
