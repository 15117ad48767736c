"""The store of one agreement: a folder of Delta tables, each replaced by the month in one transaction.

Files are moved into place under a name that bears the version they are meant for (`v000…12-….parquet`), and then one commit
registers them. A load that is killed therefore leaves the earlier version as it was, and files that no version owns, which the
next writer knows by their number and clears away.
"""

import fcntl
import json
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from deltalake.transaction import AddAction

from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.at_rest.rekey import sealed_by_year
from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.commit import clear_unowned, commit, is_declared, placed
from farr.lab.engine.integrity.opened import Opened, opened
from farr.lab.engine.integrity.seal import sha256_of
from farr.lab.engine.parts import carried_over
from farr.lab.engine.staged import StagedFile, check_rows, checked, checked_all
from farr.lab.model.durable.disk import room_on, scratch
from farr.lab.model.period import FinancialYear, Month
from farr.lab.model.table import TableDeclaration, TableKind

_STAGING = "_staging"
NEVER_LOADED = -1  # as the `base` of rows that rest on no earlier version
# The longest that an agreement may retain (Terms.retention_years), so that a store opened without its agreement loses nothing.
LONGEST_RETENTION_YEARS = 20

Staged = Mapping[Month, Sequence[Path]] | Sequence[Path]
Record = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


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
        self._opened: dict[str, Opened] = {}
        self.keys = keys
        self._sealing = sealing and keys is not None
        self._is_alone = False

    def seals(self, table: TableDeclaration) -> bool:
        """Whether rows of the table are written encrypted: those about persons, where the agreement says so."""
        return self._sealing and table.person is not None and table.month is not None

    def version(self, table: str) -> int | None:
        """The live version, None for a table never loaded. Raises StoreError where the table cannot be read."""
        delta = self._open(table)
        return None if delta is None else delta.version()

    def versions(self) -> dict[str, int]:
        """The live version of every table that was ever loaded, by name."""
        found = {name: self.version(name) for name in self.tables()}
        return {name: version for name, version in found.items() if version is not None}

    def tables(self) -> list[str]:
        """The names of the tables that there are folders of, in order, whether they can be read or not."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("_"))

    def files(self, table: str, version: int | None = None) -> list[Path]:
        """The Parquet files of a version (None: the live one); none for a table never loaded. Raises StoreError where one is
        missing on disk. The month is in the path (`Activity_Month=2024-05/`), not in the file."""
        return sorted(path for paths in self.files_by_month(table, version).values() for path in paths)

    def files_by_month(self, table: str, version: int | None = None) -> dict[Month | None, list[Path]]:
        """The files of a version as `files` gives them, by month; all under None in a table without months."""
        delta = self._open(table, version)
        held: dict[Month | None, list[Path]] = {}
        sizes: dict[Path, int] = {}
        columns: list[str] = [] if delta is None else delta.metadata().partition_columns
        for action in [] if delta is None else delta.actions:
            month = Month.parse(str(action[f"partition.{columns[0]}"])) if columns else None
            path = self.folder / table / unquote(str(action["path"]))
            held.setdefault(month, []).append(path)
            sizes[path] = int(action["size_bytes"])
        if delta is not None:
            self._check_there(table, delta.version(), sizes)
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
        with room_on(self.folder):
            root.mkdir(parents=True, exist_ok=True)
            with scratch(root, "") as folder:
                yield folder

    def check_whole(self, table: str) -> int:
        """Reads every file of the live version, and those of earlier versions that are still there, and gives their number. Raises
        StoreError where one is not, byte for byte, what was loaded: that cannot be seen from the rows."""
        delta = self._open(table)
        if delta is None:
            return 0
        live, written = self.files(table), delta.hashes
        there = {path: self.folder / table / path for path in written if (self.folder / table / path).is_file()}
        changed = [path for name, path in there.items() if sha256_of(path) != written[name]]
        if changed:
            raise StoreError(
                f"table '{table}': {len(changed)} of its files were changed on disk since they were written, such as {changed[0]}; "
                f"restore {self.folder / table} from a backup, or make what they hold again: farr ingest FILE, or: farr build --whole"
            )
        return len({*live, *there.values()})

    def check_declared(self, table: TableDeclaration) -> None:
        """Raises StoreError where the live version has other columns than are declared, as where an earlier version of Farr loaded it."""
        self._check_declaration(table, self._open(table.name), whole=False)

    def confirm(self, table: TableDeclaration, record: Mapping[str, Any], *, base: int) -> int:
        """Keeps another record of the same files, as a new version. Raises StoreError where `base` is no longer the live version."""
        kept = json.dumps(dict(record), sort_keys=True)
        with room_on(self.folder), self.writing(table.name):
            delta = self._open(table.name)
            _check_base(table, delta, base)
            clear_unowned(self.folder / table.name, base + 1, _STAGING)
            self._commit(table, delta, [], [], kept)
        return base + 1

    def replace(
        self,
        table: TableDeclaration,
        staged: Staged,
        record: Record,
        *,
        rows: int | None = None,
        whole: bool = False,
        base: int | None = None,
    ) -> int:
        """Replaces the staged months (or the whole table, where it has no months or `whole` is said) in one transaction, and
        gives the new version. A month without files is emptied.

        Files are checked against the declaration, and against `rows` in all where given, before anything changes. `record` is
        plain data, kept with the version; given as a function it is called while no other program can write to the table, and what it
        raises is raised. `base` is the version that the rows were worked out from, which must still be the live
        one. Raises StoreError; the earlier version then stands.
        """
        files = checked_all(table, _each(table, staged), self.keys)
        check_rows(table, files, rows)
        with room_on(self.folder), self.writing(table.name), self.staging(table.name) as scratch_folder:
            live = self._open(table.name)
            self._check_declaration(table, live, whole)
            _check_base(table, live, base)
            # Only now: while this writer waited, the year may have been destroyed.
            self._check_not_destroyed(table, {file.month for file in files if file.month is not None})
            kept = json.dumps(dict(record() if callable(record) else record), sort_keys=True)
            if self.keys is not None and self.seals(table):
                files = sealed_by_year(files, self.keys, scratch_folder)
            version = 0 if live is None else live.version() + 1
            carried = [] if whole else self._carried(table, files, scratch_folder)
            folder = self.folder / table.name
            clear_unowned(folder, version, _STAGING)
            adds = [placed(folder, table, file, version) for file in (*carried, *files)]
            self._commit(table, live, adds, None if whole else _named_months(staged), kept)
        return version

    def _check_not_destroyed(self, table: TableDeclaration, months: Iterable[Month]) -> None:
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
        with self._held(self.folder, fcntl.LOCK_SH, skip=self._is_alone), self._held(self.folder / table, fcntl.LOCK_EX):
            yield

    @contextmanager
    def alone(self) -> Generator[None]:
        """Holds every table until the block ends: only what is written through this very object goes on, all others wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._held(self.folder, fcntl.LOCK_EX):
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False

    @staticmethod
    @contextmanager
    def _held(folder: Path, how: int, *, skip: bool = False) -> Generator[None]:
        if skip:
            yield
            return
        with (folder / "_writer.lock").open("a") as lock:
            fcntl.flock(lock, how)
            yield

    def _open(self, table: str, version: int | None = None) -> Opened | None:
        live = self._still_live(table)
        if live is not None and version in (None, live.version()):
            return live
        found = opened(self.folder / table, version)
        if version is None and found is not None:
            self._opened[table] = found
        return found

    def _still_live(self, table: str) -> Opened | None:
        """The table as opened before, where no version has followed: reading the log anew takes milliseconds, often in one question."""
        delta = self._opened.get(table)
        if delta is None:
            return None
        log, version = self.folder / table / "_delta_log", delta.version()
        is_live = (log / f"{version:020d}.json").exists() and not (log / f"{version + 1:020d}.json").exists()
        return delta if is_live else None

    def _check_declaration(self, table: TableDeclaration, delta: Opened | None, whole: bool) -> None:
        if delta is None or whole or is_declared(table, delta):
            return
        is_mart = table.kind is TableKind.MART
        again = "type: farr build --whole" if is_mart else "move the folder away and load every file again: farr ingest FILE"
        raise StoreError(f"table '{table.name}' at {self.folder / table.name} was loaded under another declaration of its columns; {again}")

    def _check_there(self, table: str, version: int, sizes: Mapping[Path, int]) -> None:
        missing = [path for path, size in sizes.items() if not path.is_file() or path.stat().st_size != size]
        if missing:
            what = "has another size than it was loaded with" if missing[0].is_file() else "is missing"
            raise StoreError(
                f"table '{table}' version {version}: {len(missing)} of its files cannot be used, such as {missing[0]}, which {what}; "
                f"restore {self.folder / table} from a backup, or load those months again: farr ingest FILE"
            )

    def _commit(
        self, table: TableDeclaration, live: Opened | None, adds: Sequence[AddAction], months: Sequence[str] | None, record: str
    ) -> None:
        self._opened.pop(table.name, None)
        commit(self.folder / table.name, table, live, adds, months, record=record, configuration=self.configuration())

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


def _check_base(table: TableDeclaration, delta: Opened | None, base: int | None) -> None:
    live = NEVER_LOADED if delta is None else delta.version()
    if base is not None and base != live:
        raise StoreError(
            f"table '{table.name}' is at version {live} and these rows rest on version {base}: another program wrote to it in the "
            "meantime; nothing was changed; do the same again"
        )


def _named_months(staged: Staged) -> list[str] | None:
    return sorted(str(month) for month in staged) if isinstance(staged, Mapping) else None
