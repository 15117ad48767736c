"""Encrypted files written again with another key, or with none."""

import os
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from farr.lab.engine.at_rest.keys import Keys, ending, key_name
from farr.lab.engine.duckdb import COMPRESSED, Connection, connect, give_keys, quoted, reading, written
from farr.lab.engine.errors import EngineFailed
from farr.lab.engine.staged import StagedFile
from farr.lab.model.durable.disk import scratch
from farr.lab.model.period import FinancialYear


def sealed_by_year(files: Sequence[StagedFile], keys: Keys, folder: Path) -> list[StagedFile]:
    """The files, each encrypted with the key of its month's year; those that are not are written again under `folder`."""
    names = {file.path: keys.make(FinancialYear.of(file.month)) for file in files if file.month is not None}
    others = [file for file in files if key_name(file.path) != names.get(file.path)]
    if not others:
        return list(files)
    with connect([folder], files=[file.path for file in others], keys=keys, sealing=True) as connection:
        give_keys(connection, keys, {names[file.path] for file in others})
        made = {file.path: folder / f"{number}{ending(names[file.path])}" for number, file in enumerate(others)}
        _copy_all(connection, [(file.path, made[file.path], names[file.path]) for file in others])
    return [replace(file, path=made.get(file.path, file.path)) for file in files]


@contextmanager
def plain_copies(files: Sequence[Path], keys: Keys | None, folder: Path) -> Generator[Mapping[Path, Path]]:
    """Where to read each file unencrypted, for engines that cannot read DuckDB's encryption (Spark, pyarrow): itself where it is
    plain, else a copy in a private folder under `folder`, which is removed when the block ends. A copy keeps the name of its folder,
    which gives the month.

    The copies lie open on disk meanwhile, and after a process that was killed until the next one: `folder` must be on an encrypted disk.
    Raises StoreError where a key is not there.
    """
    with scratch(folder, "farr-plain-") as private:
        made = {path: path for path in files if key_name(path) is None}
        sealed = [path for path in files if path not in made]
        with connect([private], files=sealed, keys=keys) as connection:
            for number, path in enumerate(sealed):
                made[path] = private / path.parent.name / f"{number}.parquet"
                made[path].parent.mkdir(exist_ok=True)
            _copy_all(connection, [(path, made[path], None) for path in sealed])
        yield made


def _copy_all(connection: Connection, wanted: Sequence[tuple[Path, Path, str | None]]) -> None:
    """Each file to its target with the key of that name. Several at a time: one is often too short for all cores."""

    def copy(each: tuple[Path, Path, str | None]) -> None:
        with connection.cursor() as cursor:
            _copy(cursor, *each)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        deque(pool.map(copy, wanted), maxlen=0)


def _copy(connection: Connection, path: Path, target: Path, name: str | None) -> None:
    with suppress(Exception):  # it may quote a record
        connection.execute(f"COPY (FROM {reading([path])}) TO {quoted(target)} (FORMAT parquet, {COMPRESSED}{written(name)})")
        return
    raise EngineFailed("a file of the store could not be read or written again, and nothing was changed", f"keys, {path.parent.name}")
