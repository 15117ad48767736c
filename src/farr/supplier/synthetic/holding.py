"""Rows that belong to later months, held until these are written."""

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Rows in waiting; `date` is the column that says which month they belong to."""

    date: str
    rows: list[pa.Table] = field(default_factory=list, repr=False)

    def due(self, table: pa.Table, end: int) -> pa.Table:
        """Of the rows held and those of the table, the ones before `end` (days since 1970); the others are held from now on."""
        whole = pa.concat_tables([*self.rows, table], promote_options="default").unify_dictionaries()
        day, first = whole[self.date].cast(pa.int32()), pa.scalar(end, pa.int32())
        self.rows[:] = [whole.filter(pc.greater_equal(day, first))]
        return whole.filter(pc.less(day, first)).combine_chunks()
