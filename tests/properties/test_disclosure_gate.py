"""Whatever the table: no forbidden count is printed, and no hidden one can be worked out again."""

import itertools
import math
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.gate import Refused, known_policies
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import release

SPELL = APC_SPELL.unbound
POLICIES = ("hes_2018", "hes_legacy", "nhsd_central", "opensafely", "cms11")
CALM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

COUNTED = Aggregate(name="denominator", kind=AggregateKind.COUNT, where=SPELL.Age < 200)
PART = Aggregate(name="numerator", kind=AggregateKind.COUNT, where=SPELL.Age < 10, subset_of="denominator")


def ask(aggregates, groupings) -> Question:
    return Question(
        name="any",
        table=APC_SPELL,
        period=Period.parse("2024-01..2024-03"),
        where=SPELL.Age < 200,
        aggregates=aggregates,
        groupings=groupings,
    )


def sealed(question: Question, rows: list[dict]):
    keys = [("grouping", pa.int64()), ("month", pa.string()), ("provider", pa.string()), ("provider_region", pa.string())]
    figures = [(a.name + end, pa.int64()) for a in question.aggregates for end in ("", "__persons")]
    cells = pa.Table.from_pylist(
        [row | {f"{a.name}__persons": row[a.name] for a in question.aggregates} for row in rows], pa.schema(keys + figures)
    )
    return deposit(
        Contents(
            question=question, agreement="any", agreement_policy="open_data", store_versions={"apc_spell": 1}, code_version="0", cells=cells
        )
    )


def released_rows(question: Question, rows: list[dict], policy: str, monkeypatch) -> list[dict]:
    """What the gate prints, in the order of the keys; discards the example where it refuses."""
    monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy=policy, derived_from=()))
    with tempfile.TemporaryDirectory() as folder:
        try:
            return release(sealed(question, rows), Ledger(Path(folder) / "ledger.jsonl")).table.to_pylist()
        except Refused:
            assume(False)
            raise


# Providers by month, with every margin.

BY_MONTH = (Grouping(dimensions=("provider",), monthly=True), Grouping(dimensions=("provider",)), Grouping(monthly=True), Grouping())
MONTHS = ("2024-01", "2024-02", "2024-03")


def two_way(counts: list[list[int]]) -> list[dict]:
    """The rows of providers (down) by months (across) with their margins."""
    rows = []
    for at, line in enumerate(counts):
        rows += [_row(0, MONTHS[month], f"P{at}", count) for month, count in enumerate(line)]
        rows.append(_row(1, None, f"P{at}", sum(line)))
    columns = [sum(column) for column in zip(*counts, strict=True)]
    return rows + [_row(2, MONTHS[month], None, count) for month, count in enumerate(columns)] + [_row(3, None, None, sum(columns))]


def _row(grouping, month, provider, count):
    region = "N" if provider else None
    return {"grouping": grouping, "month": month, "provider": provider, "provider_region": region, "denominator": count}


