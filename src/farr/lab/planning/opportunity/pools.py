"""Pools: which activity an opportunity draws on, and how much of it two of them may share.

Two measures can find the same activity twice: an admission that should not be has a length of stay as well. The share that two pools have
in common is the activity in both over that of the smaller (the overlap coefficient of Szymkiewicz and Simpson): 1 where one lies within the
other, 0 where they are apart, what was released where it is asked, and 1, the most that it can be, where it is not known or hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from farr.lab.model.errors import FarrError


class OpportunityError(FarrError):
    """An opportunity that cannot be worked out; the message says why, or what to type."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """`within`: the pools that hold all of it. `days`: the figure of `opportunity.days` that its bed days are; None where they are not
    asked for."""

    title: str
    within: tuple[str, ...] = ()
    days: str | None = None


EMERGENCY, ELECTIVE, EXCESS, LONG, SENSITIVE = "emergency", "elective", "excess", "long", "sensitive"

POOLS: Mapping[str, Pool] = {
    "admitted": Pool(title="admitted care"),
    "emergency_spells": Pool(title="emergency spells", within=("admitted",), days=EMERGENCY),
    "sensitive_spells": Pool(title="emergencies of ambulatory-care-sensitive conditions", within=("emergency_spells",), days=SENSITIVE),
    "readmissions": Pool(title="emergency readmissions", within=("emergency_spells",)),
    "stay_days": Pool(title="bed days of stays", within=("admitted",)),
    "emergency_days": Pool(title="bed days of emergencies", within=("stay_days", "emergency_spells"), days=EMERGENCY),
    "elective_days": Pool(title="bed days of planned stays", within=("stay_days",), days=ELECTIVE),
    "excess_days": Pool(title="bed days beyond the trim point", within=("stay_days",), days=EXCESS),
    "long_stay_days": Pool(title="bed days of stays of 21 days and more", within=("stay_days",), days=LONG),
    "hip_fracture_days": Pool(title="bed days of hip fractures", within=("emergency_days",)),
    "stroke_days": Pool(title="bed days of strokes", within=("emergency_days",)),
    "planned_stays": Pool(title="planned stays that might be day cases", within=("elective_days",)),
    "gallbladder_stays": Pool(title="stays for gall bladder removal", within=("planned_stays",)),
    "hernia_stays": Pool(title="stays for hernia repair", within=("planned_stays",)),
    "critical_care": Pool(title="critical-care days after bypass", within=("stay_days",)),
    "appointments": Pool(title="outpatient appointments"),
    "follow_ups": Pool(title="follow-ups", within=("appointments",)),
    "missed": Pool(title="missed appointments", within=("appointments",)),
    "attendances": Pool(title="attendances at emergency departments"),
    "untreated": Pool(title="attendances without treatment", within=("attendances",)),
}
APART = (
    ("emergency_spells", "elective_days"), ("hip_fracture_days", "stroke_days"), ("gallbladder_stays", "hernia_stays"),
    ("follow_ups", "missed"),
)  # fmt: skip
MEASURED = (
    (EMERGENCY, EXCESS), (EMERGENCY, LONG), (ELECTIVE, EXCESS), (ELECTIVE, LONG), (EXCESS, LONG), (EXCESS, SENSITIVE), (LONG, SENSITIVE),
)  # fmt: skip
"""Pairs of figures of `opportunity.days` whose days in common are asked for."""


def both(one: str, other: str) -> str:
    """The name of the figure of days in both."""
    first, second = sorted((one, other))
    return f"{first}_and_{second}"


def pool(name: str) -> Pool:
    """Raises OpportunityError for a name that is none."""
    if name not in POOLS:
        raise OpportunityError(f"there is no pool of activity '{name}'; known: {', '.join(POOLS)}")
    return POOLS[name]


@cache
def holding(name: str) -> frozenset[str]:
    """The pool and all that hold it."""
    return frozenset({name}).union(*(holding(each) for each in pool(name).within))


def shared(one: str, other: str, days: Mapping[str, float | None]) -> float:
    """The share, 0 to 1, of the smaller of two pools that lies in the other. `days` are released bed days by figure, None where hidden."""
    above, beside = holding(one), holding(other)
    if one in beside or other in above:
        return 1.0
    pairs = set(product(above, beside))
    if not above & beside or any((a, b) in pairs or (b, a) in pairs for a, b in APART):
        return 0.0
    return _measured(pool(one).days, pool(other).days, days)


def _measured(one: str | None, other: str | None, days: Mapping[str, float | None]) -> float:
    if one is None or other is None or one == other:
        return 1.0
    common, sizes = days.get(both(one, other)), [days.get(one), days.get(other)]
    known = [each for each in sizes if each]
    if common is None or len(known) < len(sizes):
        return 1.0
    return min(1.0, common / min(known))
