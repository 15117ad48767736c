"""The end of records in the store: months deleted, every other version's files and log removed with them, and what proves it."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from deltalake import CommitProperties
from deltalake.exceptions import DeltaError

from farr.lab.engine.at_rest.keys import key_name
from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.content import forget
from farr.lab.engine.integrity.opened import CARRIED, RECORD, Opened
from farr.lab.engine.integrity.seal import SEAL, seal, sha256_of
from farr.lab.engine.store import Store
from farr.lab.model.durable.disk import disk_full, is_full
from farr.lab.model.period import Month, PeriodError
from farr.lab.model.table import TableDeclaration, TableKind
from farr.lab.model.tables import TABLES

_NOW = {"delta.logRetentionDuration": "interval 0 seconds", "delta.deletedFileRetentionDuration": "interval 0 seconds"}
_LOG = "_delta_log"


@dataclass(frozen=True, kw_only=True)
class FileOnDisk:
    """A Parquet file under a table, of whatever version or none: its path within the store, SHA-256, bytes, month, and key's name."""

    table: str
    path: str
    sha256: str
    size: int
    month: str | None
    key: str | None


def rests_on_persons(table: TableDeclaration) -> bool:
    """Whether rows of the table are about persons, or made of such rows."""
    made_of = [TABLES[name] for name in table.derived_from if name in TABLES]
    return table.person is not None or (table.kind is TableKind.MART and any(each.person is not None for each in made_of))


def held_about_persons(store: Store) -> list[TableDeclaration]:
    """The loaded tables that rest on persons: records first, then what is derived from them."""
    found = [table for table in TABLES.values() if rests_on_persons(table) and store.version(table.name) is not None]
    return sorted(found, key=lambda table: table.kind is TableKind.MART)


def files_on_disk(store: Store, table: TableDeclaration) -> list[FileOnDisk]:
    """Every Parquet file of the table that is on disk, those of earlier versions and of no version among them."""
    paths = sorted(path for path in (store.folder / table.name).rglob("*.parquet") if _LOG not in path.parts)
    return [
        FileOnDisk(
            table=table.name, path=str(path.relative_to(store.folder)), sha256=sha256_of(path), size=path.stat().st_size,
            month=None if (month := _month(path)) is None else str(month), key=key_name(path),
        )
        for path in paths
    ]  # fmt: skip


def empty(store: Store, table: TableDeclaration, before: Month | None, record: Mapping[str, Any]) -> None:
    """Deletes the months before `before` (None: all rows) from the live version; a table without months is emptied. Does nothing
    where there is nothing to delete."""
    if table.month is None:
        if store.files(table.name):
            store.replace(table, [], record)
        return
    months = [month for month in store.months(table.name) if before is None or month < before]
    if months:
        store.replace(table, {month: list[Path]() for month in months}, record)


def purge(store: Store, table: TableDeclaration, record: Mapping[str, Any], carried: Sequence[Mapping[str, Any]]) -> int:
    """Keeps the live version alone: removes every other file and the log of what was before, and gives the new version, whose record
    is `record` and which remembers the records `carried`. Raises StoreError where something of it stays.

    Earlier versions cannot be read any more. Doing it again does no harm.
    """
    forget(store)
    folder = store.folder / table.name
    kept = json.dumps({**record, CARRIED: [dict(each) for each in carried]}, sort_keys=True)
    full = False
    with store.writing(table.name):
        # The versions that say with which hash each kept file was written go as well: the seals of those that follow say it.
        written = Opened(folder).hashes
        try:
            Opened(folder).vacuum(0, dry_run=False, enforce_retention_duration=False, full=True)
            Opened(folder).alter.set_table_properties(_NOW, commit_properties=_sealed(folder, written, {}))
            _clear_log(folder)
            Opened(folder).alter.set_table_properties(store.configuration(), commit_properties=_sealed(folder, written, {RECORD: kept}))
            version = Opened(folder).version()
        except (DeltaError, OSError) as error:
            version, full = None, is_full(error)
    if full:
        raise disk_full(folder)
    if version is None:
        raise StoreError(f"table '{table.name}' at {folder} could not be cleared (is the folder read-only?); type the same again")
    _clear_folders(folder)
    return version


def reachable(store: Store, table: TableDeclaration) -> list[int]:
    """The versions that can still be opened."""
    live, found = store.version(table.name), list[int]()
    for version in range(0 if live is None else live + 1):
        try:
            store.files_by_month(table.name, version)
        except StoreError:
            continue
        found.append(version)
    return found


def months_reachable(store: Store, table: TableDeclaration) -> set[Month]:
    """Every month that any version that can be opened still holds."""
    return {month for version in reachable(store, table) for month in store.months(table.name, version)}


def named_in_log(store: Store, table: TableDeclaration, names: Iterable[str]) -> list[str]:
    """Which of these file names the table's log still speaks of."""
    log = store.folder / table.name / _LOG
    said = "\n".join(
        str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(log.iterdir())
        if path.is_file()
    )
    return [name for name in names if name in said]


def _sealed(folder: Path, written: Mapping[str, str], said: Mapping[str, str]) -> CommitProperties:
    """Those of a commit that keeps the files there are, with the hashes with which they were written."""
    live = Opened(folder).listed
    hashes = {path: written.get(path) or sha256_of(folder / path) for path, *_ in live}
    sealed = seal(live, hashes, said.get(RECORD, "{}"))
    return CommitProperties(custom_metadata={**said, SEAL: sealed}, max_commit_retries=0)


def _clear_log(folder: Path) -> None:
    """Writes a checkpoint of the live version and removes the log before it."""
    delta = Opened(folder)
    delta.create_checkpoint()
    for _ in range(50):
        # An entry is past its time a moment after it was written.
        time.sleep(0.02)
        delta.cleanup_metadata()
        if not _before(folder, delta.version()):
            return
    for path in _before(folder, delta.version()):
        path.unlink()


def _before(folder: Path, version: int) -> list[Path]:
    return [path for path in (folder / _LOG).iterdir() if path.name[:20].isdigit() and int(path.name[:20]) < version]


def _clear_folders(folder: Path) -> None:
    for path in folder.glob("*=*"):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _month(path: Path) -> Month | None:
    try:
        return Month.parse(path.parent.name.partition("=")[2])
    except PeriodError:
        return None
