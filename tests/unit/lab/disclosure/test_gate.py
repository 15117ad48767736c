"""The gate: what is hidden, rounded, exact or refused, and that it says nothing else."""

import copy
import gc
import pickle
import re
from dataclasses import replace

import pyarrow as pa
import pytest

from farr.lab.disclosure.gate import Refused, known_policies, policy_for
from farr.lab.disclosure.policy import PolicyError
from farr.lab.disclosure.sealed import Sealed, SealedError
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.reference import POPULATION
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import release


def row_of(released, **keys):
    found = [row for row in released.table.to_pylist() if all(row[key] == value for key, value in keys.items())]
    assert len(found) == 1, f"{len(found)} rows for {keys}"
    return found[0]


def test_counts_are_rounded_and_national_ones_too(rig, busy):
    released = rig.release(rig.proportion(), busy())
    provider = row_of(released, grouping=0, provider="N0")
    assert (provider["numerator"], provider["numerator__status"]) == (30.0, "rounded")
    assert (provider["denominator"], provider["denominator__status"]) == (105.0, "rounded")
    national = row_of(released, grouping=2)
    # 678: exact, it would tell a hidden row of another release that shows it rounded.
    assert (national["denominator"], national["denominator__status"]) == (680.0, "rounded")


def test_totals_are_taken_before_rounding(rig):
    records = [spell for number in range(4) for spell in rig.spells(f"P{number}", "N", 12)]
    region = row_of(rig.release(rig.proportion(), records), grouping=1)
    assert region["denominator"] == 50.0  # 48; the rounded parts would give 40


def test_a_small_numerator_hides_its_whole_row(rig, busy):
    released = rig.release(rig.proportion(), busy() + rig.spells("N9", "N", 100, 4) + rig.spells("N8", "N", 100, 5))
    row = row_of(released, grouping=0, provider="N9")
    assert row["numerator"] is None and row["denominator"] is None
    assert row["numerator__status"] == row["denominator__status"] == "suppressed"


def test_a_zero_numerator_is_shown(rig, busy):
    released = rig.release(rig.proportion(), busy() + rig.spells("N9", "N", 100, 0))
    assert row_of(released, grouping=0, provider="N9")["numerator"] == 0.0


def test_a_small_complement_hides_its_row(rig, busy):
    released = rig.release(rig.proportion(), busy() + rig.spells("N9", "N", 100, 97) + rig.spells("N8", "N", 90, 87))
    assert row_of(released, grouping=0, provider="N9")["denominator"] is None


def test_people_are_counted_and_not_rows_only(rig, busy):
    often = [rig.spell("N9", "N", f"frequent-{number % 3}") for number in range(40)]
    also = [rig.spell("N8", "N", f"regular-{number % 5}") for number in range(60)]
    released = rig.release(rig.proportion(), busy() + often + also)
    assert row_of(released, grouping=0, provider="N9")["denominator__status"] == "suppressed"


def test_rows_whose_people_nobody_could_count_are_hidden(rig, busy):
    question = rig.proportion()
    cells = rig.cells_of(question, busy())
    names = cells.column_names
    persons = [0 if row["provider"] in ("N0", "N1") else row["denominator__persons"] for row in cells.to_pylist()]
    cells = cells.set_column(names.index("denominator__persons"), "denominator__persons", pa.array(persons, pa.int64()))
    released = release(rig.sealed_of(question, cells), rig.ledger)
    assert row_of(released, grouping=0, provider="N0")["denominator__status"] == "suppressed"


@pytest.mark.usefixtures("legacy")
def test_one_hidden_row_among_exact_ones_takes_another_with_it(rig, busy):
    released = rig.release(rig.proportion(), busy() + rig.spells("N9", "N", 100, 4), policy="hes_legacy")
    hidden = {row["provider"] for row in released.table.to_pylist() if row["grouping"] == 0 and row["numerator"] is None}
    assert "N9" in hidden and len(hidden & {"N0", "N1", "N2", "N9"}) > 1


@pytest.mark.usefixtures("legacy")
def test_which_other_row_it_takes_hangs_on_the_secret_of_the_installation(tmp_path, rig, busy):
    def hidden(secret):
        fresh = type(rig)(tmp_path / f"ledger-{len(list(tmp_path.iterdir()))}")
        released = fresh.release(rig.proportion(), busy() + rig.spells("N9", "N", 100, 4), policy="hes_legacy", secret=secret)
        return frozenset(row["provider"] for row in released.table.to_pylist() if row["grouping"] == 0 and row["numerator"] is None)

    found = [hidden(bytes([number]) * 32) for number in range(10)]
    assert all("N9" in rows and len(rows) == 2 for rows in found)
    assert len(set(found)) > 1
    assert hidden(b"\0" * 32) == found[0]


