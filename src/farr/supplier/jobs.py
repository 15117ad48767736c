"""What is to be done with each raw file, settled before the first record of any is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.ingest.formats.tabular import FileFacts, inspect_file
from farr.lab.ingest.recognise import Recognition, recognise
from farr.lab.model.agreement import AgreementError
from farr.supplier.made_up import is_made_up
from farr.supplier.order import Order, OrderError
from farr.supplier.pseudonym import IdentifierKind
from farr.supplier.rules import Identifier, Plan, plan_of
from farr.supplier.source import Source, source_of

_SUFFIXES = (".csv.gz", ".csv", ".txt.gz", ".txt", ".parquet", ".gz")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One file, recognised and planned; nothing of its records has been read yet."""

    source: Source
    facts: FileFacts
    feed: Feed
    mapping: Mapping[str, str]
    plan: Plan
    unknown: tuple[str, ...]
    synthetic: bool
    clean: Path
    manifest: Path

    @property
    def name(self) -> str:
        return self.source.path.name

    @property
    def person(self) -> Identifier | None:
        return next((one for one in self.plan.identifiers if one.to == self.feed.table.person), None)


def jobs_of(paths: Sequence[Path], order: Order, feeds: Mapping[str, Feed], feed_name: str | None = None) -> list[Job]:
    """All files planned before the first is written. Raises OrderError where two would share a name or one is there already."""
    jobs = [job_of(path, order, feeds, feed_name) for path in paths]
    names = [job.manifest.name for job in jobs]
    for job in jobs:
        if names.count(job.manifest.name) > 1:
            raise OrderError(f"two files would be written as {job.clean.name}; give them different names, or run them apart")
        if job.manifest.exists():
            raise OrderError(f"{job.manifest} is there already, and nothing is overwritten; choose another --out")
    return jobs


def job_of(path: Path, order: Order, feeds: Mapping[str, Feed], feed_name: str | None = None) -> Job:
    """Recognises the file and plans it. Raises FeedError, AgreementError, OrderError or SourceError; no record is read."""
    facts = inspect_file(path)
    source = source_of(path, facts.kind.value, facts.columns, facts.delimiter)
    found = recognise(facts.columns, _offered(feeds, feed_name))
    _check_feed(path, found, order)
    job = Job(
        source=source,
        facts=facts,
        feed=found.feed,
        mapping=found.mapping,
        plan=plan_of(found.feed, found.mapping, has_lookup=order.small_areas is not None),
        unknown=tuple(found.unknown),
        synthetic=order.synthetic or is_made_up(path),
        clean=order.out / f"{stem_of(path)}.clean.{'csv.gz' if order.as_csv else 'parquet'}",
        manifest=order.out / f"{stem_of(path)}.manifest.json",
    )
    _check_opt_outs_match(job, order)
    return job


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


def _check_feed(path: Path, found: Recognition, order: Order) -> None:
    feed = found.feed
    if feed.table.person is None:
        raise FeedError(f"{path.name} is {feed.name}, which is about no person; give it to farr ingest as it is")
    dataset = feed.table.name  # an agreement covers data, however they are sent
    if dataset not in order.terms.datasets:
        raise AgreementError(
            f"{path.name} is {dataset}, which agreement '{order.terms.id}' does not cover; it covers {', '.join(order.terms.datasets)}"
        )


def _check_opt_outs_match(job: Job, order: Order) -> None:
    """The list is matched on NHS numbers (national data opt-out), so that the file must name people by these."""
    if order.opt_outs and job.person and job.person.kind is not IdentifierKind.NHS_NUMBER:
        raise AgreementError(
            f"agreement '{order.terms.id}' has opt-outs applied, but {job.name} names people by {job.person.sent} only, which "
            "no list of NHS numbers matches; have the file sent with NHS numbers, or with opt-outs applied and an agreement that says so"
        )
