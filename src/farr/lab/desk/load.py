"""From a file to the store: recognise it, refuse it whole or set aside what is wrong with it, replace the months it holds."""

import dataclasses
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import ibis
import ibis.expr.types as ir

from farr.lab.desk.delivery import Delivery, delivery_of
from farr.lab.desk.holdings.submissions import check_clock, frozen_among, submissions
from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.load import Failure, Loading, loading, months_of, told
from farr.lab.engine.store import Staged, Store
from farr.lab.ingest.feed import Feed, FeedError, RowCheck
from farr.lab.ingest.formats.tabular import FileFacts, batch_schema, batches, inspect_file, stating
from farr.lab.ingest.identifiers import Finding, by_name, by_value, lengths, long_enough, measured, sampled
from farr.lab.ingest.recognise import Recognition, closest, match, recognise
from farr.lab.ingest.sides import Side, forms
from farr.lab.ingest.validate import FAILED, Validated, activity_month, landed, raw_table, validated
from farr.lab.model.agreement import Agreement
from farr.lab.model.discover import discover
from farr.lab.model.durable.disk import scratch
from farr.lab.model.period import Month, Period
from farr.lab.model.table import TableDeclaration

_PERIOD_RULE, _OUTSIDE = "period", "the row's month is outside"
_STRAY = 2  # a month with less than half the rows held of it is taken for strays, unless the sender says otherwise


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says of a file beyond what it holds: the `feed` it is to be read as (None: what its columns say); `columns` that
    it lacks, each with its one value; `freeze`, that the months it holds are final; `thaw`, why frozen months are replaced."""

    feed: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    freeze: bool = False
    thaw: str | None = None


NOTHING_SAID = Said()


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What became of a file: rows read = loaded + quarantined. `version` is the table's new version, None for a dry run; a row
    that failed several tests counts once in `rows_quarantined` and in each of `failures`."""

    path: Path
    feed: str
    side: Side
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    failures: tuple[Failure, ...]
    months: tuple[Month, ...]
    mapping: Mapping[str, str]
    unknown: tuple[str, ...]
    stated: Mapping[str, str] = field(default_factory=dict[str, str])
    version: int | None = None
    quarantine: Path | None = None


@dataclass(frozen=True, kw_only=True)
class _Examined:
    """A file that may be loaded: its good rows, what is wrong with the others, and the open loading."""

    facts: FileFacts
    found: Recognition
    opened: Loading
    checks: Validated
    good: ir.Table
    failures: tuple[Failure, ...]
    rows_loaded: int
    period: Period | None

    def set_aside(self, to: Path) -> None:
        """Writes what is wrong, row by row, where anything is."""
        if self.failures:
            _failures(self.opened, self.checks, self.period, to)


@cache
def feeds() -> dict[str, Feed]:
    return discover("farr.lab.ingest.feeds", Feed)


def load_file(
    path: Path,
    *,
    agreement: Agreement,
    store: Store,
    quarantine: Path,
    code_version: str,
    today: date,
    period: Period | None = None,
    said: Said = NOTHING_SAID,
) -> LoadReport:
    """Loads a clean file under a live agreement, replacing the months (or the parts of a reference table) that it holds. `period` says
    which months it should hold.

    Raises AgreementError before a row is read, and FeedError for a file that cannot be trusted or would replace a frozen month: the
    store is then as before.
    """
    agreement.check_live(today)
    if period is not None:
        agreement.check_period(period)
    facts = stating(inspect_file(path), said.columns)
    found = _recognised(facts, Side.CLEAN, said)
    _check_freezing(facts, found.feed, said)
    table, delivery, stated = found.feed.table, Delivery(), True
    if table.person is not None:
        agreement.check_dataset(found.feed.table.name)
        delivery = delivery_of(facts, agreement)
        # The supplier's manifest says which months it saw, strays included: only a person states what a file is for.
        stated = period is not None
        period = period or delivery.period or agreement.terms.period
    # A file that is read as two feeds has rows set aside for each.
    lines = quarantine / f"{facts.sha256[:8]}{f'-{said.feed}' if said.feed else ''}.csv"
    keys = store.keys if store.seals(table) else None
    with store.staging(table.name) as folder, _examined(facts, found, Side.CLEAN, folder, period, keys) as file:
        staged = file.opened.stage(table, landed(file.good, found.feed))
        report = _report(file, Side.CLEAN, months_of(staged), lines)

        def record() -> dict[str, object]:
            """Asked for while no other program can load: what may be replaced is then what will be."""
            if not stated:
                _refuse_strays(facts, file, store.rows_by_month(table.name))
            sent = submissions(store, table.name)
            check_clock(sent, table.name)
            thawed = frozen_among(sent, months_of(staged), path.name, said.thaw, again=facts.sha256 if said.freeze else None)
            file.set_aside(lines)  # only once nothing can refuse the file whole: a refused file leaves no trace
            return _record(report, code_version, delivery) | _replaced(file, staged, said, thawed)

        version = store.replace(table, staged, record, rows=file.rows_loaded)
    return dataclasses.replace(report, version=version)


