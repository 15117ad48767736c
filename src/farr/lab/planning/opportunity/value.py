"""Value: what a unit of a measure's difference is worth in pounds; declared, one file a measure, which bears the measure's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from farr.lab.model.discover import discover
from farr.lab.planning.opportunity.pools import pool


class Means(Enum):
    """What the pounds would be. They are never one sum of money: a bed day that is not needed is paid for by nobody the less."""

    PAYMENT = "payment"  # a commissioner would pay less, and a provider be paid less
    CAPACITY = "capacity"  # beds or clinics that would be free for others


class Price(Enum):
    """What a unit is priced by: each a mean of released sums over released counts, but for the pound."""

    EMERGENCY_SPELL = "mean payment of an emergency spell"
    SENSITIVE_SPELL = "mean payment of an emergency spell of an ambulatory-care-sensitive condition"
    BED_DAY = "mean payment, by the tariff, of a day beyond the trim point, nationally"
    CRITICAL_CARE_DAY = "mean cost of a critical-care day as fed, nationally"
    FOLLOW_UP = "mean payment of a follow-up without a procedure"
    APPOINTMENT = "mean payment of an attended appointment"
    ATTENDANCE = "mean payment of an attendance at an emergency department"
    UNTREATED = "mean payment of an attendance without investigation or treatment"
    POUND = "a pound itself"


@dataclass(frozen=True, kw_only=True)
class Value:
    """`name` is the measure's. `unit` is what one more in the numerator is; its direction is the measure's own. `pool` is the activity
    that it draws on. `source` says where the valuation comes from, and `limits` what it leaves out or cannot know."""

    name: str = ""
    unit: str
    units: str
    price: Price
    means: Means
    pool: str
    source: str
    limits: str

    def __post_init__(self) -> None:
        pool(self.pool)


@cache
def declared() -> Mapping[str, Value]:
    return discover("farr.lab.planning.opportunity.definitions", Value)
