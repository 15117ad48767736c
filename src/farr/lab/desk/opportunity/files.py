"""Opportunities as a file for other programs: CSV and Excel. Figures derived from releases only."""

from pathlib import Path
from typing import Any

from farr.lab.desk.data_files import write_data
from farr.lab.desk.opportunity.finding import Found
from farr.lab.desk.opportunity.wording import explained
from farr.lab.model.showing.page import Column

COLUMNS = tuple(
    Column(field=field, title=title, kind=kind, width=width)
    for field, title, kind, width in (
        ("measure", "Measure", "text", 32), ("title", "Title", "text", 44), ("means", "Payment or capacity", "text", 12),
        ("unit", "Unit of the figure", "text", 28), ("own", "Own figure", "figure", 12), ("shrunken", "Own figure, shrunken", "figure", 12),
        ("norm_value", "Norm", "figure", 12), ("members", "Members shown", "whole", 10), ("hidden_members", "Members hidden", "whole", 10),
        ("price", "£ a unit", "figure", 12), ("price_is", "What the price is", "text", 40), ("price_of", "Whose price", "text", 14),
        ("classic", "Classic, £", "count", 14), ("classic_is_significant", "Classic is significant", "flag", 12),
        ("units", "Units gained", "figure", 12), ("units_are", "Units", "text", 20), ("gain", "Gain (median), £", "count", 14),
        ("lower_80", "80% lower, £", "count", 14), ("upper_80", "80% upper, £", "count", 14), ("lower_95", "95% lower, £", "count", 14),
        ("upper_95", "95% upper, £", "count", 14), ("probability", "Share of runs above nothing", "ratio", 12),
        ("is_counted", "Counted", "flag", 10), ("kept", "In the total, £", "count", 14),
    )
)  # fmt: skip


def write_opportunities(found: Found, path: Path) -> Path:
    """Writes them as the ending of `path` says (.csv or .xlsx). Raises FileError for another."""
    write_data(path, "opportunities", [("Opportunities", COLUMNS, data(found))], explained(found), decimals=2)
    return path


def data(found: Found) -> list[dict[str, Any]]:
    return found.table.table.to_pylist()
