"""Wide age groups, for figures by age and sex that small organisations can show: how an age or a five-year band falls into them."""

import ibis
import ibis.expr.types as ir

AGE_GROUPS: dict[str, int] = {"00-14": 0, "15-44": 15, "45-64": 45, "65-74": 65, "75-84": 75, "85+": 85}
"""Each group with its first year of age. Farr's own choice: every group is whole five-year bands, and each splits where use of
hospitals changes; more groups would hide more organisations, for one hidden stratum leaves no standardised figure."""


def age_group_of(age: ir.IntegerValue) -> ir.StringValue:
    """The group of an age in completed years; null where that is null or negative."""
    first_years = sorted(AGE_GROUPS.items(), key=lambda item: item[1], reverse=True)
    return ibis.cases(*((age >= first, name) for name, first in first_years))


def age_group_of_band(band: ir.StringValue) -> ir.StringValue:
    """The group of a five-year band such as 00-04, up to 95+; null where it is null or no such band."""
    by_group: dict[str, list[str]] = {}
    for first in range(0, 100, 5):
        by_group.setdefault(group_of_year(first), []).append("95+" if first == 95 else f"{first:02d}-{first + 4:02d}")
    return ibis.cases(*((band.isin(bands), name) for name, bands in by_group.items()))


def group_of_year(age: int) -> str:
    return [name for name, first in AGE_GROUPS.items() if age >= first][-1]