def count_tables(highest: int = 30):
    count = st.one_of(st.integers(0, 9), st.integers(0, highest))
    shapes = st.tuples(st.integers(2, 4), st.integers(2, 3))
    return shapes.flatmap(
        lambda shape: st.lists(st.lists(count, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
    )


@pytest.mark.parametrize("policy", POLICIES)
@CALM
@given(counts=count_tables())
def test_no_released_count_is_in_the_forbidden_range(policy, counts, monkeypatch):
    rules = known_policies()[policy]
    rows = released_rows(ask((COUNTED,), BY_MONTH), two_way(counts), policy, monkeypatch)
    true = {(row["grouping"], row["month"], row["provider"]): row["denominator"] for row in two_way(counts)}
    for row in rows:
        count, status = row["denominator"], row["denominator__status"]
        if status == "suppressed":
            assert count == rules.token
        elif row["grouping"] in (2, 3) and status == "shown":
            assert rules.national_exempt or (rules.rounding_base == 1 and (count == 0 or count > rules.threshold))
        else:
            assert count > rules.threshold or (count == 0 and rules.zero_shown)
            assert count % rules.rounding_base == 0
            assert not 0 < true[row["grouping"], row["month"], row["provider"]] <= rules.threshold


@pytest.mark.parametrize("policy", POLICIES)
@CALM
@given(counts=count_tables(14))
def test_every_hidden_small_count_may_be_anything_small_and_one_more(policy, counts, monkeypatch):
    """Searches whole-number tables that would print alike, without the audit's model: both ends must be among them."""
    rules = known_policies()[policy]
    rows = released_rows(ask((COUNTED,), BY_MONTH), two_way(counts), policy, monkeypatch)
    printed = {(row["grouping"], row["month"], row["provider"]): row for row in rows}
    cells = [[_possible(printed[0, MONTHS[m], f"P{p}"], rules) for m in range(len(line))] for p, line in enumerate(counts)]
    downs = [_possible(printed[1, None, f"P{p}"], rules) for p in range(len(counts))]
    acrosses = [_possible(printed[2, MONTHS[m], None], rules) for m in range(len(counts[0]))]
    whole = _possible(printed[3, None, None], rules)
    for p, m in itertools.product(range(len(counts)), range(len(counts[0]))):
        if 0 < counts[p][m] <= rules.threshold:
            assert printed[0, MONTHS[m], f"P{p}"]["denominator__status"] == "suppressed"
            for end in (1 if rules.zero_shown else 0, rules.threshold + 1):
                assert _exists(cells, downs, acrosses, whole, (p, m), end), f"cell {p},{m} cannot be {end}"


def _possible(row: dict, rules) -> tuple[int, int]:
    """The least and greatest count that is printed like this."""
    if row["denominator__status"] == "suppressed":
        return (1 if rules.zero_shown else 0), 400
    count = int(row["denominator"])
    if row["denominator__status"] == "shown" or rules.rounding_base == 1 or count == 0:
        return count, count
    alike = [other for other in range(rules.threshold + 1, count + 10) if 5 * math.floor(other / 5 + 0.5) == count]
    return alike[0], alike[-1]


def _exists(cells, downs, acrosses, whole, fixed, value) -> bool:
    """Whether whole numbers fit: a circulation rows → columns → sum → rows with bounds on every arc, as a maximum flow (Ford
    and Fulkerson 1962, I.§10), which is exact for whole numbers and knows nothing of linear programs."""
    height, width = len(cells), len(acrosses)
    root, total, source, sink = height + width, height + width + 1, height + width + 2, height + width + 3
    arcs = [(root, p, *downs[p]) for p in range(height)] + [(total, root, *whole)]
    arcs += [(p, height + m, *((value, value) if (p, m) == fixed else cells[p][m])) for p in range(height) for m in range(width)]
    arcs += [(height + m, total, *acrosses[m]) for m in range(width)]
    if any(low > high for *_, low, high in arcs):
        return False
    capacity = np.zeros((sink + 1, sink + 1), dtype=np.int32)
    for start, end, low, high in arcs:
        capacity[start, end] += high - low
        capacity[source, end] += low
        capacity[start, sink] += low
    return maximum_flow(csr_matrix(capacity), source, sink).flow_value == sum(low for *_, low, _ in arcs)


# Two counts of which one lies within the other, by provider and region.

NESTED = (Grouping(dimensions=("provider",)), Grouping(dimensions=("provider_region",)), Grouping())


def nested(providers: list[tuple[str, int, int]]) -> list[dict]:
    """The rows of providers (region, numerator, rest) with regions and the whole country."""
    rows = [_nested(0, f"P{at}", region, part, rest) for at, (region, part, rest) in enumerate(providers)]
    for region in sorted({region for region, _, _ in providers}):
        within = [(part, rest) for other, part, rest in providers if other == region]
        rows.append(_nested(1, None, region, sum(part for part, _ in within), sum(rest for _, rest in within)))
    return [*rows, _nested(2, None, None, sum(part for _, part, _ in providers), sum(rest for *_, rest in providers))]


def _nested(grouping, provider, region, part, rest):
    place = {"grouping": grouping, "month": None, "provider": provider, "provider_region": region}
    return place | {"numerator": part, "denominator": part + rest}


def provider_lists():
    figure = st.one_of(st.integers(0, 9), st.integers(0, 120))
    return st.lists(st.tuples(st.sampled_from("NS"), figure, figure), min_size=3, max_size=9)


@pytest.mark.parametrize("policy", POLICIES)
@CALM
@given(providers=provider_lists())
def test_rows_are_hidden_whole_and_no_difference_is_small(policy, providers, monkeypatch):
    rules = known_policies()[policy]
    rows = released_rows(ask((PART, COUNTED), NESTED), nested(providers), policy, monkeypatch)
    true = {(row["grouping"], row["provider"], row["provider_region"]): row for row in nested(providers)}
    for row in rows:
        statuses = {row["numerator__status"], row["denominator__status"]}
        assert len(statuses) == 1
        if statuses != {"suppressed"} and not (row["grouping"] == 2 and rules.national_exempt):
            known = true[row["grouping"], row["provider"], row["provider_region"]]
            assert not 0 < known["denominator"] - known["numerator"] <= rules.threshold


@pytest.mark.parametrize("policy", POLICIES)
@CALM
@given(providers=provider_lists())
def test_no_hidden_small_count_is_had_by_subtraction(policy, providers, monkeypatch):
    """Total less the other parts, for numerators, denominators and what lies between them."""
    rules = known_policies()[policy]
    rows = released_rows(ask((PART, COUNTED), NESTED), nested(providers), policy, monkeypatch)
    parts = [row for row in rows if row["grouping"] == 0]
    for region in [row for row in rows if row["grouping"] == 1]:
        within = [row for row in parts if row["provider_region"] == region["provider_region"]]
        hidden = [row for row in within if row["numerator__status"] == "suppressed"]
        if len(hidden) != 1 or region["numerator__status"] == "suppressed":
            continue
        true = next(row for row in nested(providers) if row["provider"] == hidden[0]["provider"])
        for name in ("numerator", "denominator"):
            low, high = _by_subtraction(region, [row for row in within if row is not hidden[0]], name, rules)
            if 0 < true[name] <= rules.threshold:
                assert low <= 1 and high >= rules.threshold + 1


def _by_subtraction(total, others, name, rules):
    bounds = [_possible({"denominator": row[name], "denominator__status": row[f"{name}__status"]}, rules) for row in (total, *others)]
    return max(bounds[0][0] - sum(high for _, high in bounds[1:]), 0), bounds[0][1] - sum(low for low, _ in bounds[1:])


@CALM
@given(providers=provider_lists(), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_pattern(providers, seed, monkeypatch):
    rows = nested(providers)
    shuffled = seed.sample(rows, len(rows))
    question = ask((PART, COUNTED), NESTED)
    first = released_rows(question, rows, "hes_legacy", monkeypatch)
    assert released_rows(question, shuffled, "hes_legacy", monkeypatch) == first


@CALM
@given(providers=provider_lists())
def test_a_refusal_holds_no_figure(providers, tmp_path, monkeypatch):
    def fails(cells, *_, **__):
        raise AuditError(f"there is no way to hide {cells.values}")

    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", fails)
    monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy="hes_legacy", derived_from=()))
    with tempfile.TemporaryDirectory() as folder:
        with pytest.raises(Refused) as refused:
            release(sealed(ask((PART, COUNTED), NESTED), nested(providers)), Ledger(Path(folder) / "ledger.jsonl"))
        assert not any(letter.isdigit() for letter in str(refused.value))
        assert refused.value.__context__ is None and refused.value.__cause__ is None
