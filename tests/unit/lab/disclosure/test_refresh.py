"""Refresh: a table that was released before, of months sent again or of a later rolling period."""

from dataclasses import replace

import pytest

from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.gate import Refused, known_policies
from farr.lab.disclosure.history.earlier import different
from farr.lab.model.period import Period
from farr.lab.model.question import Grouping
from tests.registered import release

from .conftest import sealed_of


def figures(released, name="denominator"):
    """By grouping, provider and region, the figure and its status."""
    return {
        (row["grouping"], row["provider"], row["provider_region"]): (row[name], row[f"{name}__status"])
        for row in released.table.to_pylist()
    }  # fmt: skip


@pytest.fixture
def first(rig, busy, legacy):
    return rig.release(rig.proportion(), busy(), policy="hes_legacy")


def again(rig, records, **more):
    return rig.release(rig.proportion(), records, versions={"apc_spell": 2}, policy="hes_legacy", **more)


def more_of(rig, provider, region, count):
    """People who were not there before."""
    return [rig.spell(provider, region, f"late-{provider}-{number}", False) for number in range(count)]


def test_a_change_by_a_few_people_is_not_shown(rig, busy, first):
    later = again(rig, busy() + more_of(rig, "N0", "N", 3))
    old, new = figures(first), figures(later)
    for key in ((0, "N0", "N"), (1, None, "N"), (2, None, None)):
        assert new[key] == (old[key][0], "earlier")
    assert new[0, "S0", "S"] == old[0, "S0", "S"]
    assert dict(later.manifest.checks)["earlier figures"]


def test_a_larger_change_is(rig, busy, first):
    later = again(rig, busy() + more_of(rig, "N0", "N", 30))
    assert figures(later)[0, "N0", "N"] == (133, "shown")
    assert "earlier figures" not in dict(later.manifest.checks)


def test_nor_is_it_had_from_what_changed_beside_it(rig, busy, first):
    later = again(rig, busy() + more_of(rig, "N0", "N", 3) + more_of(rig, "N1", "N", 40))
    new = figures(later)
    assert new[0, "N0", "N"] == (103, "earlier")
    assert "earlier" in {new[0, "N1", "N"][1], new[0, "N2", "N"][1], new[1, None, "N"][1]}


def test_a_verdict_stays_with_its_figures(rig, busy, legacy):
    question = rig.proportion(estimate=True)
    rig.release(question, busy(), verdicts={"N0": "high"}, policy="hes_legacy")
    later = rig.release(
        question, busy() + more_of(rig, "N0", "N", 3), verdicts={"N0": "low"}, versions={"apc_spell": 2}, policy="hes_legacy"
    )
    assert [row["verdict"] for row in later.table.to_pylist() if row["provider"] == "N0"] == ["high"]


def put_in_trouble(monkeypatch):
    def protect(*_, **__):
        raise AuditError("the solver found no answer")

    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", protect)


def test_what_was_shown_before_is_never_refused(rig, busy, first, monkeypatch):
    put_in_trouble(monkeypatch)
    later = again(rig, busy() + more_of(rig, "N0", "N", 30))
    assert {key: value for key, (value, _) in figures(later).items()} == {key: value for key, (value, _) in figures(first).items()}
    assert {status for _, status in figures(later).values()} == {"earlier"}
    with pytest.raises(Refused):
        rig.release(rig.mean(), busy(), policy="hes_legacy")


def test_nor_where_a_row_holds_nothing_now(rig, busy, first, monkeypatch):
    put_in_trouble(monkeypatch)
    later = figures(again(rig, [spell for spell in busy() if spell.provider != "N0"] + rig.spells("N9", "N", 100, 4)))
    assert later[0, "N0", "N"] == (103, "earlier") and later[0, "N9", "N"] == (None, "suppressed")
    assert {status for _, status in later.values()} == {"earlier", "suppressed"}


