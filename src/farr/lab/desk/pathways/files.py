"""A pathway as a file for other programs: CSV and Excel. Figures derived from releases only."""

from pathlib import Path
from typing import Any

from farr.lab.desk.data_files import write_data
from farr.lab.desk.pathways.comparing import Compared
from farr.lab.desk.pathways.wording import explained
from farr.lab.model.showing.page import Column

COLUMNS = tuple(
    Column(field=field, title=title, kind=kind, width=width)
    for field, title, kind, width in (
        ("organisation", "Code", "text", 10), ("name", "Name", "text", 34), ("title", "Item", "text", 34), ("months", "Months", "text", 18),
        ("means", "Payment or capacity", "text", 12), ("spells", "Spells", "count", 10), ("total", "Of all spells", "count", 12),
        ("mean", "A spell", "figure", 10), ("lower", "95% lower", "figure", 10), ("upper", "95% upper", "figure", 10),
        ("standard", "Standard", "figure", 10), ("basis", "Whose standard", "text", 22), ("unit", "£ of one", "figure", 12),
        ("unit_is", "What the price is", "text", 40), ("gap", "Gap on average, £", "count", 14), ("gap_sure", "Sure, £", "count", 14),
        ("gap_by_spell", "Spell by spell, £", "count", 14),
    )
)  # fmt: skip


def write_pathway(compared: Compared, path: Path, organisation: str | None = None) -> Path:
    """Writes it as the ending of `path` says (.csv or .xlsx), of one organisation or of all. Raises FileError for another."""
    write_data(path, "pathways", [("Pathway", COLUMNS, data(compared, organisation))], explained(compared), decimals=2)
    return path


def data(compared: Compared, organisation: str | None = None) -> list[dict[str, Any]]:
    """The rows of one organisation, or of all, named."""
    rows = compared.table.table.to_pylist()
    return [{**row, "name": compared.names.get(row["organisation"], "")} for row in rows if organisation in (None, row["organisation"])]
