"""What changed since last month, for one organisation: its figures now beside those of a month before, and months sent again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.answering import assemble
from farr.lab.desk.answering.assemble import Tables
from farr.lab.desk.answering.plan import Plan
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.submissions import submissions
from farr.lab.desk.publication.catalogue import Catalogue, ViewKind, read_catalogue
from farr.lab.desk.publication.views import trusted
from farr.lab.disclosure.released import Released, ReleaseInvalid, read_published
from farr.lab.measures.comparison.changes import Change, ChangeKind, changes
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import NATIONAL
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.table import TableKind
from farr.lab.model.tables import TABLES

Columns = dict[str, list[Any]]
_NAMED = 6  # months sent again that are named, the latest


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One change in words, and the benchmark that it is about."""

    benchmark: Benchmark
    change: Change
    sentence: str


@dataclass(frozen=True, kw_only=True)
class WhatChanged:
    """`changes` of every measure, most telling first; `resent` says which months of which records were sent again; `since` the period of
    the edition before, None where there is none."""

    since: Period | None
    changes: tuple[Changed, ...]
    resent: tuple[str, ...]


def what_changed(desk: Desk, now: Sequence[Benchmark], *, asking: Callable[[str], None] = lambda _: None) -> WhatChanged:
    """What somebody who read the organisation's report a month ago should know. `now`: its benchmarks, of one organisation and norm.

    The edition before is the same period a month earlier. Where the view was published from other data than are held now, its months
    are compared as published: a month that was sent again since shows itself."""
    requests = [_a_month_before(each) for each in now]
    found = desk.answer_many(requests, asking, shown_beyond=1)
    catalogue = read_catalogue(desk.home.published, trusted(desk))
    told: list[Changed] = []
    for benchmark, before in zip(now, found, strict=True):
        # The nation's standardised ratio is 100 by its making.
        if isinstance(before, Benchmark) and (benchmark.measure.kind.is_ranked or benchmark.level != NATIONAL):
            told += _told(benchmark, before, _published_trend(desk, catalogue, benchmark))
    order = list(ChangeKind)
    told = _without_small_moves(told)
    told.sort(key=lambda each: (order.index(each.change.kind), each.benchmark.measure.title))
    compared = [each.period for each in found if isinstance(each, Benchmark)]
    return WhatChanged(since=max(compared, key=lambda each: each.last) if compared else None, changes=tuple(told), resent=_resent(desk))


def _a_month_before(benchmark: Benchmark) -> BenchmarkRequest:
    period = Period(benchmark.period.first.plus(-1), benchmark.period.last.plus(-1))
    return BenchmarkRequest(
        organisation=benchmark.organisation, measure=benchmark.measure.name, norm=benchmark.norm, period=str(period), level=benchmark.level
    )  # fmt: skip


def _told(benchmark: Benchmark, before: Benchmark, published: Columns | None) -> list[Changed]:
    measure = benchmark.measure
    earlier = published or _all_but_new(_columns(benchmark.trend), before.period.last)
    found = changes(measure, benchmark.rows.table.to_pydict(), before.rows.table.to_pydict(), _columns(benchmark.trend), earlier)
    if published is None:  # both are of what is held now, and differ only in the nation that a ratio is standardised against
        found = [each for each in found if each.kind is not ChangeKind.MONTH_CHANGED]
    return [Changed(benchmark=benchmark, change=each, sentence=_sentence(measure, each)) for each in found]


def _all_but_new(columns: Columns | None, last: Month) -> Columns | None:
    """The months up to the last one of the edition before, whose follow-up ended a month earlier too: what stands out after it is new."""
    if columns is None:
        return None
    before = min(last, Month.parse(max(columns["month"])).plus(-1)) if columns["month"] else last
    kept = [at for at, month in enumerate(columns["month"]) if month <= str(before)]
    return {name: [column[at] for at in kept] for name, column in columns.items()}


def _without_small_moves(told: Sequence[Changed]) -> list[Changed]:
    """The changes without moves by one quarter, which come and go by chance; of these only those of outliers are told."""
    return [
        each
        for each in told
        if each.change.kind is not ChangeKind.QUARTILE_MOVED
        or abs(each.change.now["quartile"] - each.change.before["quartile"]) > 1
        or each.change.now["verdict"] in ("high", "low")
    ]


def _columns(released: Released | None) -> Columns | None:
    return None if released is None else released.table.to_pydict()


def _published_trend(desk: Desk, catalogue: Catalogue | None, benchmark: Benchmark) -> Columns | None:
    """The organisation's months in the latest edition that was made from other data than are held now."""
    if catalogue is None or not benchmark.measure.kind.is_ranked:
        return None
    view = (benchmark.measure.name, benchmark.level, ViewKind.MONTHS.value, "")
    present = desk.releases.basis_of(benchmark.measure.table)
    for period, names in _editions(catalogue, view):
        try:
            released = tuple(read_published(desk.home.published / name, trusted(desk)) for name in names)
            if released[0].manifest.store_versions != present:
                months = Period.parse(period)
                plan = Plan(measure=benchmark.measure, level=benchmark.level, period=months, months=months)
                return _columns(assemble.months(plan, benchmark.organisation, Tables(released=released)))
        except (ReleaseInvalid, FarrError):
            continue  # an edition that cannot be read any more is no edition to compare with
    return None


def _editions(catalogue: Catalogue, view: tuple[str, str, str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """Period and releases of every edition of a view, latest first."""
    entry = next((each for each in catalogue.entries if each.view == view), None)
    if entry is None:
        return []
    earlier = [(str(each["period"]), tuple(each["releases"])) for each in entry.earlier]
    return [*([(entry.period, entry.releases)] if entry.releases else []), *earlier]


def _resent(desk: Desk) -> tuple[str, ...]:
    said: list[str] = []
    for name, table in TABLES.items():
        if table.kind is TableKind.STAGED:
            again = [(month, sent) for month, sent in submissions(desk.store, name).items() if sent.number > 1]
            if again:
                told = ", ".join(f"{plain.month(str(month))} (on {plain.day(sent.sent)})" for month, sent in again[-_NAMED:])
                said.append(f"{table.title}: {told} sent again")
    return tuple(said)


def _sentence(measure: Measure, change: Change) -> str:
    was, now = change.before, change.now
    match change.kind:
        case ChangeKind.NEW_OUTLIER:
            norm = plain.short(now["norm_value"], measure)
            return f"Now {now['verdict']} beyond chance: {plain.figure(now['value'], measure)} (norm {norm})"
        case ChangeKind.NO_LONGER_OUTLIER:
            return f"No longer {was['verdict']} beyond chance: {plain.figure(now['value'], measure)}"
        case ChangeKind.QUARTILE_MOVED:
            moved = f"From quarter {was['quartile']} to quarter {now['quartile']} (1 holds the lowest values)"
            return f"{moved}: {plain.figure(now['value'], measure)}"
        case ChangeKind.SPECIAL_CAUSE:
            return f"{plain.month(change.month or '')} stands out from usual variation: {plain.figure(now['value'], measure)}"
        case ChangeKind.MONTH_CHANGED:
            figures = f"{plain.short(was['value'], measure)} before, {plain.short(now['value'], measure)} now"
            return f"{plain.month(change.month or '')} has changed since it was published: {figures}"
        case ChangeKind.COMPLETENESS_CHANGED:
            return f"{plain.month(change.month or '')}: {was['status']} before, {now['status']} now"
