"""A contract's position as a file for other programs: CSV and Excel. Released figures only."""

from pathlib import Path
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.contracting.plan_against_actual import PlanAgainstActual
from farr.lab.desk.data_files import write_data
from farr.lab.model.showing.page import Column

_POUNDS = (
    ("planned", "Planned to date, £"), ("paid", "Paid to date, £"), ("variance", "Variance, £"), ("volume", "Volume, £"),
    ("casemix", "Casemix, £"), ("price", "Price, £"), ("year_planned", "Planned for the year, £"), ("forecast", "Forecast, £"),
    ("lower", "Forecast, 95% lower, £"), ("upper", "Forecast, 95% upper, £"), ("forecast_variance", "Forecast variance, £"),
)  # fmt: skip
COLUMNS = (
    Column(field="line", title="Line", kind="text", width=10),
    Column(field="name", title="Name", kind="text", width=38),
    Column(field="planned_activity", title="Planned spells", kind="figure", width=13),
    Column(field="activity", title="Spells", kind="count", width=11),
    *(Column(field=field, title=title, kind="count", width=15) for field, title in _POUNDS),
    Column(field="status", title="Status", kind="text", width=12),
)


def write_contract(found: PlanAgainstActual, names: dict[str, str], path: Path) -> Path:
    """Writes the lines as the ending of `path` says (.csv or .xlsx); `names` are those of its lines. Raises FileError for another."""
    write_data(path, "contracts", [("Plan against actual", COLUMNS, _rows(found, names))], explained(found), decimals=1)
    return path


def explained(found: PlanAgainstActual) -> list[tuple[str, str]]:
    """What must travel with the figures, as (label, text)."""
    return [
        ("Contracts of", f"{found.contract.level} {found.contract.organisation}"),
        ("Year", str(found.year)),
        ("Months to date", ", ".join(map(str, found.contract.months))),
        ("Volume", "(spells - planned spells) × planned average price"),
        ("Casemix", "spells × (average tariff price of these spells - planned average price)"),
        ("Price", "paid - what these spells come to by the tariff's rules"),
        ("Hidden figures", plain.HIDDEN_NOTE),
        *(("Note", note) for note in found.notes),
        ("Plan", f"contract_plan v{found.plan_version}, as provider and commissioner agreed on it"),
        ("Release", f"{found.rows.provenance}; table SHA-256 {found.rows.manifest.table_sha256}"),
    ]


def _rows(found: PlanAgainstActual, names: dict[str, str]) -> list[dict[str, Any]]:
    return [_row(row, names) for row in found.rows.table.to_pylist()]


def _row(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    line = row["line"]
    status = "suppressed" if row["paid"] is None else row["status"]
    return {**row, "line": line or "whole", "name": "The whole" if line is None else names.get(line, ""), "status": status}
