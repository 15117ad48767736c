"""Writes tables as files: Parquet or CSV, in parts, so that memory does not grow with a month's rows."""

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

_LABEL = {"farr": "SYNTHETIC: every person, number and event is invented (farr synth)"}


_ROWS_A_GROUP = 120_000  # about what DuckDB reads at a time


class PartsFile:
    """One file, written part by part; its ending says how. It has its name once it is whole. Nothing is written where no part is
    given. `rows` counts the rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._draft = path.with_name(f".{path.name}.part")
        self._parts: list[pa.Table] = []
        self._parquet: pq.ParquetWriter | None = None
        self._text: pa.NativeFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._write_group()
        for each in (self._parquet, self._text):
            if each is not None:
                each.close()
        if kind is None and self._draft.exists():
            self._draft.replace(self.path)
        self._draft.unlink(missing_ok=True)

    def write(self, part: pa.Table) -> None:
        """Append the rows of the part, whose columns must be those of the parts before."""
        self.rows += part.num_rows
        if self.path.suffix != ".parquet":
            self._append_text(part)
            return
        self._parts.append(part)
        if sum(each.num_rows for each in self._parts) >= _ROWS_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        """Small parts share a row group."""
        if self._parts:
            group = pa.concat_tables(self._parts).unify_dictionaries().replace_schema_metadata(_LABEL)
            self._parts.clear()
            writer = self._parquet or pq.ParquetWriter(self._draft, group.schema, compression="zstd", compression_level=1)
            writer.write_table(group)
            self._parquet = writer

    def _append_text(self, part: pa.Table) -> None:
        plain = pa.table({name: _plain(part[name]) for name in part.column_names})
        # nothing is quoted that need not be
        options = pc_csv.WriteOptions(quoting_style="needed", include_header=self._text is None)
        self._text = self._text or pa.output_stream(str(self._draft), compression="gzip" if self.path.suffix == ".gz" else None)
        pc_csv.write_csv(plain, self._text, options)


def write_csv(table: pa.Table, path: Path) -> None:
    """A CSV file of the table."""
    with PartsFile(path) as file:
        file.write(table)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    return column.cast(pa.string()) if pa.types.is_dictionary(kind) or pa.types.is_decimal(kind) else column
