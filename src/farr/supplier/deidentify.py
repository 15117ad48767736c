"""De-identifies one raw file into a clean one, with its manifest. Streams: only distinct identifiers are held, and may spill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.ingest.formats.tabular import FileFacts, inspect_file
from farr.lab.ingest.recognise import recognise
from farr.lab.model.agreement import AgreementError
from farr.lab.model.period import Month, Period
from farr.supplier.manifest import ChangedError, Manifest, OptOutStatement, code_version, sha256_of
from farr.supplier.order import Order, OrderError
from farr.supplier.pseudonym import IdentifierKind, Pseudonymiser, is_valid_nhs_number, normalised_nhs_number
from farr.supplier.rules import Identifier, Plan, day, known, literal, plan_of, quoted
from farr.supplier.source import Source, source_of, with_connection

SCHEME = "HMAC-SHA256, first 128 bits; key by HKDF-SHA256 for the agreement and the kind of identifier"
_WRITTEN, _OPTED_OUT = "written", "opted out"
_SUFFIXES = (".csv.gz", ".csv", ".txt.gz", ".txt", ".parquet", ".gz")

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One file, recognised and planned; nothing of its records has been read yet."""

    source: Source
    facts: FileFacts
    feed: Feed
    mapping: Mapping[str, str]
    plan: Plan
    unknown: tuple[str, ...]
    clean: Path
    manifest: Path

    @property
    def person(self) -> Identifier | None:
        return next((one for one in self.plan.identifiers if one.to == self.feed.table.person), None)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts of one file: rows by outcome, lost values by (column, reason), and the months written."""

    outcomes: dict[str, int]
    lost: dict[str, dict[str, int]]
    unmatched: int
    first: str | None
    last: str | None


def job_of(path: Path, order: Order, feeds: Mapping[str, Feed], feed_name: str | None = None) -> Job:
    """Recognises the file and plans it. Raises FeedError, AgreementError or OrderError; no record is read."""
    facts = inspect_file(path)
    found = recognise(facts.columns, _offered(feeds, feed_name))
    feed = found.feed
    if feed.table.person is None:
        raise FeedError(f"{path.name} is {feed.name}, which is about no person; give it to farr ingest as it is")
    if feed.name not in order.terms.datasets:
        raise AgreementError(
            f"{path.name} is {feed.name}, which agreement '{order.terms.id}' does not cover; it covers {', '.join(order.terms.datasets)}"
        )
    clean = order.out / f"{stem_of(path)}.clean.{'csv.gz' if order.as_csv else 'parquet'}"
    return Job(
        source=source_of(path, facts.kind.value, facts.columns, facts.delimiter),
        facts=facts,
        feed=feed,
        mapping=found.mapping,
        plan=plan_of(feed, found.mapping, has_lookup=order.small_areas is not None),
        unknown=tuple(found.unknown),
        clean=clean,
        manifest=order.out / f"{stem_of(path)}.manifest.json",
    )


def jobs_of(paths: list[Path], order: Order, feeds: Mapping[str, Feed], feed_name: str | None = None) -> list[Job]:
    """All files planned before the first is written. Raises OrderError where two would share a name or one is there already."""
    jobs = [job_of(path, order, feeds, feed_name) for path in paths]
    names = [job.manifest.name for job in jobs]
    for job in jobs:
        if names.count(job.manifest.name) > 1:
            raise OrderError(f"two files would be written as {job.clean.name}; give them different names, or run them apart")
        if job.manifest.exists():
            raise OrderError(f"{job.manifest} is there already, and nothing is overwritten; choose another --out")
    return jobs


def deidentify(job: Job, order: Order, progress: Progress = lambda step: None) -> Manifest:
    """Writes the clean file and then its manifest, each whole or not at all. Raises SourceError, FeedError, OrderError."""
    order.out.mkdir(parents=True, exist_ok=True)
    draft = job.clean.with_name(f".{job.clean.name}.part")

    def work(connection: duckdb.DuckDBPyConnection, private: Path) -> Tally:
        return _write(connection, private, job, order, draft, progress)

    try:
        tally = with_connection(job.source.path.name, order.out, work)
        if sha256_of(job.source.path) != job.facts.sha256:
            raise ChangedError(f"{job.source.path} changed while it was read; nothing was written, run it again")
        manifest = _manifest(job, order, tally, sha256_of(draft))
        draft.replace(job.clean)
    finally:
        draft.unlink(missing_ok=True)
    manifest.write(job.manifest)
    return manifest


def stem_of(path: Path) -> str:
    name = path.name
    suffix = next((one for one in _SUFFIXES if name.lower().endswith(one)), "")
    return name[: len(name) - len(suffix)] if suffix else name


def _offered(feeds: Mapping[str, Feed], name: str | None) -> Mapping[str, Feed]:
    if name is None:
        return feeds
    if name not in feeds:
        raise OrderError(f"there is no feed '{name}'; known are {', '.join(feeds)}")
    return {name: feeds[name]}


def _write(connection: duckdb.DuckDBPyConnection, private: Path, job: Job, order: Order, draft: Path, progress: Progress) -> Tally:
    progress("making pseudonyms")
    _make_pseudonyms(connection, job, order)
    _load_opt_outs(connection, job, order)
    _load_areas(connection, order)
    progress("de-identifying")
    judged = private / "judged.parquet"
    connection.execute(f"COPY ({judgement(job, order)}) TO {literal(str(judged))} (FORMAT parquet)")
    tally = _tally(connection, job, judged)
    if not tally.outcomes.get(_WRITTEN):
        raise FeedError(f"{job.source.path.name} has no row that may leave: {_told(tally.outcomes)}; nothing was written")
    progress("writing the clean file")
    _copy(connection, job, order, judged, draft)
    return tally


def _told(outcomes: dict[str, int]) -> str:
    return "; ".join(f"{count} rows: {outcome}" for outcome, count in outcomes.items()) or "it has no rows"


def _make_pseudonyms(connection: duckdb.DuckDBPyConnection, job: Job, order: Order) -> None:
    for number, identifier in enumerate(job.plan.identifiers):
        key = order.key.agreement_key(order.terms.id, identifier.kind.value)
        normalised = f"SELECT DISTINCT {identifier.normalised} AS {identifier.alias} FROM {job.source.relation}"
        distinct = f"SELECT {identifier.alias} FROM ({normalised}) WHERE {identifier.valid}"
        Pseudonymiser(key).fill(connection, distinct, f"pseudonym_{number}")


def _load_opt_outs(connection: duckdb.DuckDBPyConnection, job: Job, order: Order) -> None:
    """The list is matched on normalised NHS numbers (national data opt-out), so that the file must name people by these."""
    connection.execute("CREATE TABLE opt_out (identifier VARCHAR)")
    if order.opt_outs is None or job.person is None:
        return
    if job.person.kind is not IdentifierKind.NHS_NUMBER:
        raise AgreementError(
            f"agreement '{order.terms.id}' has opt-outs applied, but {job.source.path.name} names people by {job.person.sent} only, which "
            "no list of NHS numbers matches; have the file sent with NHS numbers, or with opt-outs applied and an agreement that says so"
        )
    source = source_of(order.opt_outs, "csv", ("listed",), "\t")
    unheaded = source.relation.replace("header=true", "header=false")
    listed = f"(SELECT {normalised_nhs_number('listed')} AS number, row_number() OVER () AS line FROM {unheaded})"
    wrong = connection.execute(f"SELECT min(line) FROM {listed} WHERE number IS NOT NULL AND NOT {is_valid_nhs_number('number')}")
    (line,) = wrong.fetchone() or (None,)
    if line is not None:
        raise OrderError(f"{order.opt_outs}: entry {line} is not an NHS number, so that somebody's opt-out could be missed; correct it")
    connection.execute(f"INSERT INTO opt_out SELECT DISTINCT number FROM {listed} WHERE number IS NOT NULL")


def _load_areas(connection: duckdb.DuckDBPyConnection, order: Order) -> None:
    connection.execute("CREATE TABLE area (code VARCHAR, decile VARCHAR, locality VARCHAR)")
    if order.small_areas is not None:
        connection.execute(
            "INSERT INTO area SELECT upper(trim(LSOA_Code)), trim(Deprivation_Decile), trim(Locality_Code) "
            f"FROM read_csv({literal(str(order.small_areas))}, all_varchar=true, header=true, delim=',')"
        )


def judgement(job: Job, order: Order) -> str:
    """SQL: every raw row with its clean values (names as they leave), its outcome, its month and its losses (loss_0, …).

    In two steps, so that what several conditions rest on is worked out once a row."""
    identifiers = job.plan.identifiers
    first = [f"{identifier.normalised} AS {identifier.alias}" for identifier in identifiers]
    first += [f"{_month(job)} AS month_", f"{job.plan.leak} AS leak_"]
    outputs = [f"{sql} AS {quoted(name)}" for name, sql in job.plan.outputs.items()]
    losses = [f"({loss.when}) AS loss_{number}" for number, loss in enumerate(job.plan.losses)]
    nobody = f"p{identifiers.index(job.person)}.pseudonym IS NULL" if job.person else "false"
    joins = [
        f"LEFT JOIN pseudonym_{number} AS p{number} ON p{number}.identifier = {identifier.alias}"
        for number, identifier in enumerate(identifiers)
    ]
    if job.plan.small_area is not None:
        joins.append(f"LEFT JOIN area ON area.code = {job.plan.small_area}")
    columns = ", ".join([*outputs, *losses, "month_", f"{nobody} AS nobody_", f"{_outcome(job, order)} AS outcome_"])
    return f"SELECT {columns} FROM (SELECT *, {', '.join(first)} FROM {job.source.relation}) AS raw {' '.join(joins)}"


def _month(job: Job) -> str:
    name = job.feed.activity_date
    return f"strftime({day(known(job.mapping[name], job.feed[name]))}, '%Y-%m')" if name else "CAST(NULL AS VARCHAR)"


def _outcome(job: Job, order: Order) -> str:
    """SQL: what becomes of the row; the first that holds. An opted-out row is one that would have been written."""
    cases = ["WHEN leak_ THEN 'a column to be kept holds an identifier'"]
    for number, identifier in enumerate(job.plan.identifiers):
        reason = literal(f"{identifier.sent} is not valid")  # only valid ones were given a pseudonym
        cases.append(f"WHEN {identifier.alias} IS NOT NULL AND p{number}.pseudonym IS NULL THEN {reason}")
        if not identifier.may_be_null:
            cases.append(f"WHEN {identifier.alias} IS NULL THEN {literal(f'{identifier.sent} is empty')}")
    if job.feed.activity_date:
        date_name = job.mapping[job.feed.activity_date]
        outside = f"NOT month_ BETWEEN {literal(str(order.period.first))} AND {literal(str(order.period.last))}"
        cases.append(f"WHEN month_ IS NULL THEN {literal(f'{date_name} is no date')}")
        cases.append(f"WHEN {outside} THEN {literal(f'{date_name} is outside {order.period}')}")
    if job.person and order.opt_outs:
        cases.append(f"WHEN {job.person.alias} IN (SELECT identifier FROM opt_out) THEN {literal(_OPTED_OUT)}")
    return f"CASE {' '.join(cases)} ELSE {literal(_WRITTEN)} END"


def _tally(connection: duckdb.DuckDBPyConnection, job: Job, judged: Path) -> Tally:
    losses = "".join(f", count(*) FILTER (loss_{number})" for number in range(len(job.plan.losses)))
    rows = connection.execute(
        f"SELECT outcome_, count(*), count(*) FILTER (nobody_), min(month_), max(month_){losses} "
        f"FROM read_parquet({literal(str(judged))}) GROUP BY outcome_ ORDER BY outcome_"
    ).fetchall()
    written = next((row for row in rows if row[0] == _WRITTEN), None)
    lost: dict[str, dict[str, int]] = {}
    for loss, count in zip(job.plan.losses, written[5:] if written else (), strict=False):
        if count:
            lost.setdefault(loss.column, {})[loss.reason] = count
    return Tally(
        outcomes={row[0]: row[1] for row in rows},
        lost=lost,
        unmatched=written[2] if written else 0,
        first=written[3] if written else None,
        last=written[4] if written else None,
    )


def _copy(connection: duckdb.DuckDBPyConnection, job: Job, order: Order, judged: Path, draft: Path) -> None:
    columns = ", ".join(quoted(name) for name in job.plan.outputs)
    form = "FORMAT csv, HEADER, COMPRESSION gzip" if order.as_csv else "FORMAT parquet, COMPRESSION zstd"
    written = f"SELECT {columns} FROM read_parquet({literal(str(judged))}) WHERE outcome_ = {literal(_WRITTEN)}"
    connection.execute(f"COPY ({written}) TO {literal(str(draft))} ({form})")


def _manifest(job: Job, order: Order, tally: Tally, output_sha256: str) -> Manifest:
    opted_out = tally.outcomes.get(_OPTED_OUT, 0)
    rejected = {outcome: count for outcome, count in tally.outcomes.items() if outcome not in {_WRITTEN, _OPTED_OUT}}
    return Manifest(
        source_name=job.source.path.name,
        source_sha256=job.facts.sha256,
        feed=job.feed.name,
        agreement=order.terms.id,
        approval=order.approval,
        period_first=tally.first,
        period_last=tally.last,
        rows_read=sum(tally.outcomes.values()),
        rows_written=tally.outcomes[_WRITTEN],
        rows_rejected=rejected,
        values_lost=tally.lost,
        opt_outs=OptOutStatement.of(order.terms.opt_outs, order.terms.opt_outs_reason, rows=opted_out, unmatched_rows=tally.unmatched),
        columns_kept=job.plan.kept,
        columns_derived=job.plan.derived,
        columns_dropped=job.plan.dropped,
        columns_unknown=job.unknown,
        pseudonym_of=job.person.sent if job.person else None,
        pseudonym_scheme=SCHEME,
        key_fingerprint=order.key.fingerprint,
        output_name=job.clean.name,
        output_sha256=output_sha256,
        code_version=code_version(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def period_of(manifest: Manifest) -> Period | None:
    """The months that the clean file holds; None for feeds without activity dates."""
    if manifest.period_first is None or manifest.period_last is None:
        return None
    return Period(Month.parse(manifest.period_first), Month.parse(manifest.period_last))
