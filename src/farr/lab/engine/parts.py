"""Replacing a part of a table: the rows of other parts are carried over into the new version, whose files are then all its rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from farr.lab.engine.errors import StoreError
from farr.lab.model.table import TableDeclaration


def carried_over(table: TableDeclaration, held: Sequence[Path], new: Sequence[Path], folder: Path) -> list[Path]:
    """Writes the rows of the `held` files whose part occurs in none of the `new` files, one Parquet file under `folder`; no file
    where none is left, or where the table has no parts. Raises StoreError where a held file cannot be read."""
    if not table.part or not held:
        return []
    replaced = _parts(table, new)
    schema: pa.Schema = table.schema.to_pyarrow()
    kept = pa.concat_tables([schema.empty_table(), *(_without(_read(table, path).cast(schema), replaced) for path in held)])
    if not kept.num_rows:
        return []
    path = folder / "carried.parquet"
    pq.write_table(kept, path, compression="zstd")
    return [path]


def _read(table: TableDeclaration, path: Path) -> pa.Table:
    try:
        return pq.read_table(path, columns=[column.name for column in table.columns])
    except (pa.ArrowException, OSError):
        pass
    raise StoreError(f"table '{table.name}': {path} cannot be read, so its other parts cannot be kept; nothing was loaded; restore it")


def _parts(table: TableDeclaration, files: Sequence[Path]) -> list[dict[str, Any]]:
    columns = list(table.part)
    found = [pq.read_table(path, columns=columns) for path in files]
    return pa.concat_tables(found).group_by(columns).aggregate([]).to_pylist() if found else []


def _without(rows: pa.Table, parts: Sequence[Mapping[str, Any]]) -> pa.Table:
    for part in parts:
        is_of_part = None
        for name, value in part.items():
            matches = pc.is_null(rows[name]) if value is None else pc.fill_null(pc.equal(rows[name], value), False)
            is_of_part = matches if is_of_part is None else pc.and_(is_of_part, matches)
        rows = rows.filter(pc.invert(is_of_part))
    return rows
