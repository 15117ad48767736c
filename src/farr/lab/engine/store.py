"""The store of one agreement: a folder of Delta tables, each replaced by the month in one transaction.

Files are moved into place under a name that bears the version they are meant for (`v000…12-….parquet`), and then one commit
registers them. A load that is killed therefore leaves the earlier version as it was, and files that no version owns, which the
next writer knows by their number and clears away.
"""

import fcntl
import json
import shutil
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote
from uuid import uuid4

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from farr.lab.engine.at_rest.durable import to_disk
from farr.lab.engine.at_rest.keys import Keys, ending, key_name
from farr.lab.engine.at_rest.rekey import sealed_by_year
from farr.lab.engine.errors import StoreError
from farr.lab.engine.parts import carried_over
from farr.lab.engine.staged import StagedFile, check_rows, checked, checked_all
from farr.lab.model.period import FinancialYear, Month
from farr.lab.model.table import TableDeclaration

RECORD = "farr"
CARRIED = "carried"
_STAGING = "_staging"
# The longest that an agreement may retain (Terms.retention_years), so that a store opened without its agreement loses nothing.
LONGEST_RETENTION_YEARS = 20

Staged = Mapping[Month, Sequence[Path]] | Sequence[Path]


class _Table(DeltaTable):
    """A version of a table, with what its log says read once."""

    @cached_property
    def actions(self) -> list[dict[str, Any]]:
        return pa.table(self.get_add_actions(flatten=True)).to_pylist()

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for commit in sorted(self.history(), key=lambda commit: int(commit["version"])):
            if RECORD in commit:
                record: dict[str, Any] = json.loads(commit[RECORD])
                found += record.pop(CARRIED, [])
                at = datetime.fromtimestamp(commit["timestamp"] / 1000, UTC).isoformat(timespec="seconds")
                found.append({**record, "version": int(commit["version"]), "written_at": at})
        return found


