"""What the definitions of readmission have in common: a discharge, and an admission of the same person soon after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

SELF_DISCHARGE = "2"
DIED = ("4", "5")  # Discharge_Method: died; stillborn


def _every_pair(pairs: ir.Table) -> ir.BooleanValue:
    return pairs.Days >= 0


@dataclass(frozen=True, kw_only=True)
class ReadmissionRule:
    """A definition: `is_index` and `is_return` say of each spell whether it may be followed and whether it may follow; `counts`
    narrows the pairs of them (columns Days, Admission, Discharge, Return_Admission, Return_Discharge). With `last_discharge_only`
    a return counts for the latest index discharge before it alone."""

    name: str
    within_days: int
    is_index: Callable[[ir.Table], ir.BooleanValue]
    is_return: Callable[[ir.Table], ir.BooleanValue]
    counts: Callable[[ir.Table], ir.BooleanValue] = _every_pair
    last_discharge_only: bool = False

    @property
    def index(self) -> str:
        return f"{self.name}_Is_Index"

    @property
    def readmitted(self) -> str:
        return f"{self.name}_Is_Readmitted"

    @property
    def returns(self) -> str:
        return f"{self.name}_Is_Return"


def with_readmissions(spells: ir.Table, rules: Sequence[ReadmissionRule]) -> ir.Table:
    """The spells with <name>_Is_Index, <name>_Is_Return (it may follow, whether or not anything went before) and <name>_Is_Readmitted of
    every rule, all from one join of spells with spells.

    A spell may be index and readmission both. What exists is joined, not the next row looked at, so that a stay in between hides
    nothing and an overlap is no readmission. Admission on the day of discharge counts. People who are not known are never index.
    """
    known = spells.Der_Pseudo_NHS_Number.notnull()
    flagged = spells.mutate(
        **{rule.index: (known & rule.is_index(spells)).fill_null(False) for rule in rules},
        **{rule.returns: (known & rule.is_return(spells)).fill_null(False) for rule in rules},
    )
    pairs = _pairs(flagged, rules)
    followed = pairs.group_by(Followed_Key=pairs.Index_Key).aggregate(
        **{rule.readmitted: pairs[rule.readmitted].cast("int8").max() == 1 for rule in rules}
    )
    joined = flagged.left_join(followed, flagged.Spell_Key == followed.Followed_Key)
    joined = joined.mutate(**{rule.readmitted: joined[rule.readmitted].fill_null(False) for rule in rules})
    return joined.drop("Followed_Key")


def _pairs(flagged: ir.Table, rules: Sequence[ReadmissionRule]) -> ir.Table:
    """Pairs of a discharge and a later admission, with whether each rule counts them (<name>_Is_Readmitted)."""
    index, back = _index_side(flagged, rules), _return_side(flagged, rules)
    # Each condition has one side's columns on each side of its sign: engines join fast on no other kind.
    near = [index.Person == back.Return_Person, index.Discharge <= back.Return_Admission, index.Until >= back.Return_Admission]
    pairs = index.inner_join(back, near)
    pairs = pairs.filter(_is_earlier(pairs))
    pairs = pairs.mutate(Days=pairs.Return_Admission.delta(pairs.Discharge, unit="day"))
    pairs = pairs.mutate(**{rule.readmitted: _is_counted(pairs, rule) for rule in rules})
    return pairs.mutate(**{rule.readmitted: _is_last_discharge(pairs, rule) for rule in rules if rule.last_discharge_only})


def _index_side(flagged: ir.Table, rules: Sequence[ReadmissionRule]) -> ir.Table:
    until = flagged.Discharge_Date + ibis.interval(days=max(rule.within_days for rule in rules))
    return flagged.filter(ibis.or_(*(flagged[rule.index] for rule in rules))).select(
        *(rule.index for rule in rules),
        Person="Der_Pseudo_NHS_Number", Index_Key="Spell_Key", Admission="Admission_Date", Discharge="Discharge_Date",
        Until=until.cast("date"),
    )  # fmt: skip


def _return_side(flagged: ir.Table, rules: Sequence[ReadmissionRule]) -> ir.Table:
    return flagged.filter(ibis.or_(*(flagged[rule.returns] for rule in rules))).select(
        *(rule.returns for rule in rules),
        Return_Person="Der_Pseudo_NHS_Number", Return_Key="Spell_Key", Return_Admission="Admission_Date",
        Return_Discharge="Discharge_Date",
    )  # fmt: skip


def _is_earlier(pairs: ir.Table) -> ir.BooleanValue:
    """Of two stays on one day only the later, by discharge and key, can be a readmission of the other."""
    same_day = pairs.Admission == pairs.Return_Admission
    by_key = (pairs.Discharge == pairs.Return_Discharge) & (pairs.Index_Key < pairs.Return_Key)
    return (pairs.Admission < pairs.Return_Admission) | (same_day & ((pairs.Discharge < pairs.Return_Discharge) | by_key))


def _is_counted(pairs: ir.Table, rule: ReadmissionRule) -> ir.BooleanValue:
    return pairs[rule.index] & pairs[rule.returns] & (pairs.Days <= rule.within_days) & rule.counts(pairs)


def _is_last_discharge(pairs: ir.Table, rule: ReadmissionRule) -> ir.BooleanValue:
    counted = pairs[rule.readmitted]
    latest = ibis.window(group_by=[pairs.Return_Key, counted], order_by=[pairs.Discharge.desc(), pairs.Index_Key.desc()])
    return counted & (ibis.row_number().over(latest) == 0)