def test_a_later_rolling_period_keeps_what_it_hides(rig, busy, legacy):
    rolling, before, more = rig.proportion(), busy(), {"versions": {"apc_spell": 2}, "policy": "hes_legacy"}
    rig.release(rolling, before, policy="hes_legacy")
    few = [spell for spell in before if spell.provider != "N0"] + rig.spells("N0", "N", 103, 2)
    later = replace(rolling, period=Period.parse("2024-02..2024-03"))
    new = figures(rig.release(later, [replace(spell, month="2024-02") for spell in few], **more))
    assert new[0, "N0", "N"] == (103, "earlier") and new[0, "S0", "S"][1] == "shown"
    year_before = replace(rolling, period=Period.parse("2023-01..2023-02"))
    other = figures(rig.release(year_before, [replace(spell, month="2023-01") for spell in few], **more))
    assert other[0, "N0", "N"] == (None, "suppressed")


def test_each_series_has_months_of_its_own(rig, busy, legacy):
    """The one was released by month, the other of both months."""
    both, more = rig.proportion(Grouping(dimensions=("provider",))), {"policy": "hes_legacy"}
    part, whole = both.aggregates
    first = [replace(spell, month="2024-01", counted=True) for spell in busy()]
    records = [*first, *(replace(spell, month="2024-02") for spell in first if int(spell.person.split("-")[1]) < 3)]
    monthly = Grouping(dimensions=("provider",), monthly=True)
    rig.release(replace(both, name="part", aggregates=(replace(part, subset_of=None),), groupings=(monthly,)), records, **more)
    rig.release(replace(both, name="whole", aggregates=(whole,)), records, **more)
    assert {status for _, status in figures(rig.release(both, records, **more)).values()} == {"suppressed"}  # 3 in February


class TestTheSameTableOfTheSameRecords:
    """Asked again of a later version of the store, whose records of these months are the same."""

    def test_is_printed_without_another_audit(self, rig, busy, legacy, monkeypatch):
        records = busy() + rig.spells("N9", "N", 3, 1)
        first, audit = rig.release(rig.proportion(), records, policy="hes_legacy"), rig.ledger.released_of("apc_spell")[-1].audit
        put_in_trouble(monkeypatch)
        later = again(rig, records)
        assert later.table.equals(first.table) and later.manifest.release_id != first.manifest.release_id
        assert "suppressed" in {status for _, status in figures(later).values()}
        assert rig.ledger.released_of("apc_spell")[-1].audit == audit

    def test_is_audited_where_it_would_print_otherwise(self, rig, busy, legacy, monkeypatch):
        """As where other code counts the same records in another way."""
        records = busy()
        rig.release(rig.proportion(), records, policy="hes_legacy")
        put_in_trouble(monkeypatch)
        counted = rig.cells_of(rig.proportion(), records + more_of(rig, "N0", "N", 30))
        later = release(sealed_of(rig.proportion(), counted, policy="hes_legacy", versions={"apc_spell": 2}, records=records), rig.ledger)
        assert {status for _, status in figures(later).values()} == {"earlier"}  # nothing of the new counts

    def test_is_audited_where_a_small_count_would_show(self, rig, busy, legacy, monkeypatch):
        """As where other code has a higher threshold: what was printed before was safe by the lower one."""
        records = busy() + rig.spells("N9", "N", 6, 0)
        rig.release(rig.proportion(), records, policy="hes_legacy")
        monkeypatch.setitem(known_policies(), "hes_legacy", replace(known_policies()["hes_legacy"], threshold=7))
        later = again(rig, records)
        assert figures(later)[0, "N9", "N"][1] == "earlier"

    def test_counts_once_in_what_was_released_before(self, rig, busy, legacy):
        records = busy() + rig.spells("N9", "N", 3, 1)
        rig.release(rig.proportion(), records, policy="hes_legacy")
        again(rig, records)
        assert len(rig.ledger.released_of("apc_spell")) == 2
        assert len(different(rig.ledger.released_of("apc_spell"))) == 1
