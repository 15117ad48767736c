"""A small clean file of admitted care, an agreement that allows it and an empty store."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import pytest

from farr.lab.desk.load import LoadReport, load_file
from farr.lab.engine.load import loading
from farr.lab.engine.store import Store
from farr.lab.ingest.feed import Feed
from farr.lab.ingest.formats.tabular import batch_schema, batches, inspect_file
from farr.lab.ingest.recognise import recognise
from farr.lab.ingest.sides import clean_form
from farr.lab.ingest.validate import FAILED, landed, validated
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.period import Period

TODAY = date(2024, 9, 1)
COLUMNS = (
    "APCE_Ident", "Der_Pseudo_NHS_Number", "Provider_Code", "Commissioner_Code", "GP_Practice_Code", "Postcode_District", "Age", "Sex",
    "Admission_Date", "Admission_Method", "Patient_Classification", "Discharge_Date", "Discharge_Method", "Episode_Number",
    "Episode_Start_Date", "Episode_End_Date", "Episode_Status", "Diagnosis_01",
)  # fmt: skip


def record(number: int, month: int = 5, **changes: str) -> dict[str, str]:
    """One good row, with the values that a test wants otherwise."""
    day = 1 + number % 28
    row = {
        "APCE_Ident": str(700_000_000_000 + month * 1_000_000 + number),
        "Der_Pseudo_NHS_Number": hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest(),
        "Provider_Code": "RTA", "Commissioner_Code": "5D1", "GP_Practice_Code": "M84031", "Postcode_District": "LS6",
        "Age": str(number % 100), "Sex": str(1 + number % 2),
        "Admission_Date": f"2024-{month:02d}-{day:02d}", "Admission_Method": "21", "Patient_Classification": "1",
        "Discharge_Date": f"2024-{month:02d}-{day:02d}", "Discharge_Method": "1", "Episode_Number": "1",
        "Episode_Start_Date": f"2024-{month:02d}-{day:02d}", "Episode_End_Date": f"2024-{month:02d}-{day:02d}",
        "Episode_Status": "3", "Diagnosis_01": "I10X",
    }  # fmt: skip
    return {**row, **changes}


def write_csv(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...] | None = None) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns or tuple(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


class Desk:
    """Loads files for a test, and says what the store then holds."""

    def __init__(self, folder: Path, datasets: tuple[str, ...] = ("apc_episode",)) -> None:
        self.folder = folder
        self.store = Store(folder / "store")
        self.quarantine = folder / "quarantine"
        self.agreement = Agreement(
            terms=Terms(
                id="test", title="Test", legal_basis="test", purposes=("commissioning",), datasets=datasets,
                period_first="2024-04", period_last="2024-08", starts=date(2024, 1, 1), ends=date(2024, 12, 31), retention_years=4,
                policy="hes_2018", opt_outs=OptOuts.APPLIED, opt_outs_reason="planning",
            )
        )  # fmt: skip

    def load(self, path: Path, period: str | None = None, today: date = TODAY) -> LoadReport:
        return load_file(
            path,
            agreement=self.agreement,
            store=self.store,
            quarantine=self.quarantine,
            code_version="test",
            today=today,
            period=Period.parse(period) if period else None,
        )

    def write(self, name: str, rows: list[dict[str, str]], columns: tuple[str, ...] | None = None) -> Path:
        return write_csv(self.folder / name, rows, columns)

    def held(self) -> tuple[dict[str, int], int]:
        return self.store.versions(), self.store.rows("apc_episode")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def desk_for(tmp_path: Path):
    """A desk whose agreement covers other tables."""

    def opened(*datasets: str) -> Desk:
        folder = tmp_path / "-".join(datasets)
        folder.mkdir()
        return Desk(folder, datasets)

    return opened


@pytest.fixture
def make():
    return record


@pytest.fixture
def landing(tmp_path: Path):
    """Reads a file as the lab does: the rows that land in the table, by key, and how many failed each (column, rule)."""

    def read(path: Path, feed: Feed) -> tuple[list[dict], dict[tuple[str, str], int]]:
        facts = inspect_file(path)
        found = recognise(facts.columns, {feed.name: clean_form(feed)})
        checks = validated(facts.columns, found.feed, found.mapping)
        folder = tmp_path / "landing"
        folder.mkdir(exist_ok=True)
        with loading(folder, batches(facts), batch_schema(facts.columns)) as opened:
            opened.take([(step.name, step.expression) for step in checks.steps])
            good = checks.rows.filter(checks.rows[FAILED].length() == 0)
            rows = opened.ask(landed(good, found.feed).order_by(feed.table.key))
            failed = opened.failures("checked", FAILED, [(rule.column, rule.rule, rule.reason) for rule in checks.rules], None)
        return rows, {(one.column, one.rule): one.rows for one in failed}

    return read
