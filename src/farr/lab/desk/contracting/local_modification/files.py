"""A case for a local modification as a file: CSV with services, peers and notes beside it, and Excel. Released and published figures."""

from pathlib import Path
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.contracting.local_modification.asking import Modification
from farr.lab.desk.contracting.local_modification.words import METHOD, MUST_SHOW, TITLES, finding, worth
from farr.lab.desk.data_files import write_data
from farr.lab.model.showing.page import Column

_TESTS = (
    ("title", "Test", "text", 42), ("value", "Ratio", "ratio", 10), ("lower", "95% lower", "ratio", 10),
    ("upper", "95% upper", "ratio", 10),
    ("probability", "Probability that it is met", "ratio", 14), ("outcome", "Outcome", "text", 16), ("why", "Why", "text", 50),
)  # fmt: skip
_SERVICES = (
    ("chapter", "HRG chapter", "text", 12), ("activity", "Spells costed", "count", 12), ("cost", "Cost, £", "count", 14),
    ("unit_cost", "Cost a spell, £", "count", 14), ("spells", "Spells paid", "count", 12), ("paid", "Paid, £", "count", 14),
    ("unit_income", "Paid a spell, £", "count", 14), ("income", "Income of spells costed, £", "count", 16),
    ("margin", "Margin, £", "count", 14), ("status", "Status", "text", 12),
)  # fmt: skip
_PEERS = (
    ("code", "Code", "text", 9), ("name", "Provider", "text", 34), ("index", "Adjusted cost, as tested", "ratio", 12),
    ("unadjusted", "Market forces included", "ratio", 12), ("at_place", "Market forces taken out", "ratio", 12),
    ("income_index", "Paid for like casemix", "ratio", 12), ("stay_ratio", "Adjusted stay", "ratio", 12), ("role", "Role", "text", 10),
)  # fmt: skip
Columns = tuple[Column, ...]
TEST_COLUMNS, SERVICE_COLUMNS, PEER_COLUMNS = (
    tuple(Column(field=name, title=title, kind=kind, width=width) for name, title, kind, width in each)
    for each in (_TESTS, _SERVICES, _PEERS)
)


def write_case(found: Modification, names: dict[str, str], path: Path) -> list[Path]:
    """Writes .xlsx, or .csv with the other tables and notes beside it; gives the files. Raises FileError for another ending."""
    told = explained(found, names.get(found.provider, found.provider))
    return write_data(path, "a case", sheets(found, names), told, decimals=3)


def sheets(found: Modification, names: dict[str, str]) -> list[tuple[str, Columns, list[dict[str, Any]]]]:
    """Every table: its name, columns and rows."""
    tests = [{**row, "title": TITLES[row["name"]], "status": ""} for row in found.tests.table.to_pylist()]
    peers = [
        {**row, "name": names.get(row["code"], row["code"]), "role": _role(row), "status": ""} for row in found.peers.table.to_pylist()
    ]
    services = found.services.table.to_pylist()
    return [("Tests", TEST_COLUMNS, tests), ("Services", SERVICE_COLUMNS, services), ("Peers", PEER_COLUMNS, peers)]


def _role(row: dict[str, Any]) -> str:
    return "own" if row["is_own"] else "peer" if row["is_peer"] else ""


def explained(found: Modification, name: str) -> list[tuple[str, str]]:
    """What must travel with the figures."""
    amount = worth(found)
    return [
        ("Finding", f"{finding(found, name)}."), ("Provider", f"{found.provider} {name}"), ("Period", str(found.period)),
        *([("Amount", f"{amount}.")] if amount else []), *(("Method", each) for each in METHOD),
        *(("To be shown by the applicant", each) for each in MUST_SHOW), ("Parameters", str(found.published.rule)),
        ("Peers", ", ".join(found.published.peers) or "none"), ("Hidden figures", plain.HIDDEN_NOTE),
        ("Costs", "Published, and not released: they are about no person."), *(("Note", each) for each in found.notes),
        *(
            ("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}")
            for each in (found.tests, found.services, found.peers)
        ),
    ]  # fmt: skip
