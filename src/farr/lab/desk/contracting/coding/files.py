"""Coding as files for other programs: CSV, one for each table, and Excel, with indicators, notes and releases. Released figures only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.contracting.coding.asking import Coding
from farr.lab.desk.contracting.coding.words import NOTES as SAID
from farr.lab.desk.data_files import write_data
from farr.lab.model.showing.page import Column
from farr.lab.planning.coding.indicator import declared

_NAME = (("code", "Code", "text", 9), ("name", "Provider", "text", 34))
FINDINGS = (
    *_NAME, ("title", "Indicator", "text", 34), ("subject", "Of", "text", 9), ("admissions", "Admissions", "count", 12),
    ("observed", "Observed", "count", 12), ("expected", "Expected", "count", 12), ("value", "Figure", "figure", 11),
    ("expected_value", "Figure expected", "figure", 11), ("ratio", "Ratio", "figure", 9), ("lower", "95% lower", "figure", 9),
    ("upper", "95% upper", "figure", 9), ("low_limit", "Usual from", "figure", 9), ("high_limit", "Usual to", "figure", 9),
    ("z", "z", "figure", 8), ("q", "q", "figure", 8), ("differs", "Differs", "flag", 9), ("worth", "Worth, £", "count", 12),
    ("worth_lower", "Worth, 95% lower, £", "count", 12), ("worth_upper", "Worth, 95% upper, £", "count", 12),
    ("shift_month", "Likeliest shift", "text", 12), ("shift_before", "Ratio before", "figure", 9), ("shift_after", "Ratio after",
    "figure", 9), ("shift_q", "q of shift", "figure", 9), ("shifted", "Shifted", "flag", 9), ("status", "Status", "text", 12),
)  # fmt: skip
PROVIDERS = (
    *_NAME, ("verdict", "Verdict", "text", 46), ("coding", "Coding that differs", "count", 10), ("care", "Care that differs", "count", 10),
    ("tested", "Coding tested", "count", 10), ("shifts", "Coding that shifted", "count", 10), ("worth", "HRG price above usual, £", "count",
    14), ("status", "Status", "text", 12),
)  # fmt: skip
READINGS = (
    *_NAME, ("title", "Indicator", "text", 34), ("when", "From", "text", 10), ("way", "Which way", "text", 10),
    ("reading", "Reading", "text", 44), ("explained_by", "Care that explains it", "text", 34), ("status", "Status", "text", 12),
)  # fmt: skip
MONTHS = (
    *_NAME, ("title", "Indicator", "text", 34), ("month", "Month", "text", 10), ("ratio", "Ratio to expected and nation", "figure", 12),
    ("lower", "95% lower", "figure", 9), ("upper", "95% upper", "figure", 9), ("status", "Status", "text", 12),
)  # fmt: skip
_DECIMALS = 3
Rows = list[dict[str, Any]]


def columns(which: tuple[tuple[str, str, str, int], ...]) -> tuple[Column, ...]:
    return tuple(Column(field=field, title=title, kind=kind, width=width) for field, title, kind, width in which)


def sheets(found: Coding, names: Mapping[str, str], provider: str | None = None) -> dict[str, tuple[tuple[Column, ...], Rows]]:
    """By name the sheets' columns and rows; of one provider alone where one is named, but for verdicts and the year's figures of all."""
    of_all = {"Findings": (FINDINGS, found.findings), "Providers": (PROVIDERS, found.providers), "Readings": (READINGS, found.readings)}
    made = {name: (columns(which), _rows(released.table.to_pylist(), names)) for name, (which, released) in of_all.items()}
    months = [row for row in found.by_month.table.to_pylist() if provider in (None, row["code"])]
    return {**made, "Months": (columns(MONTHS), _rows(months, names))}


def write_coding(found: Coding, names: Mapping[str, str], path: Path) -> list[Path]:
    """Writes .xlsx, or .csv with providers, readings, months and notes beside it; gives the files. Raises FileError for another ending."""
    tables = [(name, which, rows) for name, (which, rows) in sheets(found, names).items()]
    return write_data(path, "coding", tables, explained(found), decimals=_DECIMALS)


def explained(found: Coding) -> list[tuple[str, str]]:
    """What must travel with the figures, as (label, text)."""
    held = "over all tests (Benjamini and Yekutieli)" if found.control.over_all else "within each indicator (Benjamini and Hochberg)"
    return [
        ("Period", plain.period(found.period)),
        ("Months of shifts", plain.period(found.months)),
        ("False discoveries", f"at most {found.control.rate:.0%} of what is called different, {held}"),
        *(("Note", each) for each in SAID),
        *((f"Indicator {name}", f"{each.title}. {each.says} {each.why} Source: {each.source}.") for name, each in declared().items()),
        *(("Left out", f"{name}: {why}") for name, why in found.left_out.items()),
        ("Hidden figures", plain.HIDDEN_NOTE),
        ("Release", f"{found.findings.provenance}; table SHA-256 {found.findings.manifest.table_sha256}"),
    ]


def _rows(rows: Rows, names: Mapping[str, str]) -> Rows:
    return [
        {
            "status": "", **row, "name": names.get(row["code"], row["code"]),
            "title": declared()[row["indicator"]].title if "indicator" in row else "",
        }
        for row in rows
    ]  # fmt: skip