def check_file(path: Path, side: Side, said: Said = NOTHING_SAID) -> LoadReport:
    """A dry run: the report that loading (or de-identifying) would give, with nothing kept. Raises FeedError as loading would."""
    facts = stating(inspect_file(path), said.columns)
    found = _recognised(facts, side, said)
    with scratch(None, "farr-check-") as folder, _examined(facts, found, side, folder, None, Keys()) as file:
        month = activity_month(file.good, found.feed)
        held = [] if month is None else file.opened.ask(file.good.select(month=month).distinct())
        return _report(file, side, tuple(sorted(Month.parse(row["month"]) for row in held)), None)


def side_of(path: Path, said: Said = NOTHING_SAID) -> Side:
    """Clean where the file can be read as the lab's form of a feed and names no identifier; else raw."""
    columns = stating(inspect_file(path), said.columns).columns
    raw = closest(columns, forms(_known(said), Side.RAW))
    return Side.RAW if by_name(columns, raw.feed) else Side.CLEAN


def _recognised(facts: FileFacts, side: Side, said: Said) -> Recognition:
    """The feed of a file by its header, or the one it is said to be. Raises FeedError: of no known feed, a name that identifies on
    the lab's side, or a stated column that is not to be stated."""
    known = _known(said)
    # The raw form knows the names of identifiers, and finds the feed that they belong to.
    best = closest(facts.columns, forms(known, Side.RAW))
    if side is Side.CLEAN:
        _refuse_identified(facts, by_name(facts.columns, best.feed))
        known = {best.feed.name: known[best.feed.name]}
    _offer_to_state(facts, best)
    found = recognise(facts.columns, forms(known, side))
    _check_stated(facts, found)
    return found


def _known(said: Said) -> dict[str, Feed]:
    known = feeds()
    if said.feed is None:
        return known
    if said.feed not in known:
        raise FeedError(f"there is no feed '{said.feed}'; known: {', '.join(known)}")
    return {said.feed: known[said.feed]}


def _offer_to_state(facts: FileFacts, best: Recognition) -> None:
    """Raises FeedError for a published file that lacks a column, with how to state it where it is known for the whole file."""
    if best.missing and best.feed.table.person is None:
        first = best.missing[0]
        raise FeedError(
            f"{facts.path.name} looks like the feed {best.feed.name} and lacks {', '.join(best.missing)}; where a value holds for the "
            f"whole file and you know it, state it: --set {first}=VALUE; else ask the sender to include it"
        )


def _check_stated(facts: FileFacts, found: Recognition) -> None:
    feed, own = found.feed, [name for name in facts.columns if name not in facts.stated]
    sent = match(own, feed).mapping
    for name in facts.stated:
        if name not in {column.name for column in feed.columns} or name == feed.table.person:
            allowed = ", ".join(column.name for column in feed.columns if column.name != feed.table.person)
            raise FeedError(f"{name} cannot be stated of the feed {feed.name}; it has the columns {allowed}")
        if name in sent:
            raise FeedError(f"{facts.path.name} has {name} already, as its column {sent[name]}; leave out --set {name}=…")


