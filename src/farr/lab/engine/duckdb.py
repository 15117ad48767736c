"""DuckDB, locked: it reads the files and folders it is given, and nothing else; no network, no way back.

Encrypted Parquet can be read by DuckDB alone, and written only with the cipher of OpenSSL, which its own extension httpfs brings. That
extension is loaded from the installed package, by path and with its signature checked, before the lock; behind the lock it opens nothing.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

import duckdb

from farr.lab.engine.at_rest.keys import PASSING, Keys, by_key, key_name
from farr.lab.engine.errors import EngineFailed, StoreError
from farr.lab.model.durable.disk import scratch
from farr.lab.model.table import TableDeclaration

Connection = duckdb.DuckDBPyConnection

# https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "python_enable_replacements": False,
}
# Loading the extension takes a fifth of a second; DuckDB's own cipher reads about half as fast. Less than this is read without.
_WORTH_LOADING = 32_000_000


# How Parquet is written, as options of COPY. Codes and dates gain nothing from more than the first level, which is a sixth quicker to write
# than the third (and 2% smaller, measured on outpatients).
COMPRESSED = "COMPRESSION zstd, COMPRESSION_LEVEL 1"
# Spilt records must not outlive a program that is killed: the next one clears them away.
_SPILL = "farr-spill-"
# The types that a declared column may have (model/table.py), as DuckDB names them.
_TYPES = {
    "string": "VARCHAR",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "decimal(18, 2)": "DECIMAL(18, 2)",
    "decimal(18, 6)": "DECIMAL(18, 6)",
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a connection may take of the machine: memory as DuckDB writes it ('2GB'; None: two fifths of what the machine, or the
    container, has), threads (None: one a core). What does not fit goes to `spill` (None: a private folder under TMPDIR), and is removed
    afterwards. It is encrypted where the records are, with a key that is held in memory alone; where they are not, the folder must lie
    on a disk that is itself encrypted."""

    memory: str | None = None
    threads: int | None = None
    spill: Path | None = None


@contextmanager
def connect(
    folders: Sequence[Path] = (),
    *,
    files: Sequence[Path] = (),
    limits: Limits | None = None,
    keys: Keys | None = None,
    sealing: bool = False,
    ordered: bool = True,
) -> Generator[Connection]:
    """A connection to an empty database in memory that can reach `files` and what lies under `folders`, until the block ends.

    Give `files` alone where questions are answered: nothing can then be written either, not even inside the store. `keys` opens the
    encrypted ones among them; `sealing` lets encrypted files be written. Without `ordered`, rows come in any order where no query says
    one, and are kept and written faster. Raises StoreError where a key is not there.
    """
    limits = limits or Limits()
    check_keys(files, keys)
    names = {name for path in files if (name := key_name(path)) is not None}
    with scratch(limits.spill, _SPILL) as folder:
        spill = str(folder)
        connection = duckdb.connect(":memory:", config=_CLOSED)
        try:
            if sealing or _sealed_bytes(files) > _WORTH_LOADING:
                connection.execute(f"LOAD {quoted(_extension())}")
            if sealing or names:
                # Without the extension nothing can be encrypted, and what does not fit in memory then fails rather than lie open.
                connection.execute("SET temp_file_encryption = true")
            if not ordered:
                connection.execute("SET preserve_insertion_order = false")
            give_keys(connection, keys, {*names, PASSING} if sealing else names)
            _lock(connection, folders, files, limits, spill)
            yield connection
        finally:
            connection.close()


def check_keys(files: Sequence[Path], keys: Keys | None) -> None:
    """Raises StoreError unless every key that these files need is there."""
    for name in by_key(files):
        if name is not None and keys is None:
            raise StoreError(f"the records are encrypted with the key {name}, and no keys were given; open the store with Home.store()")
        if name is not None and keys is not None:
            keys.secret(name)


def give_keys(connection: Connection, keys: Keys | None, names: Iterable[str]) -> None:
    """Lets the connection use these keys, by name. Raises StoreError where one is not there."""
    for name in names:
        if keys is None:
            raise StoreError("records cannot be encrypted without keys; open the store with Home.store()")
        secret, given = keys.secret(name), False
        with suppress(Exception):  # it would quote the key
            connection.execute(f"PRAGMA add_parquet_key({quoted(name)}, {quoted(secret)})")
            given = True
        if not given:
            raise EngineFailed(f"the key {name} could not be used by the database", "keys")


def present(connection: Connection, table: TableDeclaration, files: Sequence[Path]) -> None:
    """Shows Parquet files of the store as the table's view, its declared columns in their order, in place of an earlier one; without
    files, no rows.

    The month is read from the folder's name, as text: DuckDB would otherwise guess its type.
    """
    columns = typed(table)
    parts = [f"SELECT {columns} FROM {reading(each, by_folder=table.month is not None)}" for each in by_key(files).values()]
    nothing = ", ".join(f"CAST(NULL AS {_type(table, column.name)}) AS {named(column.name)}" for column in table.columns)
    body = " UNION ALL ".join(parts) or f"SELECT {nothing} WHERE false"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {named(table.name)} AS {body}")


def reading(files: Sequence[Path], *, by_folder: bool = False) -> str:
    """What to select from to read Parquet files of one key; `by_folder`, with the column that their folder's name gives."""
    (name,) = by_key(files)
    opened = "" if name is None else f", encryption_config = {{footer_key: {quoted(name)}}}"
    return f"read_parquet({_list(files)}, hive_partitioning = {by_folder}, hive_types_autocast = false{opened})"


def written(name: str | None) -> str:
    """The options of COPY that write Parquet with a key, to follow others: ', ENCRYPTION_CONFIG …'; nothing for None."""
    return "" if name is None else f", ENCRYPTION_CONFIG {{footer_key: {quoted(name)}}}"


def typed(table: TableDeclaration) -> str:
    """The declared columns in their order, each cast to its declared type, to select."""
    return ", ".join(f"CAST({named(column.name)} AS {_type(table, column.name)}) AS {named(column.name)}" for column in table.columns)


def _lock(connection: Connection, folders: Sequence[Path], files: Sequence[Path], limits: Limits, spill: str) -> None:
    connection.execute(f"SET memory_limit = {quoted(limits.memory or _half_of_default(connection))}")
    if limits.threads is not None:
        connection.execute(f"SET threads = {int(limits.threads)}")
    connection.execute(f"SET temp_directory = {quoted(spill)}")
    connection.execute(f"SET allowed_directories = {_list(folders)}")
    connection.execute(f"SET allowed_paths = {_list(files)}")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _half_of_default(connection: Connection) -> str:
    """Half of what DuckDB would take by itself, four fifths of the memory there is: Python and Arrow need theirs."""
    found = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    amount, unit = str(found[0] if found else "4.0 GiB").split()
    return f"{float(amount) / 2:.2f}{unit}"


def _sealed_bytes(files: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in files if key_name(path) is not None)


def _extension() -> Path:
    path = Path(str(package_files("duckdb_extension_httpfs"))) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    if not path.is_file():
        raise StoreError(f"{path} is missing, without which nothing can be encrypted; install Farr again with its locked versions")
    return path


def quoted(text: str | Path) -> str:
    """A SQL string literal."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"


def _list(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(quoted(path.absolute()) for path in paths) + "]"


def named(name: str) -> str:
    """A SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _type(table: TableDeclaration, column: str) -> str:
    return _TYPES[table[column].type]
