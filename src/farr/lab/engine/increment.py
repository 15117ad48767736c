"""The rows of a mart that a change can reach, in SQL: written as Parquet, a folder a month, and compared with what was there.

Rows are compared by their number and the sum of their hashes (64 bits, mixed twice), by person or by month: that takes memory by
the person or the month, not by the row. Two different sets of rows pass for the same about once in 2^64.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from farr.lab.engine.at_rest.keys import ending
from farr.lab.engine.change import Plan, Read
from farr.lab.engine.duckdb import COMPRESSED, Connection, present, quoted, written
from farr.lab.model.period import Month, PeriodError
from farr.lab.model.table import TableDeclaration

_AFFECTED = "affected persons"
# Bytes read for a month: to sort rows into the months' files takes about as long as to make them, to plan a month alone as long as to
# make a hundred thousand rows.
_SHORT = 8_000_000


KeyOf = Callable[[Sequence[Month]], str | None]
"""The name of the key to write rows of these months with (none said: of any); None where they are not encrypted."""


def copy(connection: Connection, select: str, target: Path, month: str | None, key: str | None = None) -> int:
    """Writes rows to the file `target`, or a folder a month under it, with the key of that name, and gives their number."""
    pattern = f"data_{{i}}{ending(key).removesuffix('.parquet')}"
    # Other months may lie there already, and stay.
    partition = f", PARTITION_BY ({month}), OVERWRITE_OR_IGNORE, FILENAME_PATTERN {quoted(pattern)}" if month else ""
    options = f"FORMAT parquet, {COMPRESSED}{partition}{written(key)}"
    copied = connection.execute(f"COPY ({select}) TO {quoted(target)} ({options})").fetchone()
    return 0 if copied is None else int(copied[0])


def at_once(connection: Connection, mart: TableDeclaration, sql: str, target: Path, key_of: KeyOf) -> int:
    """All rows of a mart that has months, where they fit in memory: they are then written once, each year's with its key."""
    connection.execute(f'CREATE TEMP TABLE "rows made" AS {sql}')
    return _write(connection, mart, '"rows made"', target, key_of)


def by_month(
    connection: Connection, mart: TableDeclaration, sql: str, reads: Sequence[Read], months: Sequence[Month], target: Path, key_of: KeyOf
) -> int:
    """The mart's rows as made of each of these months alone; other months of the tables read are not opened. Short months are made
    together, those of a key, and long ones each to a file of its own, several at a time."""

    def made(together: Sequence[Month]) -> int:
        with connection.cursor() as cursor:
            for read in reads:
                present(cursor, read.table, read.of(together if read.table.month else [None]))
            if len(together) > 1:
                return copy(cursor, sql, target, mart.month, key_of(together))
            return _one_month(cursor, mart, sql, together[0], target, key_of)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return sum(pool.map(made, _together(reads, months, key_of)))


def _together(reads: Sequence[Read], months: Sequence[Month], key_of: KeyOf) -> list[list[Month]]:
    with_key: dict[str | None, list[Month]] = {}
    for month in months:
        with_key.setdefault(key_of([month]), []).append(month)
    size = sum(path.stat().st_size for read in reads if read.table.month for path in read.of(months))
    if size < _SHORT * len(months):
        return list(with_key.values())
    return [[month] for month in months]


def by_person(
    connection: Connection, mart: TableDeclaration, sql: str, plan: Plan, folder: Path, key_of: KeyOf
) -> tuple[list[str | None], int]:
    """The months in which rows of the affected persons differ from the mart's, written whole to `folder`/rows, and how many rows.
    A month is None where the mart gives a row no month."""
    if not _find_affected(connection, plan.reads):
        return [], 0
    for read in plan.reads:
        _present_affected(connection, read)
    # What does not fit in memory is spilt, encrypted where records are.
    connection.execute(f'CREATE TEMP TABLE "rows made" AS {sql}')
    present(connection, replace(mart, name="rows held"), [path for paths in plan.held.values() for path in paths])
    months = _differing(connection, mart)
    kept = [path for month, paths in plan.held.items() if str(month) in months for path in paths]
    return months, _write_months(connection, mart, months, kept, folder / "rows", key_of) if months else 0


def is_same(connection: Connection, table: TableDeclaration, before: Sequence[Path], after: Sequence[Path]) -> bool:
    """Whether both sets of files hold the same rows; never where there were no files before."""
    for name, files in (("rows before", before), ("rows after", after)):
        present(connection, replace(table, name=name), files)
    unequal = _unequal(_marked(table, '"rows before"', None, -1), _marked(table, '"rows after"', None, 1))
    return bool(before) and not connection.execute(unequal).fetchall()


def _find_affected(connection: Connection, reads: Sequence[Read]) -> int:
    """Lays down the persons some of whose rows differ, a null among them where rows of persons not known do, and counts them."""
    persons = [_seen(connection, reads, read) if read.history else _changed(connection, read) for read in reads if read.changed]
    found = connection.execute(f'CREATE TEMP TABLE "{_AFFECTED}" AS {" UNION ".join(persons)}').fetchone()
    return 0 if found is None else int(found[0])


