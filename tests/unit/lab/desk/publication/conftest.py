"""A home with an approved agreement and a small real store: fourteen months of stays and lists, written as marts directly."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home
from farr.lab.desk.publication.catalogue import Catalogue, read_catalogue
from farr.lab.desk.publication.pages import norms_ahead, publish_pages
from farr.lab.desk.publication.views import publish_views, trusted
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, OptOuts, Signatory, Terms, write_agreement
from farr.lab.model.period import Month, Period
from farr.lab.model.showing.page import Contents
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.reference import ORGANISATION, POPULATION
from farr.lab.model.tables.sus import APC_SPELL
from tests.chaos.place import SPELLS as FEW_SPELLS
from tests.chaos.place import SQL

NAMES = ("day_case_rate", "length_of_stay", "emergency_admissions")
MONTHS = Period.parse("2024-01..2025-02")
TERMS = Terms(
    id="tiny", title="t", legal_basis="l", purposes=("benchmarking",), datasets=("apc_episode", "registered_population"),
    period_first="2024-01", period_last="2025-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5,
    policy="hes_2018", opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
SPELLS = {
    **FEW_SPELLS,
    # A trust of four people, who come every month: it stays hidden.
    "Provider_Code": "case when range % 450 in (1, 2) then 'RZZ' else 'RA' || range % 3 end",
    "Treatment_Function_Code": "case range % 7 when 0 then '100' else '300' end",
    "Diagnosis_Chapter": "case range % 11 when 0 then '09' else '11' end",
    "Spell_Primary_Diagnosis": "case range % 2 when 0 then 'K801' else 'K811' end",
    "Spell_Dominant_Procedure": "case range // 2 % 2 when 0 then 'J183' end",
}
PEOPLE = {
    "GP_Practice_Code": "'A8100' || range // 4",
    "GP_Practice_Code_As_Was": "'A8100' || range // 4",
    "Sex": "'' || (1 + range % 2)",
    "Age_Band": "case range // 2 % 2 when 0 then '20-24' else '70-74' end",
    "Age_Group": "case range // 2 % 2 when 0 then '15-44' else '65-74' end",
    "Patients": "5000 + 100 * (range // 4)",
    "Practice_Region_Code": "'Y1'",
    "Commissioner_Code": "'0' || range // 4 % 2 || 'C'",
    "Commissioner_Region_Code": "'Y1'",
}
ORGANISATIONS = [("provider", f"RA{at}", None) for at in range(3)] + [("provider", "RZZ", None)]
ORGANISATIONS += [("commissioner", "00C", None), ("commissioner", "01C", None)]
ORGANISATIONS += [("practice", f"A8100{at}", f"0{at % 2}C") for at in range(4)]


@dataclass(frozen=True, kw_only=True)
class Tiny:
    """The home; `desk` opens a new desk on it, `resend` replaces months of stays by so many rows each."""

    home: Home

    def desk(self) -> Desk:
        return Desk(self.home, TERMS.id)

    @property
    def catalogue(self) -> Catalogue:
        found = read_catalogue(self.home.published, self.keys)
        assert found is not None
        return found

    @property
    def keys(self) -> set[str]:
        return trusted(self.desk())

    def publish(self) -> Catalogue:
        return publish_views(self.desk(), measures=NAMES, breakdowns=("specialty",))

    @property
    def store(self) -> Store:
        return self.home.store(TERMS.id)

    def resend(self, months: Iterable[Month], rows: int) -> None:
        _write(self.store, APC_SPELL, SPELLS, dict.fromkeys(months, rows), episodes=1)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "home"
    home = Home.open(folder)
    agreement = Agreement(terms=TERMS)
    for role in Signatory:
        key = Ed25519PrivateKey.generate()
        home.trust(role, role.value, key)
        agreement = agreement.signed_by(role, role.value, key, date(2024, 1, 1))
    write_agreement(agreement, home.agreement_path(TERMS.id))
    store = home.store(TERMS.id)
    _write(store, APC_SPELL, SPELLS, dict.fromkeys(MONTHS.months(), 900), episodes=0)
    _write(store, POPULATION, PEOPLE, dict.fromkeys(MONTHS.months(), 16), episodes=0)
    with store.staging("organisation") as staging:
        names = ", ".join(
            f"('{level}', '{code}', 'Place {code}', {repr(commissioner) if commissioner else 'null'}, 'Y1', null, null)"
            for level, code, commissioner in ORGANISATIONS
        )
        select = ", ".join(f"cast(col{at} as {SQL[column.type]}) as {column.name}" for at, column in enumerate(ORGANISATION.columns))
        duckdb.sql(f"copy (select {select} from (values {names})) to '{staging}/o.parquet' (format parquet)")
        store.replace(ORGANISATION, [staging / "o.parquet"], {})
    return folder


@pytest.fixture
def tiny(made_once, tmp_path) -> Tiny:
    """A home of one's own: a test may publish in it and send months again."""
    shutil.copytree(made_once, tmp_path / "home")
    return Tiny(home=Home.open(tmp_path / "home"))


@pytest.fixture(scope="session")
def published_once(made_once, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(made_once, folder)
    publish_views(Desk(Home.open(folder), TERMS.id), measures=NAMES, breakdowns=("specialty",))
    return folder


@pytest.fixture
def public(published_once, tmp_path) -> Tiny:
    """The same, where three measures were published."""
    shutil.copytree(published_once, tmp_path / "public")
    return Tiny(home=Home.open(tmp_path / "public"))


@pytest.fixture(scope="session")
def shown_once(published_once, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shown") / "home"
    shutil.copytree(published_once, folder)
    show(Tiny(home=Home.open(folder)))
    return folder


@pytest.fixture
def shown(shown_once, tmp_path) -> Tiny:
    """The same, where their pages were written too."""
    shutil.copytree(shown_once, tmp_path / "shown")
    return Tiny(home=Home.open(tmp_path / "shown"))


def show(home: Tiny, measures: Iterable[str] = NAMES, norms: Iterable[str] = ("national",)) -> Contents:
    """Writes pages of what was published."""
    desk = home.desk()
    return publish_pages(desk, home.catalogue, measures=measures, norms=norms_ahead(desk, norms))


def _write(store: Store, table: TableDeclaration, given: dict[str, str], rows: dict[Month, int], *, episodes: int) -> None:
    columns = [column for column in table.columns if column.name != table.month]
    select = ", ".join(f"cast({given.get(column.name, 'null')} as {SQL[column.type]}) as {column.name}" for column in columns)
    with store.staging(table.name) as staging:
        staged = {}
        for month, count in rows.items():
            duckdb.sql(f"copy (select {select} from range({count})) to '{staging}/{month}.parquet' (format parquet)")
            staged[month] = [staging / f"{month}.parquet"]
        reads = dict.fromkeys(table.derived_from) | {table.derived_from[0]: episodes}
        store.replace(table, staged, {"reads": reads})


@pytest.fixture
def farr(monkeypatch, typed):
    """Types a command at a home; how it ended, and what it printed."""

    def at(home, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("FARR_HOME", str(home.home.folder))
        return typed(*arguments)

    return at
