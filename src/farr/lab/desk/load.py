"""From a file to the store: recognise it, refuse it whole or set aside what is wrong with it, replace the months it holds."""

import dataclasses
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from farr.lab.desk.delivery import Delivery, delivery_of
from farr.lab.engine.load import Failure, Loading, loading, months_of
from farr.lab.engine.store import Store
from farr.lab.ingest.feed import Feed, FeedError, RowCheck
from farr.lab.ingest.formats.tabular import FileFacts, batch_schema, batches, inspect_file
from farr.lab.ingest.identifiers import Finding, by_name, by_value, lengths, long_enough, measured, sampled
from farr.lab.ingest.recognise import Recognition, closest, recognise
from farr.lab.ingest.sides import Side, forms
from farr.lab.ingest.validate import FAILED, Validated, activity_month, landed, raw_table, validated
from farr.lab.model.agreement import Agreement
from farr.lab.model.discover import discover
from farr.lab.model.period import Month, Period

_PERIOD_RULE = "period"
_STRAY = 2  # a month with less than half the rows held of it is taken for strays, unless the sender says otherwise


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

    def set_aside(self, to: Path) -> None:
        """Writes what is wrong, row by row, where anything is."""
        if self.failures:
            _failures(self.opened, self.checks, to)


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
) -> LoadReport:
    """Loads a clean file under a live agreement, replacing the months it holds. `period` says which months it should hold.

    Raises AgreementError before a row is read, and FeedError for a file that cannot be trusted: the store is then as before.
    """
    agreement.check_live(today)
    if period is not None:
        agreement.check_period(period)
    facts = inspect_file(path)
    found = _recognised(facts, Side.CLEAN)
    table, delivery, stated = found.feed.table, Delivery(), True
    if table.person is not None:
        agreement.check_dataset(found.feed.table.name)
        delivery = delivery_of(facts, agreement)
        # The supplier's manifest says which months it saw, strays included: only a person states what a file is for.
        stated = period is not None
        period = period or delivery.period or agreement.terms.period
    lines = quarantine / f"{facts.sha256[:8]}.csv"
    with store.staging(table.name) as folder, _examined(facts, found, Side.CLEAN, folder, period) as file:
        if not stated:
            _refuse_strays(facts, file, store.rows_by_month(table.name))
        staged = file.opened.stage(table, landed(file.good, found.feed))
        file.set_aside(lines)  # only once nothing can refuse the file whole: a refused file leaves no trace
        report = _report(file, Side.CLEAN, months_of(staged), lines)
        version = store.replace(table, staged, _record(report, code_version, delivery), rows=file.rows_loaded)
    return dataclasses.replace(report, version=version)


def check_file(path: Path, side: Side) -> LoadReport:
    """A dry run: the report that loading (or de-identifying) would give, with nothing kept. Raises FeedError as loading would."""
    facts = inspect_file(path)
    found = _recognised(facts, side)
    with tempfile.TemporaryDirectory(prefix="farr-check-") as folder, _examined(facts, found, side, Path(folder), None) as file:
        month = activity_month(file.good, found.feed)
        held = [] if month is None else file.opened.ask(file.good.select(month=month).distinct())
        return _report(file, side, tuple(sorted(Month.parse(row["month"]) for row in held)), None)


def side_of(path: Path) -> Side:
    """Clean where the file can be read as the lab's form of a feed and names no identifier; else raw."""
    columns = inspect_file(path).columns
    raw = closest(columns, forms(feeds(), Side.RAW))
    return Side.RAW if by_name(columns, raw.feed) else Side.CLEAN


def _recognised(facts: FileFacts, side: Side) -> Recognition:
    """The feed of a file by its header. Raises FeedError: of no known feed, or on the lab's side a name that identifies."""
    known = feeds()
    if side is Side.RAW:
        return recognise(facts.columns, forms(known, side))
    # The raw form knows the names of identifiers, and finds the feed that they belong to.
    feed = closest(facts.columns, forms(known, Side.RAW)).feed
    _refuse_identified(facts, by_name(facts.columns, feed))
    return recognise(facts.columns, forms({feed.name: known[feed.name]}, side))


@contextmanager
def _examined(facts: FileFacts, found: Recognition, side: Side, folder: Path, period: Period | None) -> Generator[_Examined]:
    feed = found.feed if period is None else _within(found.feed, period)
    with loading(folder, batches(facts), batch_schema(facts.columns)) as opened:
        if side is Side.CLEAN:
            _refuse_identified(facts, _identified_by_value(facts, found, opened))
        checks = validated(facts.columns, feed, found.mapping)
        opened.take([(step.name, step.expression) for step in checks.steps])
        good = checks.rows.filter(checks.rows[FAILED].length() == 0)
        _refuse_duplicates(facts, feed, opened, good)
        failures = _failures(opened, checks, None)
        rows = opened.count(good)
        _refuse_wrong_month(facts, failures, opened.rows, period)
        _refuse_hopeless(facts, feed, rows, failures)
        yield _Examined(facts=facts, found=found, opened=opened, checks=checks, good=good, failures=tuple(failures), rows_loaded=rows)


def _failures(opened: Loading, checks: Validated, to: Path | None) -> list[Failure]:
    rules = [(rule.column, rule.rule, rule.reason) for rule in checks.rules]
    return opened.failures(checks.steps[-1].name, FAILED, rules, to)


def _within(feed: Feed, period: Period) -> Feed:
    """The feed with one more check: that rows belong to the period."""
    if feed.activity_date is None:
        return feed

    def passes(rows: ir.Table) -> ir.BooleanValue:
        month = activity_month(rows, feed)
        return ibis.literal(True) if month is None else month.between(str(period.first), str(period.last))

    check = RowCheck(rule=_PERIOD_RULE, reason=f"the row's month is outside {period}", column=feed.activity_date, passes=passes)
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
    }