def _changed(connection: Connection, read: Read) -> str:
    """The persons some of whose rows of a table differ. In a month that was not there before everybody's do: nothing is compared."""
    table = read.table
    new = [month for month in read.changed if not read.of_before([month])]
    sent_again = [month for month in read.changed if month not in new]
    persons: list[str] = []
    if new:
        present(connection, replace(table, name=f"{table.name} new"), read.of(new))
        persons.append(f'SELECT DISTINCT "{table.person}" AS part FROM "{table.name} new"')
    if sent_again:
        for name, files in (("before", read.of_before(sent_again)), ("after", read.of(sent_again))):
            present(connection, replace(table, name=f"{table.name} {name}"), files)
        before, after = (_marked(table, f'"{table.name} {name}"', table.person, sign) for name, sign in (("before", -1), ("after", 1)))
        persons.append(_unequal(before, after))
    return " UNION ".join(persons)


def _seen(connection: Connection, reads: Sequence[Read], read: Read) -> str:
    """Of those whose history differs, the persons who have a row from that month on in another table, and so in the mart. Who has one no
    more is among those whose rows of that other table differ."""
    first = min(month for month in read.changed if month is not None)
    since: list[str] = []
    for other in (each for each in reads if not each.history and each.table.person and each.table.month):
        later = replace(other.table, name=f"{other.table.name} since {read.table.name}")
        present(connection, later, other.of([month for month in other.files if month is not None and month >= first]))
        since.append(f'SELECT "{later.person}" AS part FROM "{later.name}"')
    changed = f"SELECT * FROM ({_changed(connection, read)}) AS changed"
    return f"{changed} SEMI JOIN ({' UNION ALL '.join(since)}) AS since ON changed.part IS NOT DISTINCT FROM since.part"


def _present_affected(connection: Connection, read: Read) -> None:
    every = [path for paths in read.files.values() for path in paths]
    if read.table.person is None or read.table.month is None:
        present(connection, read.table, every)
        return
    present(connection, replace(read.table, name=f"{read.table.name} of all"), every)
    selected = _of_affected(f"{read.table.name} of all", read.table.person)
    connection.execute(f'CREATE TEMP VIEW "{read.table.name}" AS SELECT * {selected}')


def _differing(connection: Connection, mart: TableDeclaration) -> list[str | None]:
    held = f"(SELECT * {_of_affected('rows held', mart.person)})"
    unequal = _unequal(_marked(mart, held, mart.month, -1), _marked(mart, '"rows made"', mart.month, 1))
    return sorted((row[0] for row in connection.execute(unequal).fetchall()), key=str)


def _write_months(
    connection: Connection, mart: TableDeclaration, months: Sequence[str | None], kept: Sequence[Path], target: Path, key_of: KeyOf
) -> int:
    present(connection, replace(mart, name="rows of months held"), kept)
    listed = ", ".join(quoted(month) for month in months if month is not None) or "NULL"
    made = f'SELECT * FROM "rows made" WHERE "{mart.month}" IN ({listed})'
    others = f"SELECT * {_of_affected('rows of months held', mart.person, 'ANTI')}"
    connection.execute(f'CREATE TEMP VIEW "rows to write" AS {others} UNION ALL {made}')
    return _write(connection, mart, '"rows to write"', target, key_of)


def _write(connection: Connection, mart: TableDeclaration, source: str, target: Path, key_of: KeyOf) -> int:
    """Writes the rows of a table at hand in a folder a month, each year's with its key."""
    with_key: dict[str | None, list[str | None]] = {}
    for (month,) in connection.execute(f'SELECT DISTINCT "{mart.month}" FROM {source}').fetchall():
        with_key.setdefault(key_of(_months([month])), []).append(month)
    return sum(
        copy(connection, f"SELECT * FROM {source} WHERE {_is_among(mart, months)}", target, mart.month, key)
        for key, months in with_key.items()
    )


def _is_among(mart: TableDeclaration, months: Sequence[str | None]) -> str:
    listed = ", ".join(quoted(month) for month in months if month is not None) or "NULL"
    without = f' OR "{mart.month}" IS NULL' if None in months else ""
    return f'("{mart.month}" IN ({listed}){without})'


def _months(texts: Sequence[str | None]) -> list[Month]:
    """Those that are months: a mart that gives its rows others is refused once they are written."""
    try:
        return [Month.parse(text or "") for text in texts]
    except PeriodError:
        return []


def _one_month(connection: Connection, mart: TableDeclaration, sql: str, month: Month, target: Path, key_of: KeyOf) -> int:
    key, is_its_own = key_of([month]), f'"{mart.month}" IS NOT DISTINCT FROM {quoted(str(month))}'
    path = target / f"{mart.month}={month}" / f"data_{month}{ending(key)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = copy(connection, f'SELECT * EXCLUDE ("{mart.month}") FROM ({sql}) WHERE {is_its_own}', path, None, key)
    if not rows:
        shutil.rmtree(path.parent)
    beyond = f"SELECT * FROM ({sql}) WHERE NOT ({is_its_own})"
    found = connection.execute(f"SELECT count(*) FROM ({beyond})").fetchone()
    # Rows that the mart's reach does not promise are written too, to be seen by their folders' names.
    return rows + copy(connection, beyond, target, mart.month, key_of([])) if found and found[0] else rows


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
