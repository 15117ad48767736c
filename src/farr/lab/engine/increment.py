"""The rows of a mart that a change can reach, in SQL: written as Parquet, a folder a month, and compared with what was there.

Rows are compared by their number and the sum of their hashes (64 bits, mixed twice), by person or by month: that takes memory by
the person or the month, not by the row. Two different sets of rows pass for the same about once in 2^64.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from farr.lab.engine.at_rest.keys import ending
from farr.lab.engine.change import Plan, Read
from farr.lab.engine.duckdb import Connection, present, quoted, written
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration

_AFFECTED = "affected persons"


def copy(connection: Connection, select: str, target: Path, month: str | None, key: str | None = None) -> int:
    """Writes rows to the file `target`, or a folder a month under it, with the key of that name, and gives their number."""
    pattern = f"data_{{i}}{ending(key).removesuffix('.parquet')}"
    # Other months may lie there already, and stay.
    partition = f", PARTITION_BY ({month}), OVERWRITE_OR_IGNORE, FILENAME_PATTERN {quoted(pattern)}" if month else ""
    options = f"FORMAT parquet, COMPRESSION zstd{partition}{written(key)}"
    copied = connection.execute(f"COPY ({select}) TO {quoted(target)} ({options})").fetchone()
    return 0 if copied is None else int(copied[0])


def files_of(folder: Path) -> list[Path]:
    """What `copy` wrote under a folder a month."""
    return sorted(folder.glob("*/*.parquet"))


def by_month(
    connection: Connection, mart: TableDeclaration, sql: str, reads: Sequence[Read], months: Sequence[Month], target: Path,
    key: str | None = None,
) -> int:  # fmt: skip
    """The mart's rows as made of these months alone; other months of the tables read are not opened."""
    for read in reads:
        present(connection, read.table, read.of(months if read.table.month else (None,)))
    return copy(connection, sql, target, mart.month, key)


def by_person(
    connection: Connection, mart: TableDeclaration, sql: str, plan: Plan, folder: Path, key: str | None = None
) -> tuple[list[str | None], int]:
    """The months in which rows of the affected persons differ from the mart's, written whole to `folder`/rows, and how many rows.
    A month is None where the mart gives a row no month."""
    if not _find_affected(connection, [read for read in plan.reads if read.changed]):
        return [], 0
    for read in plan.reads:
        _present_affected(connection, read)
    made = folder / "made"
    copy(connection, sql, made, mart.month, key)
    present(connection, replace(mart, name="rows made"), files_of(made))
    present(connection, replace(mart, name="rows held"), [path for paths in plan.held.values() for path in paths])
    months = _differing(connection, mart)
    kept = [path for month, paths in plan.held.items() if str(month) in months for path in paths]
    return months, _write_months(connection, mart, months, kept, folder / "rows", key) if months else 0


def is_same(connection: Connection, table: TableDeclaration, before: Sequence[Path], after: Sequence[Path]) -> bool:
    """Whether both sets of files hold the same rows; never where there were no files before."""
    for name, files in (("rows before", before), ("rows after", after)):
        present(connection, replace(table, name=name), files)
    unequal = _unequal(_marked(table, '"rows before"', None, -1), _marked(table, '"rows after"', None, 1))
    return bool(before) and not connection.execute(unequal).fetchall()


def _find_affected(connection: Connection, changed: Sequence[Read]) -> int:
    """Lays down the persons some of whose rows differ, a null among them where rows of persons not known do, and counts them."""
    persons: list[str] = []
    for read in changed:
        for name, files in (("before", read.of_before(read.changed)), ("after", read.of(read.changed))):
            present(connection, replace(read.table, name=f"{read.table.name} {name}"), files)
        before, after = f'"{read.table.name} before"', f'"{read.table.name} after"'
        persons.append(_unequal(_marked(read.table, before, read.table.person, -1), _marked(read.table, after, read.table.person, 1)))
    found = connection.execute(f'CREATE TEMP TABLE "{_AFFECTED}" AS {" UNION ".join(persons)}').fetchone()
    return 0 if found is None else int(found[0])


def _present_affected(connection: Connection, read: Read) -> None:
    every = [path for paths in read.files.values() for path in paths]
    if read.table.person is None or read.table.month is None:
        present(connection, read.table, every)
        return
    present(connection, replace(read.table, name=f"{read.table.name} of all"), every)
    selected = _of_affected(f"{read.table.name} of all", read.table.person)
    connection.execute(f'CREATE VIEW "{read.table.name}" AS SELECT * {selected}')


def _differing(connection: Connection, mart: TableDeclaration) -> list[str | None]:
    held = f"(SELECT * {_of_affected('rows held', mart.person)})"
    unequal = _unequal(_marked(mart, held, mart.month, -1), _marked(mart, '"rows made"', mart.month, 1))
    return sorted((row[0] for row in connection.execute(unequal).fetchall()), key=str)


def _write_months(
    connection: Connection, mart: TableDeclaration, months: Sequence[str | None], kept: Sequence[Path], target: Path, key: str | None
) -> int:
    present(connection, replace(mart, name="rows of months held"), kept)
    listed = ", ".join(quoted(month) for month in months if month is not None) or "NULL"
    made = f'SELECT * FROM "rows made" WHERE "{mart.month}" IN ({listed})'
    others = f"SELECT * {_of_affected('rows of months held', mart.person, 'ANTI')}"
    return copy(connection, f"{others} UNION ALL {made}", target, mart.month, key)


def _of_affected(view: str, person: str | None, join: str = "SEMI") -> str:
    # A null, the group of persons not known, must match itself.
    return f'FROM "{view}" AS every {join} JOIN "{_AFFECTED}" AS those ON every."{person}" IS NOT DISTINCT FROM those.part'


def _marked(table: TableDeclaration, source: str, part: str | None, sign: int) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    of = "NULL" if part is None else f'"{part}"'
    return f"SELECT {of} AS part, hash(hash({columns}))::HUGEINT AS mark, {sign} AS sign FROM {source}"


def _unequal(before: str, after: str) -> str:
    """The parts (persons or months) whose rows are not the same on both sides."""
    return f"SELECT part FROM ({before} UNION ALL {after}) GROUP BY part HAVING sum(sign) <> 0 OR sum(sign * mark) <> 0"