def test_national_figures_are_rounded_where_exact_ones_would_tell(rig):
    # One region, one provider hidden, none other: the national count is its count.
    question = rig.proportion(Grouping(dimensions=("provider_region",)), Grouping())
    records = rig.spells("N1", "N", 200, 100) + rig.spells("S1", "S", 9, 5) + rig.spells("W1", "W", 8, 4)
    released = rig.release(question, records)
    hidden = [row for row in released.table.to_pylist() if row["numerator"] is None]
    assert {row["provider_region"] for row in hidden} >= {"S", "W"}


def test_a_sum_that_one_person_dominates_is_hidden(rig, busy):
    def stays(provider, region, values):
        return [rig.spell(provider, region, f"{provider}-{at}", value=float(value)) for at, value in enumerate(values)]

    usual = [3, 4, 5, 6, 3, 4, 5, 6, 7, 8, 9, 10] * 2
    records = [s for p in range(6) for s in stays(f"P{p}", "NS"[p % 2], usual)]
    records += stays("P7", "N", [400] + [1] * 20) + stays("P8", "S", [1, 1, 1])
    released = rig.release(rig.mean(), records)
    assert row_of(released, grouping=0, provider="P7")["numerator"] is None
    assert row_of(released, grouping=0, provider="P8")["denominator"] is None
    # What the long stay leaves open in the region's sum needs room, so that a neighbour goes too; the others stay.
    shown = [row["numerator"] for row in released.table.to_pylist() if row["grouping"] == 0 and row["numerator"] is not None]
    assert len(shown) >= 3 and set(shown) == {140.0}


def test_a_verdict_is_withheld_with_its_counts(rig, busy):
    records = busy() + rig.spells("N9", "N", 100, 4) + rig.spells("N8", "N", 100, 5)
    released = rig.release(rig.proportion(estimate=True), records, verdicts={"N9": "low", "N0": "high"})
    assert row_of(released, grouping=0, provider="N9")["verdict"] is None
    assert row_of(released, grouping=0, provider="N0")["verdict"] == "high"
    assert row_of(released, grouping=2)["verdict"] is None


def test_the_same_question_gives_the_very_same_release(rig, busy):
    records = busy() + rig.spells("N9", "N", 100, 4)
    first, second = (rig.release(rig.proportion(), records) for _ in range(2))
    assert first.manifest == second.manifest and first.table.equals(second.table)
    assert rig.ledger.verify() == 1
    third = rig.release(rig.proportion(), records, versions={"apc_spell": 2})
    assert third.table.equals(first.table) and third.manifest.release_id != first.manifest.release_id


def test_the_order_of_the_rows_says_nothing(rig, busy, tmp_path):
    question, records = rig.proportion(), busy() + rig.spells("N9", "N", 100, 4)
    one = rig.release(question, records)
    other = rig.release(question, records[::-1], versions={"apc_spell": 7})
    assert one.table.equals(other.table)


@pytest.mark.usefixtures("legacy")
def test_months_add_up_to_the_period(rig):
    groupings = (Grouping(dimensions=("provider",), monthly=True), Grouping(dimensions=("provider",)), Grouping(monthly=True), Grouping())
    records = [
        s
        for month in ("2024-01", "2024-02")
        for provider in ("A", "B", "C")
        for s in rig.spells(provider, "N", 100, 5 if (provider, month) == ("A", "2024-01") else 40, month=month)
    ]
    released = rig.release(rig.proportion(*groupings), records, policy="hes_legacy")
    hidden = {(row["grouping"], row["provider"], row["month"]) for row in released.table.to_pylist() if row["numerator"] is None}
    # Exact margins both ways: one hidden cell must take a rectangle with it (or a margin).
    assert (0, "A", "2024-01") in hidden and len(hidden) >= 3


def test_a_table_too_small_to_protect_is_refused_without_a_figure(rig):
    with pytest.raises(Refused) as refused:
        rig.release(rig.proportion(Grouping(dimensions=("provider",))), rig.spells("A", "N", 3), policy="nowhere")
    assert "no policy 'nowhere'" in str(refused.value)
    question = rig.proportion(Grouping(dimensions=("provider_region",)), Grouping())
    cells = rig.cells_of(question, rig.spells("A", "N", 12345, 54321 % 12000))
    broken = cells.set_column(cells.column_names.index("denominator"), "denominator", pa.array([12345, 12399], pa.int64()))
    with pytest.raises(Refused) as refused:
        release(rig.sealed_of(question, broken), rig.ledger)
    assert not re.search(r"\d", str(refused.value))
    assert refused.value.__cause__ is None and refused.value.__context__ is None


def test_a_refusal_is_recorded_and_the_rows_are_gone(rig):
    question = rig.proportion(Grouping())
    sealed = rig.sealed_of(question, rig.cells_of(question, rig.spells("A", "N", 50, 20)).drop_columns(["numerator__persons"]))
    with pytest.raises(Refused, match="no column 'numerator__persons'"):
        release(sealed, rig.ledger)
    assert rig.ledger.verify() == 1
    with pytest.raises(SealedError):
        release(sealed, rig.ledger)