class Store:
    """The Delta tables under `folder`, one folder a table. Old versions and their log are kept `retention_years`; nothing here
    removes them, only the destruction of an agreement's data does. A table without months that has parts (TableDeclaration.part)
    is replaced by the part: rows of other parts than the new files hold stay.

    `keys` opens what is encrypted. With `sealing`, tables about persons are written encrypted, with the key of each month's
    financial year; published facts never are. Files written before stay as they were, and readable."""

    def __init__(
        self, folder: Path, retention_years: int = LONGEST_RETENTION_YEARS, *, keys: Keys | None = None, sealing: bool = False
    ) -> None:
        self.folder = Path(folder)
        self.retention_years = retention_years
        self._opened: dict[str, _Table] = {}
        self.keys = keys
        self._sealing = sealing and keys is not None

    def seals(self, table: TableDeclaration) -> bool:
        """Whether rows of the table are written encrypted: those about persons, where the agreement says so."""
        return self._sealing and table.person is not None and table.month is not None

    def version(self, table: str) -> int | None:
        """The live version, None for a table never loaded. Raises StoreError where the table cannot be read."""
        delta = self._open(table)
        return None if delta is None else delta.version()

    def versions(self) -> dict[str, int]:
        """The live version of every table that was ever loaded, by name."""
        names = sorted(path.name for path in self.folder.iterdir() if path.is_dir()) if self.folder.is_dir() else []
        found = {name: self.version(name) for name in names}
        return {name: version for name, version in found.items() if version is not None}

    def files(self, table: str, version: int | None = None) -> list[Path]:
        """The Parquet files of a version (None: the live one); none for a table never loaded. Raises StoreError where one is
        missing on disk. The month is in the path (`Activity_Month=2024-05/`), not in the file."""
        delta = self._open(table, version)
        if delta is None:
            return []
        paths = [self.folder / table / unquote(str(action["path"])) for action in delta.actions]
        self._check_there(table, delta.version(), paths)
        return sorted(paths)

    def files_by_month(self, table: str, version: int | None = None) -> dict[Month | None, list[Path]]:
        """The files of a version as `files` gives them, by month; all under None in a table without months."""
        delta = self._open(table, version)
        held: dict[Month | None, list[Path]] = {}
        columns: list[str] = [] if delta is None else delta.metadata().partition_columns
        for action in [] if delta is None else delta.actions:
            month = Month.parse(str(action[f"partition.{columns[0]}"])) if columns else None
            held.setdefault(month, []).append(self.folder / table / unquote(str(action["path"])))
        if delta is not None:
            self._check_there(table, delta.version(), [path for paths in held.values() for path in paths])
        return {month: sorted(paths) for month, paths in held.items()}

    def months(self, table: str, version: int | None = None) -> list[Month]:
        """The months that a version holds, in order; none for a table without months."""
        delta = self._open(table, version)
        columns: list[str] = [] if delta is None else delta.metadata().partition_columns
        if delta is None or not columns:
            return []
        return sorted({Month.parse(str(action[f"partition.{columns[0]}"])) for action in delta.actions})

    def rows_by_month(self, table: str, version: int | None = None) -> dict[Month, int]:
        """How many rows a version (None: the live one) holds of each month; empty for a table without months."""
        delta = self._open(table, version)
        columns: list[str] = [] if delta is None else delta.metadata().partition_columns
        held: dict[Month, int] = {}
        for action in delta.actions if delta is not None and columns else []:
            month = Month.parse(str(action[f"partition.{columns[0]}"]))
            held[month] = held.get(month, 0) + int(action["num_records"])
        return held

    def rows(self, table: str, version: int | None = None) -> int:
        """How many rows a version holds, as its log says; 0 for a table never loaded."""
        delta = self._open(table, version)
        return 0 if delta is None else sum(int(action["num_records"]) for action in delta.actions)

    def history(self, table: str) -> list[dict[str, Any]]:
        """What was recorded of each load, oldest first, each with its `version` and `written_at` (UTC). What was carried over from
        versions that a destruction removed comes first."""
        delta = self._open(table)
        return [] if delta is None else [dict(record) for record in delta.records]

    @contextmanager
    def staging(self, table: str) -> Generator[Path]:
        """A new folder on the store's disk to write Parquet into; removed afterwards, as are those of killed loads."""
        root = self.folder / table / _STAGING
        root.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(root)
        folder = root / uuid4().hex
        with (root / f"{folder.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                Path(lock.name).unlink(missing_ok=True)

    def confirm(self, table: TableDeclaration, record: Mapping[str, Any], *, base: int) -> int:
        """Keeps another record of the same files, as a new version. Raises StoreError where `base` is no longer the live version."""
        kept = json.dumps(dict(record), sort_keys=True)
        with self.writing(table.name):
            delta = self._open(table.name)
            _check_base(table, delta, base)
            self._commit(table, delta, [], [], kept)
        return base + 1

    def replace(
        self,
        table: TableDeclaration,
        staged: Staged,
        record: Mapping[str, Any],
        *,
        rows: int | None = None,
        whole: bool = False,
        base: int | None = None,
    ) -> int:
        """Replaces the staged months (or the whole table, where it has no months or `whole` is said) in one transaction, and
        gives the new version. A month without files is emptied.

        Files are checked against the declaration, and against `rows` in all where given, before anything changes. `record` is
        plain data, kept with the version. `base` is the version that the rows were worked out from, which must still be the live
        one. Raises StoreError; the earlier version then stands.
        """
        files = checked_all(table, _each(table, staged), self.keys)
        check_rows(table, files, rows)
        kept = json.dumps(dict(record), sort_keys=True)
        with self.writing(table.name), self.staging(table.name) as folder:
            # Only now: while this writer waited, the year may have been destroyed.
            self.check_not_destroyed(table, {file.month for file in files if file.month is not None})
            if self.keys is not None and self.seals(table):
                files = sealed_by_year(files, self.keys, folder)
            delta = self._open(table.name)
            self._check_declaration(table, delta, whole)
            _check_base(table, delta, base)
            version = 0 if delta is None else delta.version() + 1
            self._clear_unowned(table.name, version)
            carried = [] if whole else self._carried(table, files, folder)
            adds = [self._placed(table, file, version) for file in (*carried, *files)]
            months = None if whole else _named_months(staged)
            self._commit(table, delta, adds, months, kept)
        return version

    def check_not_destroyed(self, table: TableDeclaration, months: Iterable[Month]) -> None:
        """Raises StoreError where records of a financial year would be loaded that was destroyed."""
        if self.keys is not None and table.person is not None:
            self.keys.check_not_destroyed({FinancialYear.of(month) for month in months})

    def _carried(self, table: TableDeclaration, files: Sequence[StagedFile], folder: Path) -> list[StagedFile]:
        """The rows of parts that `files` do not replace. Read while the table is locked, so that no other writer's part is lost."""
        if table.month is not None:
            return []
        held = carried_over(table, self.files(table.name), [file.path for file in files], folder)
        return [checked(path, table, None) for path in held]

    @contextmanager
    def writing(self, table: str) -> Generator[None]:
        """Holds the table for one writer."""
        # One writer a table: the others wait their turn, and then see the version that the one before them made.
        (self.folder / table).mkdir(parents=True, exist_ok=True)
        with (self.folder / table / "_writer.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self, table: str, version: int | None = None) -> _Table | None:
        folder = self.folder / table
        if not (folder / "_delta_log").is_dir() or not any((folder / "_delta_log").iterdir()):
            return None
        live = self._still_live(table) if version is None else None
        if live is not None:
            return live
        try:
            delta = _Table(str(folder), version=version)
            if version is None:
                self._opened[table] = delta
            return delta
        except (DeltaError, OSError):
            pass
        which = "" if version is None else f" at version {version}"
        raise StoreError(f"table '{table}'{which} cannot be read: its log at {folder / '_delta_log'} is damaged or incomplete; "
                         "restore that folder from a backup, or move it away and load the files again: farr ingest FILE")  # fmt: skip

    def _still_live(self, table: str) -> _Table | None:
        """The table as opened before, where no version has followed: reading the log anew takes milliseconds, often in one question."""
        delta = self._opened.get(table)
        if delta is None:
            return None
        log, version = self.folder / table / "_delta_log", delta.version()
        is_live = (log / f"{version:020d}.json").exists() and not (log / f"{version + 1:020d}.json").exists()
        return delta if is_live else None

    def _check_declaration(self, table: TableDeclaration, delta: DeltaTable | None, whole: bool) -> None:
        if delta is None or whole or _is_declared(table, delta):
            return
        raise StoreError(
            f"table '{table.name}' at {self.folder / table.name} was loaded under another declaration of its columns; "
            "move the folder away and load every file again: farr ingest FILE"
        )

    def _check_there(self, table: str, version: int, paths: Sequence[Path]) -> None:
        missing = [path for path in paths if not path.is_file()]
        if missing:
            raise StoreError(
                f"table '{table}' version {version} lacks {len(missing)} of its files, such as {missing[0]}; "
                f"restore {self.folder / table} from a backup, or load those months again: farr ingest FILE"
            )

    def _clear_unowned(self, table: str, version: int) -> None:
        for path in (self.folder / table).glob("**/v*-*.parquet"):
            if _STAGING not in path.parts and int(path.name[1:].split("-")[0]) >= version:
                path.unlink()

    def _placed(self, table: TableDeclaration, file: StagedFile, version: int) -> AddAction:
        values = {} if table.month is None else {table.month: str(file.month)}
        name = f"v{version:020d}-{uuid4().hex}{ending(key_name(file.path))}"
        relative = Path(*(f"{column}={value}" for column, value in values.items())) / name
        target = self.folder / table.name / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        to_disk(file.path)
        file.path.rename(target)
        to_disk(target.parent)
        status = target.stat()
        return AddAction(
            path=relative.as_posix(),
            size=status.st_size,
            partition_values=values,
            modification_time=int(status.st_mtime * 1000),
            data_change=True,
            # The number of rows and nothing else: other statistics would keep identifiers in the log after the rows are gone.
            stats=json.dumps({"numRecords": file.rows}),
        )

    def _commit(
        self, table: TableDeclaration, delta: DeltaTable | None, adds: list[AddAction], months: list[str] | None, record: str
    ) -> None:
        self._opened.pop(table.name, None)
        # No retries by the library: what it would retry onto is a version that this writer never saw.
        properties = CommitProperties(custom_metadata={RECORD: record}, max_commit_retries=0)
        try:
            if delta is None or not _is_declared(table, delta):
                self._create(table, adds, properties, "error" if delta is None else "overwrite")
            else:
                _overwrite(table, delta, adds, months, properties)
            return
        except CommitFailedError:
            reason = "another program wrote to it at the same time"
        except (DeltaError, OSError):
            reason = "its log could not be written (is the disk full, or the folder read-only?)"
        raise StoreError(f"table '{table.name}' at {self.folder / table.name} was not changed: {reason}; load the file again")

    def _create(
        self, table: TableDeclaration, adds: list[AddAction], properties: CommitProperties, mode: Literal["error", "overwrite"]
    ) -> None:
        create_table_with_add_actions(
            str(self.folder / table.name),
            Schema.from_arrow(table.schema.to_pyarrow()),
            adds,
            mode=mode,
            partition_by=_partition(table),
            name=table.name,
            configuration={**self.configuration()},
            commit_properties=properties,
        )

    def configuration(self) -> dict[str, str]:
        """What Delta is told of each table: no statistics, and how long versions and their log are kept."""
        # A leap day a year more than there can be: too long is safe, too short is not.
        kept = f"interval {self.retention_years * 366} days"
        return {
            "delta.dataSkippingNumIndexedCols": "0",
            "delta.logRetentionDuration": kept,
            "delta.deletedFileRetentionDuration": kept,
        }


def _each(table: TableDeclaration, staged: Staged) -> list[tuple[Month | None, Path]]:
    if isinstance(staged, Mapping) != (table.month is not None):
        wants = "a list of files a month" if table.month else "one list of files"
        raise StoreError(f"table '{table.name}' takes {wants}; nothing was loaded")
    if isinstance(staged, Mapping):
        return [(month, path) for month, paths in sorted(staged.items()) for path in paths]
    return [(None, path) for path in staged]


def _check_base(table: TableDeclaration, delta: DeltaTable | None, base: int | None) -> None:
    live = None if delta is None else delta.version()
    if base is not None and base != live:
        raise StoreError(
            f"table '{table.name}' is at version {live} and these rows rest on version {base}: another program wrote to it in the "
            "meantime; nothing was changed; do the same again"
        )


def _named_months(staged: Staged) -> list[str] | None:
    return sorted(str(month) for month in staged) if isinstance(staged, Mapping) else None


def _partition(table: TableDeclaration) -> list[str]:
    return [table.month] if table.month else []


def _is_declared(table: TableDeclaration, delta: DeltaTable) -> bool:
    return pa.schema(delta.schema().to_arrow()).equals(table.schema.to_pyarrow())


def _overwrite(
    table: TableDeclaration, delta: DeltaTable, adds: list[AddAction], months: list[str] | None, properties: CommitProperties
) -> None:
    actions: list[AddAction | RemoveAction] = [*adds]
    # No months at all: the files stay. To overwrite no part of a table would overwrite the whole of it.
    mode: Literal["append", "overwrite"] = "append" if months == [] else "overwrite"
    which: Any = [(table.month, "in", months)] if months else None
    delta.create_write_transaction(actions, mode, table.schema.to_pyarrow(), _partition(table), which, commit_properties=properties)


def _clear_abandoned(root: Path) -> None:
    for path in root.glob("*.lock"):
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its load is still running
            shutil.rmtree(root / path.stem, ignore_errors=True)
            path.unlink(missing_ok=True)
