"""A total cost of care in words: its finding, and how figures are written."""

from collections.abc import Mapping
from typing import Any

from farr.lab.desk.contracting.total_cost.asking import TotalCost
from farr.lab.planning.total_cost.rows import ALL, HELD, HIDDEN, IN_PART, LOCAL_WHOLE, NOT_HELD

Row = Mapping[str, Any]
COLUMNS = ("£000", "Share", "£ a head", "Peers", "Nation", "At own ages", "Ratio", "Growth", "Months")
METHOD = (
    "Hospital care is what was paid as fed, private patients apart. Care outside hospital is what its suppliers say that it cost.",
    "A head is a person registered with a practice of the commissioner, for a year.",
    "At own ages: what its people would cost at the nation's cost per head of their age and sex. Ratio: own cost over that; 1.05 is 5% "
    "more than ages explain. It says nothing of deprivation or need.",
    "Nation and peers are those who hold a part for every month; of a sum, the sum of the parts that this commissioner holds.",
    "There is no interval: how costs scatter among people is not released.",
)


def finding(found: TotalCost, name: str) -> str:
    """One sentence."""
    rows = by_part(found)
    whole, outside = rows[ALL], rows[LOCAL_WHOLE]
    if whole["cost"] is None:
        return f"What care of the people of {name} costs is not shown (small numbers)"
    held = "All care" if whole["status"] == HELD else "Care, as far as it is held,"
    per_head = "" if whole["per_head"] is None else f", £{whole['per_head']:,.0f} a head"
    by_age = "" if whole["expected_per_head"] is not None else " (of the parts told by age)"
    ratio = "" if whole["ratio"] is None else f", {_beside(whole['ratio'])}{by_age}"
    share = "" if outside["share"] is None else f"; {outside['share']:.0%} of it outside hospital"
    return f"{held} of the people of {name} costs {pounds(whole['cost'])}{per_head}{ratio}{share}"


def by_part(found: TotalCost) -> dict[str, Row]:
    return {row["part"]: row for row in found.rows.table.to_pylist()}


def cells(row: Row) -> tuple[str, ...]:
    """In the order of COLUMNS; what is not held is a dash, what is hidden a star, and a comparison that cannot be made a dash."""
    missing = "*" if row["status"] == HIDDEN else "–"
    months = "" if row["months"] is None else f"{row['months']:.0f}"
    return (
        missing if row["cost"] is None else f"{row['cost'] / 1000:,.1f}",
        missing if row["share"] is None else f"{row['share']:.1%}",
        *(
            missing if row[name] is None else f"{row[name]:,.0f}"
            for name in ("per_head", "peers_per_head", "nation_per_head", "expected_per_head")
        ),
        missing if row["ratio"] is None else f"{row['ratio']:.2f}",
        missing if row["growth"] is None else f"{row['growth']:+.1%}".replace("-", "−"),
        f"{months} (part)" if row["status"] == IN_PART and months else "not held" if row["status"] == NOT_HELD else months,
    )


def pounds(value: float) -> str:
    return f"£{value / 1_000_000:,.2f} million" if value >= 1_000_000 else f"£{value:,.0f}"


def _beside(ratio: float) -> str:
    if round(ratio, 2) == 1:
        return "as much as its people's ages would have it"
    return f"{abs(ratio - 1):.0%} {'more' if ratio > 1 else 'less'} than its people's ages would have it"
