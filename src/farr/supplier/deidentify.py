"""De-identifies raw files into clean ones, each with its manifest. Streams: nothing is held for every row or person."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.labels import LABEL_KEY, SYNTHETIC
from farr.supplier.jobs import Job
from farr.supplier.judgement import OPTED_OUT, WRITTEN, Tally, judgement, tally_of
from farr.supplier.lists import load_lists
from farr.supplier.manifest import ChangedError, Manifest, OptOutStatement, code_version, sha256_of
from farr.supplier.order import Order
from farr.supplier.rules import literal, quoted
from farr.supplier.source import Workplace, guarded, workplace

SCHEME = "HMAC-SHA256, first 128 bits; key by HKDF-SHA256 for the agreement and the kind of identifier"

Progress = Callable[[Job, str], None]
Done = Callable[[Job, Manifest], None]


def deidentify(
    jobs: Sequence[Job],
    order: Order,
    progress: Progress = lambda job, step: None,
    done: Done = lambda job, manifest: None,
) -> list[Manifest]:
    """Writes every clean file and then its manifest, each whole or not at all; `done` is called after each.

    Raises SourceError, FeedError, OrderError or ChangedError at the first file that cannot be written; those before it stay."""
    order.out.mkdir(parents=True, exist_ok=True)
    manifests: list[Manifest] = []
    with workplace(order.out) as place:
        # Records stream past the lists, never the other way, so that memory does not grow with the file.
        place.connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        load_lists(place.connection, order)
        for job in jobs:
            manifests.append(_one(place, job, order, progress))
            done(job, manifests[-1])
    return manifests


def _one(place: Workplace, job: Job, order: Order, progress: Progress) -> Manifest:
    draft = job.clean.with_name(f".{job.clean.name}.part")
    # Of a name of its own: DuckDB keeps what it read of a file, and may take a later one of the same name and second for it.
    judged = place.folder / f"{job.clean.name}.judged.parquet"
    try:
        tally = guarded(job.name, lambda: _write(place, job, order, judged, draft, progress))
        if sha256_of(job.source.path) != job.facts.sha256:
            raise ChangedError(f"{job.source.path} changed while it was read; nothing was written, run it again")
        manifest = _manifest(job, order, tally, sha256_of(draft))
        draft.replace(job.clean)
    finally:
        draft.unlink(missing_ok=True)
        judged.unlink(missing_ok=True)
    manifest.write(job.manifest)
    return manifest


def _write(place: Workplace, job: Job, order: Order, judged: Path, draft: Path, progress: Progress) -> Tally:
    connection, relation = place.connection, f"read_parquet({literal(str(judged))})"
    progress(job, "de-identifying")
    judged_rows, keys = judgement(job, order)
    connection.execute(f"COPY ({judged_rows}) TO {literal(str(judged))} (FORMAT parquet)", keys)
    tally = tally_of(connection, job, relation)
    if not tally.outcomes.get(WRITTEN):
        raise FeedError(f"{job.name} has no row that may leave: {_told(tally.outcomes)}; nothing was written")
    progress(job, "writing the clean file")
    columns = ", ".join(quoted(name) for name in job.plan.outputs)
    written = f"SELECT {columns} FROM {relation} WHERE outcome_ = {literal(WRITTEN)}"
    connection.execute(f"COPY ({written}) TO {literal(str(draft))} ({_form(job, order)})")
    return tally


def _told(outcomes: dict[str, int]) -> str:
    return "; ".join(f"{count} rows: {outcome}" for outcome, count in outcomes.items()) or "it has no rows"


def _form(job: Job, order: Order) -> str:
    if order.as_csv:
        return "FORMAT csv, HEADER, COMPRESSION gzip"
    label = f", KV_METADATA {{{LABEL_KEY}: {literal(SYNTHETIC)}}}" if job.synthetic else ""
    return f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1{label}"


def _manifest(job: Job, order: Order, tally: Tally, output_sha256: str) -> Manifest:
    opted_out = tally.outcomes.get(OPTED_OUT, 0)
    rejected = {outcome: count for outcome, count in tally.outcomes.items() if outcome not in {WRITTEN, OPTED_OUT}}
    return Manifest(
        source_name=job.name,
        source_sha256=job.facts.sha256,
        feed=job.feed.name,
        synthetic=job.synthetic,
        agreement=order.terms.id,
        approval=order.approval,
        period_first=tally.first,
        period_last=tally.last,
        rows_read=sum(tally.outcomes.values()),
        rows_written=tally.outcomes[WRITTEN],
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
