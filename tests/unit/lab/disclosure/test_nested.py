"""Cohorts within each other: what is put together with what. That nothing comes of it, the attacks say."""

from dataclasses import replace

import numpy as np
import pytest

from farr.lab.disclosure.history.joint import history_of
from farr.lab.disclosure.history.nested import Beside, Told, beside_of, count_series, with_subsets
from farr.lab.disclosure.history.parts import leftovers, parts_of
from farr.lab.disclosure.history.records import Names, Records
from farr.lab.disclosure.history.sheet import Sheet, sheets_of
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.sealed import Nested
from farr.lab.disclosure.tables.asked import read_cells
from farr.lab.disclosure.tables.cells import Figure
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.question import Grouping
from tests.registered import release

YEAR = frozenset(f"2024-{month:02}" for month in range(1, 13))
FIRST, SECOND = (frozenset(f"2024-{month:02}" for month in months) for months in (range(1, 4), range(4, 7)))
JANUARY, APRIL = frozenset({"2024-01"}), frozenset({"2024-04"})


def sheet(dimensions=(), months=YEAR, codes=((),), series="other", low=100.0, high=100.0, **more) -> Sheet:
    columns = {"provider": "provider_region"}
    above = {name: [code[at] for code in codes] for at, name in enumerate(dimensions)}
    above |= {columns[name]: ["N"] * len(codes) for name in dimensions if name in columns}
    ends = [np.full(len(codes), end) for end in (low, high)]
    return Sheet(
        series=series, figure="spells", dimensions=dimensions, months=months, codes=codes, above=above, rows=np.arange(len(codes)),
        low=ends[0], high=ends[1], need={}, **more,
    )  # fmt: skip


def test_a_printed_span_counts_also_where_another_cohort_cuts_it():
    mine = [sheet(months=each) for each in (YEAR, FIRST, SECOND)]
    for others in ([], [sheet(months=JANUARY), sheet(months=APRIL)]):
        (part,) = parts_of(mine, 0, beside=others).values()
        found = leftovers(part, {YEAR: 1000.0, FIRST: 500.0, SECOND: 497.0}, 5)
        assert (YEAR - FIRST - SECOND in found) or YEAR - FIRST - SECOND in part.pieces


def test_groupings_across_each_other_meet_in_what_they_share():
    providers = sheet(("provider",), codes=(("P1",), ("P2",)))
    sexes = replace(
        sheet(("provider_region", "sex"), codes=(("N", "1"), ("N", "2"))), above={"provider_region": ["N", "N"], "sex": ["1", "2"]}
    )
    for mine, other in ((providers, sexes), (sexes, providers)):
        assert ("provider_region",) in parts_of([mine], 0, beside=[other])


@pytest.mark.parametrize(("within", "around", "exact"), [(True, False, False), (False, True, True)])
def test_exact_figures_are_put_together_whatever_the_new_ones_are(rig, within, around, exact):
    question = rig.proportion()
    figure, low = next(iter(count_series(question))), 100.0 if exact else 98.0
    nested = [Nested(figure=figure, series="other", within=within, around=around)]
    same, (beside,) = beside_of(question, nested, [sheet(low=low)], exact=False)
    assert (same, beside.inside, beside.exact) == ([], around, exact)


def test_the_same_rows_are_the_same_series(rig):
    question = rig.proportion()
    figure, series = next(iter(count_series(question).items()))
    nested = [
        Nested(figure=figure, series="other", within=True, around=True),
        Nested(figure=figure, series="far", within=False, around=False),
    ]
    same, beside = beside_of(question, nested, [sheet(), sheet(series="far")], exact=True)
    assert [each.series for each in same] == [series] and beside == []


def test_a_count_within_another_of_its_question_is_one_of_its_complements(rig, busy):
    question = rig.proportion()
    numerator, denominator = question.aggregates
    apart = replace(question, aggregates=(replace(numerator, subset_of=None), denominator))
    series = count_series(apart)
    nested = [
        Nested(figure=numerator.name, series=series[denominator.name], within=True, around=False),
        Nested(figure=denominator.name, series=series[numerator.name], within=False, around=True),
    ]
    records = busy() + rig.spells("N9", "N", 103, 100)
    for known, hidden in (((), False), (tuple(nested), True)):
        sealed = rig.sealed_of(apart, rig.cells_of(question, records), policy="hes_legacy", records=records, nested=known)
        table = release(sealed, Ledger(rig.ledger.path.with_name(f"{hidden}.jsonl"))).table
        status = {row["provider"]: row[f"{numerator.name}__status"] for row in table.to_pylist()}
        assert (status["N9"] == "suppressed") is hidden
    figures = with_subsets([Figure(name=each.name, kind=each.kind) for each in apart.aggregates], nested, series)
    assert {each.name: each.subset_of for each in figures} == {numerator.name: denominator.name, denominator.name: None}


def test_money_beside_a_count_gives_it_no_slack(rig, busy):
    """How far sums may be off is no room for counts of the same question."""

    question = replace(rig.mean(), groupings=(Grouping(), Grouping(monthly=True)))
    records = [replace(spell, value=5e7, month=f"2024-0{1 + at % 2}") for at, spell in enumerate(busy())]
    asked, names = read_cells(question, rig.cells_of(question, records)), Names(Records(files={}))
    new = sheets_of(asked, names)
    series = next(iter(count_series(question).values()))
    whole = next(each for each in new if each.series == series and len(each.months) > 1)
    count = float(asked.cells.values[whole.figure][whole.rows[0]])
    known = [replace(each, low=np.full(1, 0.0), high=np.full(1, np.inf), need={}) for each in new if len(each.months) > 1]
    known.sort(key=lambda each: each.series != series)  # money comes last
    other = Beside(series=series, other="other", sheets=[replace(sheet(months=whole.months), low=np.full(1, count - 3.0),
                   high=np.full(1, count - 3.0))], inside=True, exact=False)  # fmt: skip
    history = history_of(new, Told(sheets=known, beside=[other]), asked.cells, 5)
    target = history.targets[-1]
    assert (target.low, target.high, target.either) == (0.0, 6.0, True)
    lines = abs(history.of_extra[:, [target.figure]]).toarray().ravel() > 0
    assert lines.any() and (history.high[lines] - history.low[lines] < 1e-4).all()


def test_a_ledger_keeps_only_values_that_the_release_names(rig, busy):
    released = rig.release(rig.proportion(), busy())
    with pytest.raises(ChainError, match="names other values than these; nothing was written"):
        rig.ledger.record(replace(released.manifest, table_sha256="0" * 64), released.table, {})
    assert rig.ledger.verify() == 1


def test_a_ledger_beside_that_leads_nowhere_stops_everything(tmp_path):
    (tmp_path / "other.jsonl").symlink_to(tmp_path / "not mounted" / "other.jsonl")
    with pytest.raises(ChainError, match="leads nowhere"):
        Ledger(tmp_path / "one.jsonl", beside=tmp_path).released_of("apc_spell")


def test_an_answer_without_any_cell_is_released_as_such(rig):
    question = rig.proportion(Grouping(dimensions=("provider",)))
    assert rig.release(question, []).table.num_rows == 0
