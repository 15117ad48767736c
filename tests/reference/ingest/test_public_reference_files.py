"""Public reference files load unedited: national prices, successors, peers and trim points."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from farr.lab.desk.load import LoadReport, Said, load_file
from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.tables import TABLES

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[3].parent / "shared" / "data") / "nhs_reference"
PRICES = DATA / "national_prices_2017_18_and_2018_19_by_hrg.csv"

pytestmark = pytest.mark.skipif(not PRICES.is_file(), reason=f"the public data are not at {DATA}; set FARR_SHARED_DATA")
AGREEMENT = Agreement(
    terms=Terms(
        id="test", title="Test", legal_basis="test", purposes=("commissioning",), datasets=("apc_episode",), period_first="2024-04",
        period_last="2024-08", starts=date(2024, 1, 1), ends=date(2024, 12, 31), retention_years=4, policy="hes_2018",
        opt_outs=OptOuts.APPLIED, opt_outs_reason="planning",
    )
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def load(store: Store, name: str, **columns: str) -> LoadReport:
    return load_file(
        DATA / name, agreement=AGREEMENT, store=store, quarantine=store.folder / "q", code_version="test", today=date(2024, 9, 1),
        said=Said(columns=columns),
    )  # fmt: skip


def rows(store: Store, table: str) -> list[dict[str, object]]:
    return read_reference(store, TABLES[table]).to_pylist()


def test_national_prices_of_two_years(store):
    report = load(store, PRICES.name)
    assert (report.feed, report.rows_read, report.rows_loaded) == ("national_price", 4606, 4606)
    held = rows(store, "national_price")
    assert {year: sum(row["Tariff_Year"] == year for row in held) for year in ("2017/18", "2018/19")} == {"2017/18": 2303, "2018/19": 2303}
    (stroke,) = [row for row in held if (row["HRG_Code"], row["Tariff_Year"]) == ("AA22C", "2018/19")]
    assert (stroke["Combined_Price"], stroke["Non_Elective_Price"]) == (Decimal("8285.00"), Decimal("9859.00"))
    assert (stroke["Outpatient_Price"], stroke["Day_Case_Price"], stroke["Elective_Price"]) == (None, None, None)
    apart = [row for row in held if row["Elective_Price"] is not None]
    assert len(apart) == 42
    assert {(row["Combined_Price"], row["Day_Case_Price"] is None) for row in apart} == {(None, False)}


def test_successors_of_providers(store):
    report = load(store, "provider_successors.csv")
    assert (report.feed, report.rows_read, report.rows_loaded) == ("organisation_successor", 283, 31)
    assert [(failure.rule, failure.rows) for failure in report.failures] == [("no succession", 252)]
    assert {"Organisation_Code": "RA3", "Successor_Code": "RA7", "Succession_Date": None} in rows(store, "organisation_successor")


def test_peers_of_trusts(store):
    report = load(store, "peers.csv", List_Name="nhp_peers")
    assert (report.feed, report.rows_read, report.rows_loaded) == ("peer_list", 2224, 2035)
    assert [(failure.rule, failure.rows) for failure in report.failures] == [("own peer", 189)]
    assert {row["List_Name"] for row in rows(store, "peer_list")} == {"nhp_peers"}


def test_trim_points_of_a_stated_year_stand_beside_another(store):
    assert load(store, "hrg_trimpoints.csv", Tariff_Year="2019/20").rows_loaded == 2312
    assert load(store, "hrg_trimpoints.csv", Tariff_Year="2020/21").rows_loaded == 2312
    assert load(store, "hrg_trimpoints.csv", Tariff_Year="2020-21").rows_loaded == 2312
    assert store.rows("hrg_trim_point") == 2 * 2312
