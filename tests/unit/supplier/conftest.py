import csv
from datetime import date
from pathlib import Path

import pytest

from farr.lab.ingest.feed import Feed
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.discover import discover
from farr.supplier.deidentify import deidentify
from farr.supplier.jobs import jobs_of
from farr.supplier.keys import MasterKey
from farr.supplier.order import order_of

FEEDS = discover("farr.lab.ingest.feeds", Feed)
TODAY = date(2024, 9, 1)
ROW = {
    "EPIKEY": "1001", "NHSNO": "943 476 5919", "Surname": "Featherstonehaugh", "Birth_Date": "1984-06-15", "Postcode": "LS6 1QZ",
    "LSOA11": "E01011229", "PROCODE3": "RR8", "GPPRAC": "B86012", "SEX": "2", "ETHNOS": "A", "ADMIDATE": "2024-06-10", "ADMIMETH": "21",
    "CLASSPAT": "1", "DISDATE": "2024-06-12", "EPISTART": "2024-06-10", "EPIEND": "2024-06-12", "EPIORDER": "1", "DIAG_4_01": "J189",
    "Mystery": "undeclared",
}  # fmt: skip


class Supplier:
    """A supplier's desk in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = MasterKey(bytes(range(32)))

    def raw(self, *changes, name="june.csv", columns=None):
        path = self.folder / name
        rows = [{**ROW, "EPIKEY": str(1001 + number), **change} for number, change in enumerate(changes)]
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def agreement(self, **terms):
        usual = {
            "id": "north", "title": "North", "legal_basis": "test", "purposes": ("benchmarking",), "datasets": ("apc_episode",),
            "period_first": "2024-04", "period_last": "2025-03", "starts": date(2024, 4, 1), "ends": date(2026, 3, 31),
            "retention_years": 4,
            "policy": "hes_2018", "opt_outs": OptOuts.NOT_APPLIED, "opt_outs_reason": "section 251 support sets them aside",
        }  # fmt: skip
        return Agreement(terms=Terms(**{**usual, **terms}))

    def order(self, *, terms=None, out="clean", **options):
        return order_of(self.agreement(**(terms or {})), self.key, self.folder / out, today=TODAY, **options)

    def run(self, path, **options):
        order = self.order(**options)
        (job,) = jobs_of([path], order, FEEDS)
        return deidentify([job], order)[0], job.clean


@pytest.fixture
def supplier(tmp_path):
    return Supplier(tmp_path)