def test_no_contributor_counts_no_release(rig, busy):
    question = rig.proportion()
    cells = rig.cells_of(question, busy())
    empty = pa.nulls(cells.num_rows, pa.int64())
    cells = cells.set_column(cells.column_names.index("numerator__persons"), "numerator__persons", empty)
    with pytest.raises(Refused, match="did not count the people behind 'numerator'"):
        release(rig.sealed_of(question, cells), rig.ledger)


def test_a_failure_inside_is_raised_anew_without_a_trace(rig, busy, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("the figure 4711 did it")

    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", fail)
    with pytest.raises(Refused) as refused:
        rig.release(rig.proportion(), busy())
    assert "4711" not in str(refused.value) and refused.value.__context__ is None


def population(**more) -> Question:
    table = POPULATION.unbound
    return Question(
        name="lists",
        table=POPULATION,
        period=Period.parse("2024-01"),
        where=table.Patients > 0,
        aggregates=(Aggregate(name="denominator", kind=AggregateKind.SUM, where=table.Patients > 0, value=table.Patients),),
        groupings=(Grouping(),),
        **more,
    )


def test_published_facts_about_nobody_are_exact(rig):
    names = ("grouping", "month", "denominator", "denominator__persons", "denominator__top1", "denominator__top2")
    types = (pa.int64(), pa.string(), pa.float64(), pa.int64(), pa.float64(), pa.float64())
    cells = pa.table(
        dict(zip(names, ([0], [None], [3.0], [None], [None], [None]), strict=True)), schema=pa.schema(list(zip(names, types, strict=True)))
    )
    released = release(rig.sealed_of(population(), cells), rig.ledger)
    assert released.table.to_pylist()[0]["denominator"] == 3.0
    assert released.table.to_pylist()[0]["denominator__status"] == "shown"
    assert released.manifest.policy == "open_data"


def test_the_policy_comes_from_every_source_and_the_agreement(rig):
    assert policy_for(rig.proportion(), "hes_2018").name == "hes_2018"
    both = policy_for(rig.proportion(), "hes_legacy")
    assert both.name == "hes_2018 + hes_legacy"
    assert (both.threshold, both.rounding_base, both.secondary, both.national_exempt) == (7, 5, True, False)
    assert policy_for(rig.proportion(), "open_data").name == "hes_2018"
    assert policy_for(population(), "hes_2018").name == "open_data"


def test_a_mart_is_held_to_the_policies_of_what_it_was_built_from(rig, monkeypatch):
    monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy="opensafely"))
    assert policy_for(rig.proportion(), "opensafely").name == "hes_2018 + opensafely"


def test_undeclared_tables_and_open_people_are_refused(rig, monkeypatch):
    stranger = replace(rig.proportion(), table=replace(APC_SPELL, name="stranger"))
    with pytest.raises(PolicyError, match="'stranger', which model/tables does not declare"):
        policy_for(stranger, "hes_2018")
    monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy="open_data"))
    with pytest.raises(PolicyError, match="is about people"):
        policy_for(rig.proportion(), "hes_2018")


def test_every_policy_names_its_source_and_what_is_unverified():
    about_people = {"hes_2018", "hes_legacy", "nhsd_central", "opensafely", "cms11"}
    assert set(known_policies()) == {*about_people, "open_data", "supplied_aggregates"}
    assert {name for name, policy in known_policies().items() if policy.personal} == about_people
    for policy in known_policies().values():
        assert policy.source and policy.why and policy.unverified


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_sealed_cannot_be_taken_out(rig, busy, take):
    sealed = rig.sealed_of(rig.proportion(), rig.cells_of(rig.proportion(), busy()))
    with pytest.raises(SealedError):
        take(sealed)


def test_sealed_shows_its_name_and_nothing_else(rig, busy):
    sealed = rig.sealed_of(rig.proportion(), rig.cells_of(rig.proportion(), busy()))
    assert repr(sealed) == "Sealed('example')"
    with pytest.raises(SealedError):
        sealed.rows = 1
    with pytest.raises(SealedError):
        type("Open", (Sealed,), {})
    assert not any(isinstance(held, Contents | pa.Table) for held in gc.get_referents(sealed))
    with pytest.raises(TypeError):
        iter(sealed)


def test_a_sealed_result_that_nobody_deposited_opens_nothing(rig):
    with pytest.raises(SealedError):
        release(Sealed("made up"), rig.ledger)


def test_contents_go_with_the_seal(rig, busy):
    question = rig.proportion()
    contents = Contents(question=question, agreement="a", agreement_policy="hes_2018", store_versions={}, code_version="0",
                        cells=rig.cells_of(question, busy()))  # fmt: skip
    sealed = deposit(contents)
    release(sealed, rig.ledger)
    with pytest.raises(SealedError, match="already been released or refused"):
        release(sealed, rig.ledger)
