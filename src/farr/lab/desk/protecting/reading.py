"""A table, or a hierarchy of its codes, from a file. What cannot be read is refused by file, line and column; no value is repeated."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.desk.protecting.errors import ProtectError

_ENDINGS = (".csv", ".parquet")
_OF_A_HIERARCHY = ["code", "parent"]
_ENOUGH = 16  # bytes of a secret that nobody tries all of


def read_table(path: Path) -> pa.Table:
    """The table in a CSV or Parquet file; columns of a CSV are text, and an empty field is missing. Raises ProtectError."""
    if path.suffix.lower() not in _ENDINGS:
        raise ProtectError(f"{path.name}: Farr protects tables in {' and '.join(_ENDINGS)} files, not '{path.suffix}'; save it as one")
    if not path.is_file():
        raise ProtectError(f"there is no file {path}")
    table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
    if not table.num_rows:
        raise ProtectError(f"{path.name} has no rows")
    return table


def read_hierarchy(path: Path) -> dict[str, str]:
    """What each code falls into, from a CSV with the columns code and parent. Raises ProtectError for a code with two parents."""
    if not path.is_file():
        raise ProtectError(f"there is no file {path}")
    table = _read_csv(path)
    if table.column_names != _OF_A_HIERARCHY:
        raise ProtectError(f"{path.name}: a hierarchy has the two columns code and parent; this has {', '.join(table.column_names)}")
    parents: dict[str, str] = {}
    for code, parent in zip(*(table[name].to_pylist() for name in _OF_A_HIERARCHY), strict=True):
        if not code or not parent:
            raise ProtectError(f"{path.name}: a code or its parent is empty; leave out what falls into nothing")
        if parents.setdefault(code, parent) != parent:
            raise ProtectError(f"{path.name}: '{code}' has two parents; give one file for each way to add up, with --hierarchy twice")
    return parents


def read_secret(path: Path) -> bytes:
    """What only the holder of the file knows. Raises ProtectError where it is too short to be kept from anybody."""
    if not path.is_file():
        raise ProtectError(f"there is no file {path}; make one: head -c 32 /dev/urandom > {path}")
    secret = path.read_bytes()
    if len(secret) < _ENOUGH:
        made = "make one: head -c 32 /dev/urandom > FILE"
        raise ProtectError(f"{path.name} has {len(secret)} bytes, and a secret at least {_ENOUGH}; {made}")
    return secret


def _read_csv(path: Path) -> pa.Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in csv.reader(file, strict=True) if line]
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise ProtectError(f"{path.name} cannot be read as CSV in UTF-8 ({type(error).__name__}); save it again as that") from None
    if not lines:
        raise ProtectError(f"{path.name} is empty")
    header, *rows = lines
    if not all(header) or len(set(header)) < len(header):
        raise ProtectError(f"{path.name}: name every column once in the first line")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ProtectError(f"{path.name}: row {number} has {len(row)} fields, and the first line {len(header)}")
    columns = [pa.array([row[at].strip() or None for row in rows], type=pa.string()) for at in range(len(header))]
    return pa.table(dict(zip(header, columns, strict=True)))


def _read_parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise ProtectError(f"{path.name} cannot be read as Parquet ({type(error).__name__}); ask for it again") from None
