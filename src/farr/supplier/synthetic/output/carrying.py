"""What a country carries into a month, kept beside its files, so that a later run goes on from there."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.model.period import Month
from farr.supplier.synthetic.admitted.arrivals import Arrivals
from farr.supplier.synthetic.feed import HELD, Feed
from farr.supplier.synthetic.rows import joined

FOLDER = "carried"
_FREE, _WAITING = "free_from", "waiting"
_MOST_ROWS = 64 * 1024 * 1024  # one row group a patch, in their order


def save(feed: Feed, month: Month, folder: Path) -> None:
    """Keep what the patches carry into the month; it is there whole or not at all."""
    whole, draft = folder / FOLDER / str(month), folder / FOLDER / f".{month}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _write(draft / _FREE, [pa.table({_FREE: each.free_from}) for each in feed.carried])
    _write(draft / _WAITING, [pa.table(vars(joined(each.waiting))) for each in feed.carried])
    for name in _held(feed):
        _write(draft / name, [pa.concat_tables(each.held[name].rows).unify_dictionaries() for each in feed.carried])
    shutil.rmtree(whole, ignore_errors=True)
    draft.rename(whole)


def restore(feed: Feed, month: Month, folder: Path) -> int:
    """Let the patches carry what was kept last before the month or into it; returns the position of the first month still to be made."""
    kept = [position for position in range(feed.position_of(month) + 1) if (folder / FOLDER / str(feed.month_of(position))).is_dir()]
    if not kept:
        return 0
    place = folder / FOLDER / str(feed.month_of(kept[-1]))
    readers = {name: pq.ParquetFile(place / f"{name}.parquet") for name in (_FREE, _WAITING, *_held(feed))}
    for number, carried in enumerate(feed.carried):
        tables = {name: reader.read_row_group(number) for name, reader in readers.items()}
        carried.free_from[:] = tables.pop(_FREE)[_FREE].to_numpy()
        waiting = tables.pop(_WAITING)
        carried.waiting[:] = [Arrivals(**{name: waiting[name].to_numpy() for name in waiting.column_names})]
        for name, rows in tables.items():
            carried.held[name].rows[:] = [rows]
    return kept[-1]


def forget_before(month: Month, folder: Path) -> None:
    """Remove what was carried into earlier months."""
    for path in (folder / FOLDER).glob("????-??"):
        if Month.parse(path.name) < month:
            shutil.rmtree(path)


def _held(feed: Feed) -> list[str]:
    return [name for name in HELD if name in feed.settings.feeds]


def _write(path: Path, tables: list[pa.Table]) -> None:
    with pq.ParquetWriter(path.with_suffix(".parquet"), tables[0].schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table, row_group_size=_MOST_ROWS)