def _check_freezing(facts: FileFacts, feed: Feed, said: Said) -> None:
    if (said.freeze or said.thaw is not None) and feed.table.month is None:
        raise FeedError(f"{facts.path.name} is the feed {feed.name}, which has no months to freeze; load it without --freeze and --thaw")
    if said.thaw is not None and not said.thaw.strip():
        raise FeedError('a frozen month is replaced only for a reason; write it: --thaw "REASON"')


@contextmanager
def _examined(
    facts: FileFacts, found: Recognition, side: Side, folder: Path, period: Period | None, keys: Keys | None
) -> Generator[_Examined]:
    feed = found.feed if period is None else _within_period(found.feed)
    with loading(folder, batches(facts), batch_schema(facts.columns), keys=keys) as opened:
        if side is Side.CLEAN:
            _refuse_identified(facts, _identified_by_value(facts, found, opened))
        checks = validated(facts.columns, feed, found.mapping)
        if period is not None:
            opened.tell(first_month=str(period.first), last_month=str(period.last))
        opened.take([(step.name, step.expression) for step in checks.steps])
        good = checks.rows.filter(checks.rows[FAILED].length() == 0)
        _refuse_duplicates(facts, feed, opened, good)
        failures = _failures(opened, checks, period, None)
        rows = opened.count(good)
        _refuse_wrong_month(facts, failures, opened.rows, period)
        _refuse_hopeless(facts, feed, rows, failures)
        yield _Examined(
            facts=facts, found=found, opened=opened, checks=checks, good=good, failures=tuple(failures), rows_loaded=rows, period=period
        )  # fmt: skip


def _failures(opened: Loading, checks: Validated, period: Period | None, to: Path | None) -> list[Failure]:
    named = f"{_OUTSIDE} {period}"
    rules = [(rule.column, rule.rule, named if rule.rule == _PERIOD_RULE else rule.reason) for rule in checks.rules]
    return opened.failures(checks.steps[-1].name, FAILED, rules, to)


@lru_cache
def _within_period(feed: Feed) -> Feed:
    """The feed with one more check: that rows belong to the period whose first and last month the database is told. The check is then the
    same for every period, and written out once."""
    if feed.activity_date is None:
        return feed

    def passes(rows: ir.Table) -> ir.BooleanValue:
        month = activity_month(rows, feed)
        return ibis.literal(True) if month is None else month.between(told("first_month"), told("last_month"))

    check = RowCheck(rule=_PERIOD_RULE, reason=_OUTSIDE, column=feed.activity_date, passes=passes)
    return dataclasses.replace(feed, row_checks=(*feed.row_checks, check))


def _identified_by_value(facts: FileFacts, found: Recognition, opened: Loading) -> list[Finding]:
    is_about_people = found.feed.table.person is not None
    columns = facts.columns if is_about_people else tuple(found.mapping.values())
    days = [found.mapping[column.name] for column in found.feed.columns if column.type == "date" and column.name in found.mapping]
    rows = sampled(raw_table(facts.columns), opened.rows)
    looked_at = long_enough(columns, opened.ask(lengths(rows, columns))[0])
    return by_value(looked_at, opened.ask(measured(rows, looked_at, days))) if looked_at else []


def _refuse_identified(facts: FileFacts, findings: list[Finding]) -> None:
    if findings:
        listed = "; ".join(f"{finding.column} {finding.reason}" for finding in findings[:6])
        more = f"; and {len(findings) - 6} more" if len(findings) > 6 else ""
        raise FeedError(
            f"{facts.path} still points to people and was not read: {listed}{more}. "
            f"De-identify it where identities are held: farr deidentify {facts.path.name} --help"
        )


