"""The rules of a tariff that are not in its tables, as NCDR derives them: a scenario changes these, and the tables."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PriceRules:
    """`short_stay_below_days`: an emergency with an adjusted stay below it is a short one, paid by the group's reduced price from the age
    `adult_from` on (or where the age is not known), unless best practice was paid for (groups in `short_stay_with_best_practice` take
    both). `excludes_broken_spells`: those whose episodes overlap or lack one have no price. `regular_attender_groups` are the groups that
    regular attenders are priced for.

    Source: NCDR SUS PbR derivations, 2017/18. The reduced price less the initial amount is inferred there to be the adjustment.
    """

    has_short_stay: bool = True
    has_excess_days: bool = True
    has_best_practice: bool = True
    has_top_ups: bool = True
    excludes_broken_spells: bool = True
    short_stay_below_days: int = 2
    adult_from: int = 19
    short_stay_with_best_practice: tuple[str, ...] = ("DZ16B", "DZ16C")
    regular_attender_groups: tuple[str, ...] = ("SB97Z", "SC97Z")


NATIONAL_RULES = PriceRules()
