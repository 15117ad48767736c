"""A total cost of care as a file: CSV with the months beside it, and Excel. Released figures only."""

from pathlib import Path
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.contracting.total_cost.asking import TotalCost
from farr.lab.desk.contracting.total_cost.words import METHOD, finding
from farr.lab.desk.data_files import write_data
from farr.lab.model.showing.page import Column

_FIGURES = (
    ("cost", "Cost, £", "count"), ("share", "Share of all held", "ratio"), ("items", "Items", "count"),
    ("before", "Year before, £", "count"),
    ("growth", "Growth", "ratio"), ("per_head", "£ a head", "figure"), ("peers_per_head", "Peers, £ a head", "figure"),
    ("nation_per_head", "Nation, £ a head", "figure"), ("expected_per_head", "At own ages, £ a head", "figure"),
    ("ratio", "Ratio to own ages", "ratio"), ("months", "Months held", "whole"), ("peers", "Peers who hold it", "whole"),
    ("holders", "Commissioners who hold it", "whole"),
)  # fmt: skip
PART_COLUMNS = (
    Column(field="part", title="Part", kind="text", width=16), Column(field="title", title="Name", kind="text", width=30),
    *(Column(field=field, title=title, kind=kind, width=15) for field, title, kind in _FIGURES),
    Column(field="status", title="Status", kind="text", width=13), Column(field="source", title="Source", kind="text", width=34),
)  # fmt: skip
MONTH_COLUMNS = (
    Column(field="month", title="Month", kind="text", width=11), Column(field="part", title="Part", kind="text", width=16),
    Column(field="title", title="Name", kind="text", width=26), Column(field="cost", title="Cost, £", kind="count", width=14),
)  # fmt: skip


def write_total_cost(found: TotalCost, name: str, path: Path) -> list[Path]:
    """Writes .xlsx, or .csv with months and notes beside it; gives the files. Raises FileError for another ending."""
    tables = [("Parts", PART_COLUMNS, part_rows(found)), ("Months", MONTH_COLUMNS, month_rows(found))]
    return write_data(path, "a total cost", tables, explained(found, name), decimals=1)


def part_rows(found: TotalCost) -> list[dict[str, Any]]:
    return [{**row, "source": found.sources.get(row["part"], "")} for row in found.rows.table.to_pylist()]


def month_rows(found: TotalCost) -> list[dict[str, Any]]:
    return found.months.table.to_pylist()


def explained(found: TotalCost, name: str) -> list[tuple[str, str]]:
    """What must travel with the figures."""
    return [
        ("Finding", f"{finding(found, name)}."), ("Commissioner", f"{found.organisation} {name}"), ("Period", str(found.period)),
        *(("Method", each) for each in METHOD), ("Peers", ", ".join(found.peers) or "none"), ("Hidden figures", plain.HIDDEN_NOTE),
        *(("Note", each) for each in found.notes),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in (found.rows, found.months)),
    ]  # fmt: skip