def _refuse_duplicates(facts: FileFacts, feed: Feed, opened: Loading, good: ir.Table) -> None:
    month = activity_month(good, feed)
    keyed = good if month is None or feed.table.month is None else good.mutate(**{feed.table.month: month})
    repeated, first = opened.duplicates(keyed, feed.table.key)
    if repeated:
        rows = ", ".join(str(number) for number in first)
        raise FeedError(
            f"{facts.path}: {repeated} rows repeat the key {', '.join(feed.table.key)} of an earlier row (first: rows {rows}); "
            "which of them is right cannot be known, so nothing was loaded; ask the sender for a file without repeats"
        )


def _refuse_wrong_month(facts: FileFacts, failures: list[Failure], rows: int, period: Period | None) -> None:
    outside = sum(failure.rows for failure in failures if failure.rule == _PERIOD_RULE)
    if outside * 2 > rows:
        raise FeedError(
            f"{facts.path}: {outside} of {rows} rows belong to months outside {period}; this is another month's file, or another "
            "agreement's; give the period it is for with --period, within the agreement's"
        )


def _refuse_strays(facts: FileFacts, file: _Examined, held: Mapping[Month, int]) -> None:
    """Nobody said which months the file holds: then a few rows of a month must not replace a full one."""
    month = activity_month(file.good, file.found.feed)
    if month is None:
        return
    good = file.good.mutate(month=month)
    sent = {Month.parse(row["month"]): int(row["rows"]) for row in file.opened.ask(good.group_by("month").aggregate(rows=good.count()))}
    strays = sorted(each for each, rows in sent.items() if rows * _STRAY < held.get(each, 0))
    if strays:
        listed = ", ".join(str(each) for each in strays)
        raise FeedError(
            f"{facts.path} holds far fewer rows of {listed} than the store does, and would replace them; say which months it is for "
            f"with --period, and rows of other months are set aside"
        )


def _refuse_hopeless(facts: FileFacts, feed: Feed, rows: int, failures: list[Failure]) -> None:
    if rows == 0:
        worst = failures[0] if failures else None
        why = f"; most often, {worst.column or 'a row'}: {worst.reason}" if worst else ""
        raise FeedError(f"{facts.path}: not one row can be loaded as {feed.name}{why}; type: farr check {facts.path.name}")


def _report(file: _Examined, side: Side, months: tuple[Month, ...], quarantine: Path | None) -> LoadReport:
    return LoadReport(
        path=file.facts.path,
        feed=file.found.feed.name,
        side=side,
        sha256=file.facts.sha256,
        rows_read=file.opened.rows,
        rows_loaded=file.rows_loaded,
        rows_quarantined=file.opened.rows - file.rows_loaded,
        failures=file.failures,
        months=months,
        mapping=file.found.mapping,
        unknown=file.found.unknown,
        stated=file.facts.stated,
        quarantine=quarantine if file.failures else None,
    )


def _record(report: LoadReport, code_version: str, delivery: Delivery) -> dict[str, object]:
    """What the store keeps of a load: plain data, about no person."""
    return {
        "file": report.path.name,
        "sha256": report.sha256,
        "feed": report.feed,
        "synthetic": delivery.is_synthetic,
        "manifest": delivery.manifest.name if delivery.manifest else None,
        "code_version": code_version,
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "rows_quarantined": report.rows_quarantined,
        "failures": [[failure.column, failure.rule, failure.rows] for failure in report.failures],
        "months": [str(month) for month in report.months],
        "stated": dict(report.stated),
    }


def _replaced(file: _Examined, staged: Staged, said: Said, thawed: tuple[Month, ...]) -> dict[str, object]:
    """What the store keeps of which rows a load replaced: months and whether they are final, or parts of a reference table."""
    table = file.found.feed.table
    return {
        "rows_by_month": {str(month): rows for month, rows in file.opened.rows_of(staged).items()},
        "frozen": said.freeze,
        "thawed": {"months": [str(month) for month in thawed], "reason": said.thaw} if thawed else None,
        "parts": _parts(file, table) if table.part else [],
    }


def _parts(file: _Examined, table: TableDeclaration) -> list[list[str]]:
    rows = file.opened.ask(file.good.select(*table.part).distinct())
    return sorted([str(row[name]) for name in table.part] for row in rows)
