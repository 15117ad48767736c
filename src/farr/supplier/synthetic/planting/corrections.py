"""Months before the last that some providers first sent with faults, and send again, right, after reconciliation."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.dirt import Spoilt, replaced

_AFTER = 2  # months; SUS closes a month for payment about two months after it (post-reconciliation), and corrections come then
# of the records of the providers: left out, sent a second time under another number, and with a value that is not right
_MISSING, _DOUBLE, _WRONG = 0.06, 0.04, 0.1
# a diagnosis not coded yet; an ethnic group not asked for
WRONG = {"apc_episode": ("Diagnosis_01", "R69X"), "op_attendance": ("Ethnic_Group", "Z"), "ae_attendance": ("Ethnic_Group", "Z")}
# The columns that number a record, each with what is added for the second time; of episodes, whose number is ten times that of their
# spell and their place in it, the whole spell comes twice. Within a patch and month no number is so high.
_STEP = 500_000
_NUMBERS = {
    "apc_episode": {"APCE_Ident": 10 * _STEP, "APCS_Ident": _STEP},
    "critical_care": {"APCE_Ident": 10 * _STEP, "CC_Ident": 100 * _STEP},
    "op_attendance": {"OPA_Ident": _STEP},
    "ae_attendance": {"AEA_Ident": _STEP},
}


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The month is sent again with the later one; `codes` are the providers whose records change."""

    month: Month
    sent_with: Month
    codes: tuple[str, ...]
    seed: int

    def first_sent(self, whole: Spoilt, feed: str) -> tuple[Spoilt, dict[str, int]]:
        """The rows as they were before the correction, and how many it adds, withdraws and corrects."""
        table = whole.rows
        code = table["Provider_Code"].combine_chunks()
        theirs = np.isin(np.array(code.dictionary.to_pylist()), self.codes)[code.indices.to_numpy(zero_copy_only=False)]
        key, step = next(iter(_NUMBERS[feed].items()))
        number = table[key].to_numpy() // (step // _STEP)  # of the spell, where a row is part of one
        drawn = [share(number, seed=self.seed, salt=salt) for salt in (83, 84, 85)]
        missing, wrong = theirs & (drawn[0] < _MISSING), theirs & (drawn[2] < _WRONG) & (whole.fault < 0)
        double = theirs & ~missing & (drawn[1] < _DOUBLE)
        table, corrected = _with_wrong(table, wrong & ~missing, feed)
        second = numbered_anew(table.filter(pa.array(double)), feed)
        rows = pa.concat_tables([table.filter(pa.array(~missing)), second]).combine_chunks()
        first = Spoilt(rows=rows, fault=np.concatenate([whole.fault[~missing], whole.fault[double]]), kinds=whole.kinds)
        return first, {"added": int(missing.sum()), "withdrawn": int(double.sum()), "corrected": corrected}


def corrections_of(codes: list[str], period: Period, seed: int) -> list[Correction]:
    """Two of the months, a third and two thirds of the way."""
    months = list(period.months())
    chosen = [months[len(months) * part // 3] for part in (1, 2)]
    return [Correction(month=month, sent_with=month.plus(_AFTER), codes=tuple(codes), seed=seed) for month in chosen]


def _with_wrong(table: pa.Table, which: np.ndarray, feed: str) -> tuple[pa.Table, int]:
    """The table with the value that is not right in some rows, and in how many of these it was another."""
    if feed not in WRONG:
        return table, 0
    column, value = WRONG[feed]
    old = table[column].combine_chunks()
    places = old.indices.to_numpy(zero_copy_only=False)
    another = which & (places != (old.dictionary.to_pylist().index(value) if value in old.dictionary.to_pylist() else -1))
    return replaced(table, column, another, value), int(another.sum())


def numbered_anew(table: pa.Table, feed: str) -> pa.Table:
    """The records under the numbers that they are sent with a second time."""
    for column, step in _NUMBERS[feed].items():
        place = table.schema.get_field_index(column)
        field = table.schema.field(place)
        number = table[column].cast(pa.int64()).to_numpy() + step
        table = table.set_column(place, field, pa.array(number).cast(field.type))
    return table
