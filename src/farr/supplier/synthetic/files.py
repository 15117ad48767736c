"""Writes tables as files: Parquet or CSV, in parts, so that memory does not grow with a month's rows."""

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

_LABEL = {"farr": "SYNTHETIC: every person, number and event is invented (farr synth)"}


class PartsFile:
    """One file, written part by part; its ending says how. Nothing is written where no part is given. `rows` counts the rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._parquet: pq.ParquetWriter | None = None
        self._text: pa.NativeFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in (self._parquet, self._text):
            if each is not None:
                each.close()

    def write(self, part: pa.Table) -> None:
        """Append the rows of the part, whose columns must be those of the parts before."""
        if self.path.suffix == ".parquet":
            writer = self._parquet or pq.ParquetWriter(self.path, part.schema.with_metadata(_LABEL), compression="zstd")
            writer.write_table(part.replace_schema_metadata(_LABEL))
            self._parquet = writer
        else:
            self._append_text(part)
        self.rows += part.num_rows

    def _append_text(self, part: pa.Table) -> None:
        plain = pa.table({name: _plain(part[name]) for name in part.column_names})
        # nothing is quoted that need not be
        options = pc_csv.WriteOptions(quoting_style="needed", include_header=self._text is None)
        self._text = self._text or pa.output_stream(str(self.path), compression="gzip" if self.path.suffix == ".gz" else None)
        pc_csv.write_csv(plain, self._text, options)


def write_csv(table: pa.Table, path: Path) -> None:
    """A CSV file of the table."""
    with PartsFile(path) as file:
        file.write(table)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    return column.cast(pa.string()) if pa.types.is_dictionary(kind) or pa.types.is_decimal(kind) else column
