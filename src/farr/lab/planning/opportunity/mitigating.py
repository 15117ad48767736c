"""Opportunities as mitigations of a projection: the share of today's activity that matching the norm would leave out.

The gain's 80% interval is its 10th and 90th percentiles, which is what a mitigation's range is. Of days the share is that of days as a
projection counts them, one more a stay than nights.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from farr.lab.planning.opportunity.assess import Opportunity
from farr.lab.planning.opportunity.pools import OpportunityError
from farr.lab.planning.projection.cells import ATTENDANCE, ELECTIVE, EMERGENCY, OUTPATIENT
from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.uncertain import Uncertain

PREFIX = "opportunity:"
_MOST = 0.999


@dataclass(frozen=True, kw_only=True)
class _Way:
    """Which points of delivery an opportunity is about, and what becomes of them."""

    deliveries: tuple[str, ...]
    effect: Effect


_WAYS: Mapping[str, _Way] = {
    "emergency_admissions": _Way(deliveries=EMERGENCY, effect=Effect.AVOIDED),
    "emergency_admissions_standardised": _Way(deliveries=EMERGENCY, effect=Effect.AVOIDED),
    "emergency_length_of_stay": _Way(deliveries=EMERGENCY, effect=Effect.SHORTENED),
    "elective_length_of_stay": _Way(deliveries=ELECTIVE, effect=Effect.SHORTENED),
    "op_follow_up_ratio": _Way(deliveries=(OUTPATIENT[1],), effect=Effect.AVOIDED),
    "ae_attendances": _Way(deliveries=ATTENDANCE, effect=Effect.AVOIDED),
}


def measure_of(name: str) -> str:
    """The measure of 'opportunity:<measure>'. Raises OpportunityError for one that is no mitigation."""
    measure = name.removeprefix(PREFIX)
    if measure not in _WAYS:
        raise OpportunityError(f"an opportunity of '{measure}' cannot be a mitigation; these can: {', '.join(_WAYS)}")
    return measure


def as_mitigation(found: Opportunity) -> Mitigation:
    """Raises OpportunityError where nothing would be gained, or the measure is none that a projection can take."""
    way = _WAYS[measure_of(found.measure.name)]
    if found.gain.upper_80 <= 0:
        raise OpportunityError(f"'{found.measure.name}' is no opportunity here: the organisation does no worse than its norm")
    days = found.denominator if way.effect is Effect.SHORTENED else 0.0
    worth = (found.numerator + days) * found.price.pounds
    low, high = (min(max(each / worth, 0.0), _MOST) for each in (found.gain.lower_80, found.gain.upper_80))
    return Mitigation(
        name=f"{PREFIX}{found.measure.name}",
        title=f"Matching the norm: {found.measure.title.lower()}",
        why=found.measure.why,
        applies=lambda cells: cells.is_of(*way.deliveries),
        population=f"all of {', '.join(way.deliveries)}",
        effect=way.effect,
        strength=Uncertain(low=low, high=high),
        evidence="the organisation's own difference from its norm, shrunken: 10th and 90th percentiles of its draws (docs/opportunity.md)",
        unverified="that the difference can be closed",
    )
