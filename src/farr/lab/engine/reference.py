"""Reading published facts: the one kind of table whose rows are about no person, and may be read as they are."""

from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.engine.errors import StoreError
from farr.lab.engine.store import Store
from farr.lab.model.table import TableDeclaration, TableKind
from farr.lab.model.tables import TABLES


def read_reference(store: Store, table: TableDeclaration) -> pa.Table:
    """Every row of a reference table that is replaced whole; no rows where it was never loaded. Raises StoreError for any table
    that could hold a person's record."""
    if TABLES.get(table.name) != table or table.kind is not TableKind.REFERENCE or table.person is not None or table.month is not None:
        raise StoreError(f"'{table.name}' is not a reference table; its figures leave through the gate only")
    return _read(table.name, tuple(store.files(table.name)))


@lru_cache(maxsize=32)
def _read(name: str, files: tuple[Path, ...]) -> pa.Table:
    # A file of the store is never written again under the same name.
    schema: pa.Schema = TABLES[name].schema.to_pyarrow()
    parts = [pq.read_table(file, columns=schema.names).cast(schema) for file in files]
    return pa.concat_tables(parts) if parts else schema.empty_table()
