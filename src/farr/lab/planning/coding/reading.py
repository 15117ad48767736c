"""Codes or treats differently: what is made of an indicator that differs, by what of care differs with it. The rule is Farr's own.

An indicator that differs is read against the care that would have to differ if its patients were the reason (`explained_by`). The reasoning
is that of audits of coding, which ask whether the notes bear out the record, and of the debate on standardised mortality (Mohammed et al.,
BMJ 2009; 338:b780): a record may grow without its patients. It is evidence of where to look, never of intent; and that care does not differ
by what can be told is not that it does not differ: how small a difference could have been told is said beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from farr.lab.planning.coding.indicator import Indicator

SUGGESTIVE = 1.96
"""Care that lies this far out (in z) the way that would explain it counts as an explanation: a lower bar than a finding's, so that
patients are given the benefit of the doubt. A parameter."""


class Reading(Enum):
    """What is made of one indicator that differs."""

    CODES = "codes differently"
    MAYBE_PATIENTS = "may have other patients"
    RECORD_ALONE = "codes differently, whoever the patients are"
    UNTOLD = "differs; care cannot be told"


class Verdict(Enum):
    """What is made of a provider."""

    CODES = "codes differently"
    BOTH = "codes and treats differently, or has other patients"
    TREATS = "treats differently, or has other patients"
    PATIENTS = "differs as its patients do"
    UNTOLD = "coding differs; care cannot be told"
    NEITHER = "as expected"
    UNKNOWN = "not assessed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One indicator of a provider as it was tested: `z` (None: not tested) and whether it is called different."""

    name: str
    z: float | None
    differs: bool


def reading(which: Indicator, finding: Finding, care: Mapping[str, Finding]) -> tuple[Reading, tuple[str, ...]]:
    """What is made of an indicator of coding that differs, and the care that explains it. Raises ValueError for one that does not
    differ."""
    if not finding.differs or finding.z is None:
        raise ValueError(f"indicator '{which.name}' does not differ, so there is nothing to read into it")
    if not which.explained_by:
        return Reading.RECORD_ALONE, ()
    way = 1 if finding.z > 0 else -1
    known = [(name, sign, care[name].z) for name, sign in which.explained_by if name in care]
    tested = [(name, sign, z) for name, sign, z in known if z is not None]
    explains = tuple(name for name, sign, z in tested if z * sign * way >= SUGGESTIVE)
    if explains:
        return Reading.MAYBE_PATIENTS, explains
    return (Reading.CODES, ()) if tested else (Reading.UNTOLD, ())


def verdict(readings: Sequence[Reading], care: Mapping[str, Finding], *, is_tested: bool) -> Verdict:
    """What is made of a provider: `readings` of the indicators of coding that differ; `is_tested`: whether any could be."""
    if not is_tested:
        return Verdict.UNKNOWN
    cares = any(each.differs for each in care.values())
    codes = any(each in (Reading.CODES, Reading.RECORD_ALONE) for each in readings)
    if codes:
        return Verdict.BOTH if cares else Verdict.CODES
    if any(each is Reading.MAYBE_PATIENTS for each in readings):
        return Verdict.PATIENTS
    if readings:
        return Verdict.UNTOLD
    return Verdict.TREATS if cares else Verdict.NEITHER
