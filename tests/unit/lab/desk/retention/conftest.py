"""A home with two financial years of admitted care of a few people, encrypted, its marts built: made once, copied for each test."""

import shutil
from datetime import date
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.desk.home import Home, make_key, read_key, today
from farr.lab.desk.marts import build_marts
from farr.lab.desk.publication.catalogue import Catalogue, write_catalogue
from farr.lab.desk.retention.destroy import Hands
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Released, publish, table_sha256
from farr.lab.engine.duckdb import connect, present
from farr.lab.model.agreement import Agreement, AtRest, OptOuts, Signatory, Terms, write_agreement
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.sus import APC_EPISODE

ID = "leeds"
MONTHS = list(Period.parse("2019-04..2021-03").months())
OLD, KEPT = Month(2019, 4), Month(2020, 4)


def terms(**changes):
    stated = {
        "id": ID, "title": "Leeds", "legal_basis": "x", "purposes": ("p",), "datasets": ("apc_episode",), "period_first": "2019-04",
        "period_last": "2022-03", "starts": date(2019, 4, 1), "ends": date(2099, 1, 1), "retention_years": 1, "policy": "hes_2018",
        "opt_outs": OptOuts.APPLIED, "opt_outs_reason": "x", "at_rest": AtRest.ENCRYPTED,
    }  # fmt: skip
    return Terms(**{**stated, **changes})


class Place:
    """A home folder, those who sign in it, and what tests do with it."""

    def __init__(self, folder):
        self.folder = folder
        self.home = Home.open(folder / "home")

    def key(self, role):
        return read_key(self.folder / f"{role.value}.pem")

    def approve(self, **changes):
        agreement = Agreement(terms=terms(**changes))
        for role in Signatory:
            agreement = agreement.signed_by(role, role.value, self.key(role), today())
        write_agreement(agreement, self.home.agreement_path(ID))

    @property
    def store(self):
        return self.home.store_of(terms())

    @property
    def hands(self):
        owner = self.key(Signatory.RISK_OWNER)
        return Hands(operator="A. Lee", witness="B. Shah", risk_owner=owner, backups="None are kept of this test")

    def load(self, months, *, people=12, store=None):
        """A person's stay each, from the 28th to the 2nd of the next month; the stay belongs to the month of its end."""
        store = store or self.store
        with store.staging(APC_EPISODE.name) as folder:
            staged = {}
            for month in months:
                staged[month] = [folder / f"{month}.parquet"]
                rows = [episode(number, month) for number in range(people)]
                table = pa.Table.from_pylist(rows, schema=APC_EPISODE.schema.to_pyarrow())
                pq.write_table(table.drop_columns(["Activity_Month"]), staged[month][0])
            record = {"file": f"{months[0]}.csv", "sha256": f"{months[0].year}{months[0].month:02d}ab", "months": list(map(str, months)),
                      "rows_by_month": {str(month): people for month in months}, "frozen": True, "synthetic": True}  # fmt: skip
            return store.replace(APC_EPISODE, staged, record)

    def rows(self, table):
        files = self.store.files(table.name)
        with connect(files=files, keys=self.store.keys) as connection:
            present(connection, table, files)
            return connection.execute(f"select * from {table.name}").to_arrow_table().to_pylist()

    def publish(self, name, period):
        table = pa.table({"grouping": pa.array([0], pa.int64())})
        manifest = Manifest(
            release_id=name, name=name, question={"table": "apc_spell", "period": period}, question_identity=name, agreement=ID,
            policy="hes_2018", checks=(), store_versions={}, code_version="1", released_at="2021-05-01", table_sha256=table_sha256(table),
        )  # fmt: skip
        publish(Released(manifest=manifest, table=table, mint=MINT), self.home.published, self.home.release_key())


def episode(number, month):
    begun = month.plus(-1)
    known = {
        "APCE_Ident": month.year * 100_000 + month.month * 1000 + number, "APCS_Ident": f"S{month}-{number}",
        "Der_Pseudo_NHS_Number": f"PERSON{number}", "Activity_Month": str(month), "Episode_Number": 1, "Episode_Status": "3",
        "Admission_Date": date(begun.year, begun.month, 28), "Episode_Start_Date": date(begun.year, begun.month, 28),
        "Episode_End_Date": date(month.year, month.month, 2), "Discharge_Date": date(month.year, month.month, 2),
        "Admission_Method": "21", "Discharge_Method": "1", "Patient_Classification": "1",
    }  # fmt: skip
    return {column.name: known.get(column.name) for column in APC_EPISODE.columns}


@pytest.fixture(scope="session")
def _loaded(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("retention"))
    for role in Signatory:
        place.home.trust(role, role.value, make_key(place.folder / f"{role.value}.pem"))
    place.approve()
    for year in (MONTHS[:12], MONTHS[12:]):
        place.load(year)
    place.load([OLD], people=15)  # sent again: a file of an earlier version
    place.load([KEPT], people=15)
    for name, period in (("aaaa", "2019-04..2020-03"), ("bbbb", "2020-04..2021-03")):
        place.publish(name, period)
    catalogue = Catalogue(
        made_at="2021-05-01", agreement=ID, code_version="1", is_synthetic=True, first_month="2019-04", last_month="2021-03",
        store_versions={}, measures={}, entries=(),
    )  # fmt: skip
    write_catalogue(catalogue, place.home.published, place.home.release_key())
    quarantine = place.home.quarantine(ID)
    quarantine.mkdir(parents=True)
    for name in ("201904ab", "202004ab", "ffffffff"):
        (quarantine / f"{name}.csv").write_text("row,column,rule,reason\n1,a,b,c\n")
    return place.folder


@pytest.fixture(scope="session")
def _made(_loaded, tmp_path_factory):
    place = Place(shutil.copytree(_loaded, tmp_path_factory.mktemp("built") / "place"))
    build_marts(place.home, ID, lambda _: None)
    return place.folder


@pytest.fixture
def records_alone(_loaded, tmp_path):
    """The same before anything was derived."""
    return Place(shutil.copytree(_loaded, tmp_path / "place"))


@pytest.fixture
def place(_made, tmp_path):
    return Place(shutil.copytree(_made, tmp_path / "place"))


@pytest.fixture
def months():
    return SimpleNamespace(all=MONTHS, old=MONTHS[:12], kept=MONTHS[12:], first_kept=KEPT)
