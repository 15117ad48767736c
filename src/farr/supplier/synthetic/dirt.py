"""The few rows that are wrong on purpose, so that checks have something to set aside."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic.identified import date_column

DIRTY_SHARE = 0.001
_SEX = "Sex is a code that does not exist"
_LATE = "start_after_end"
FAULTS = {
    "apc_episode": {
        _LATE: "Episode_Start_Date is after Episode_End_Date",
        "sex": _SEX,
        "admission_method": "Admission_Method is a code that does not exist",
        "diagnosis": "Diagnosis_01 is not of the form of an ICD-10 code",
    },
    "critical_care": {},
    "op_attendance": {"sex": _SEX, "attendance_status": "Attendance_Status is a code that does not exist"},
    "ae_attendance": {"sex": _SEX, "attendance_disposal": "Attendance_Disposal is a code that does not exist"},
}
_SPOILT = {
    "sex": ("Sex", "7"),
    "admission_method": ("Admission_Method", "77"),
    "diagnosis": ("Diagnosis_01", "??12"),
    "attendance_status": ("Attendance_Status", "8"),
    "attendance_disposal": ("Attendance_Disposal", "88"),
}


@dataclass(frozen=True, kw_only=True)
class Spoilt:
    """Rows of which some are spoilt; `fault` is for each a place in `kinds`, or -1."""

    rows: pa.Table
    fault: np.ndarray
    kinds: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {kind: int((self.fault == number).sum()) for number, kind in enumerate(self.kinds)}


def with_dirt(rng: np.random.Generator, table: pa.Table, feed: str) -> Spoilt:
    """The table with about one row in a thousand spoilt, one fault a row."""
    kinds = tuple(FAULTS[feed])
    if not kinds:
        return Spoilt(rows=table, fault=np.full(table.num_rows, -1), kinds=kinds)
    fault = np.where(rng.random(table.num_rows) < DIRTY_SHARE, rng.integers(0, len(kinds), table.num_rows), -1)
    for number, kind in enumerate(kinds):
        if kind == _LATE:
            table = _started_late(table, fault == number)
        else:
            table = replaced(table, _SPOILT[kind][0], fault == number, _SPOILT[kind][1])
    return Spoilt(rows=table, fault=fault, kinds=kinds)


def _started_late(table: pa.Table, which: np.ndarray) -> pa.Table:
    start = table["Episode_Start_Date"].combine_chunks().cast(pa.int32()).to_numpy() + np.where(which, 4_000, 0)
    return table.set_column(table.schema.get_field_index("Episode_Start_Date"), "Episode_Start_Date", date_column(start))


def replaced(table: pa.Table, column: str, which: np.ndarray, value: str) -> pa.Table:
    """The table with the value in some rows of a column, which is a dictionary."""
    old = table[column].combine_chunks()
    values = old.dictionary.to_pylist()
    indices = old.indices.to_numpy(zero_copy_only=False).copy()
    if value not in values:
        values.append(value)
    indices = np.where(which, values.index(value), indices)
    new = pa.DictionaryArray.from_arrays(pa.array(indices, type=pa.int32(), from_pandas=True), pa.array(values, type=pa.string()))
    return table.set_column(table.schema.get_field_index(column), column, new)
