"""DuckDB, locked: it reads the files and folders it is given, and nothing else; no network, no extensions, no way back."""

import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

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
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a connection may take of the machine: memory as DuckDB writes it ('2GB'; None: two fifths of what the machine, or the
    container, has), threads (None: one a core). What does not fit goes to `spill` (None: a private folder under TMPDIR), and is removed
    afterwards. DuckDB encrypts it only with an extension from the network, so the folder must lie on a disk of the secure zone that is
    itself encrypted."""

    memory: str | None = None
    threads: int | None = None
    spill: Path | None = None


@contextmanager
def connect(folders: Sequence[Path] = (), *, files: Sequence[Path] = (), limits: Limits | None = None) -> Generator[Connection]:
    """A connection to an empty database in memory that can reach `files` and what lies under `folders`, until the block ends.

    Give `files` alone where questions are answered: nothing can then be written either, not even inside the store.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="farr-", dir=limits.spill) as spill:
        connection = duckdb.connect(":memory:", config=_CLOSED)
        try:
            _lock(connection, folders, files, limits, spill)
            yield connection
        finally:
            connection.close()


def present(connection: Connection, table: TableDeclaration, files: Sequence[Path]) -> None:
    """Shows Parquet files of the store as the table's view, its declared columns in their order; without files, no rows.

    The month is read from the folder's name, as text: DuckDB would otherwise guess its type.
    """
    columns = typed(table)
    source = f"FROM read_parquet({_list(files)}, hive_partitioning = {table.month is not None}, hive_types_autocast = false)"
    nothing = ", ".join(f"CAST(NULL AS {_type(table, column.name)}) AS {_name(column.name)}" for column in table.columns)
    body = f"SELECT {columns} {source}" if files else f"SELECT {nothing} WHERE false"
    connection.execute(f"CREATE VIEW {_name(table.name)} AS {body}")


def typed(table: TableDeclaration) -> str:
    """The declared columns in their order, each cast to its declared type, to select."""
    return ", ".join(f"CAST({_name(column.name)} AS {_type(table, column.name)}) AS {_name(column.name)}" for column in table.columns)


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


def quoted(text: str | Path) -> str:
    """A SQL string literal."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"


def _list(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(quoted(path.absolute()) for path in paths) + "]"


def _name(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _type(table: TableDeclaration, column: str) -> str:
    return _TYPES[table[column].type]
