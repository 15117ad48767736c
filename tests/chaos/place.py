"""A small home for trials: an agreement, lists of registered people and the mart of them, stays, and a publication."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home, code_version, make_key, today
from farr.lab.desk.load import Said, load_file
from farr.lab.desk.marts import build_marts
from farr.lab.desk.publication.views import publish_views
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, OptOuts, Signatory, Terms, write_agreement
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.sus import APC_SPELL

TERMS = Terms(
    id="chaos", title="t", legal_basis="l", purposes=("benchmarking",), datasets=("apc_episode",), period_first="2024-01",
    period_last="2025-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
MEASURE = "length_of_stay"
STAYS = Period.parse("2024-01..2024-03")
NEW, RESENT, RESENT_AGAIN, FROZEN, PLACES = "new.csv", "resent.csv", "resent_again.csv", "frozen.csv", "places.csv"
SQL = {"string": "varchar", "int16": "smallint", "int32": "int", "int64": "bigint", "date": "date", "boolean": "boolean",
       "float64": "double", "decimal(18, 2)": "decimal(18, 2)"}  # fmt: skip
SPELLS = {
    "Spell_Key": "range",
    "Der_Pseudo_NHS_Number": "'p' || range",
    "Provider_Code": "'RA' || range % 3",
    "Provider_Region_Code": "'Y1'",
    "Commissioner_Code": "'0' || range % 2 || 'C'",
    "Commissioner_Region_Code": "'Y1'",
    "GP_Practice_Code": "'A8100' || range % 4",
    "Practice_Region_Code": "'Y1'",
    "Der_Management_Type": "case range % 5 when 0 then 'EM' when 1 then 'EL' else 'DC' end",
    "Length_of_Stay": "case when range % 5 < 2 then 1 + range // 5 % 9 else 0 end",
}


@dataclass(frozen=True)
class Place:
    """A folder with a home, the files that may be loaded into it, and room for what programs leave behind."""

    folder: Path

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    @property
    def store(self) -> Store:
        return self.home.store(TERMS.id)

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    def load(self, name: str, **said: object) -> None:
        home = self.home
        load_file(
            self.folder / "files" / name, agreement=home.agreement(TERMS.id), store=home.store(TERMS.id),
            quarantine=home.quarantine(TERMS.id), code_version=code_version(), today=today(), said=Said(**said),
        )  # fmt: skip

    def build(self, *, whole: bool = False) -> None:
        build_marts(self.home, TERMS.id, lambda _: None, whole=whole)

    def desk(self) -> Desk:
        """A desk that knows one measure at one level: what is tried is how it is written, not what."""
        desk = Desk(self.home, TERMS.id)
        desk.__dict__["measures"] = {MEASURE: replace(desk.measures[MEASURE], levels=("provider",))}
        return desk

    def publish(self) -> None:
        publish_views(self.desk(), measures=(MEASURE,), breakdowns=())

    def stay(self, months: Period, rows: int) -> None:
        """Writes months of stays, as `farr build` would have them."""
        columns = [column for column in APC_SPELL.columns if column.name != APC_SPELL.month]
        select = ", ".join(f"cast({SPELLS.get(column.name, 'null')} as {SQL[column.type]}) as {column.name}" for column in columns)
        store = self.store
        with store.staging(APC_SPELL.name) as staging:
            staged: dict[Month, list[Path]] = {}
            for month in months.months():
                staged[month] = [staging / f"{month}.parquet"]
                duckdb.sql(f"copy (select {select} from range({rows})) to '{staged[month][0]}' (format parquet)")
            store.replace(APC_SPELL, staged, {"reads": {"apc_episode": 0}})


def prepare(folder: Path) -> None:
    """Makes two of the states from which operations begin: `loaded`, and `changed`, in which a month was sent again since the build."""
    loaded = Place(folder / "loaded")
    _write_files(loaded.folder / "files")
    loaded.temporary.mkdir()
    agree(loaded, TERMS)
    for name in (PLACES, "2024-01.csv", "2024-02.csv", "2024-03.csv"):
        loaded.load(name)
    loaded.load("2023-12.csv", freeze=True)
    loaded.build()
    loaded.stay(STAYS, 450)
    loaded.publish()
    loaded.stay(Period.parse("2024-04..2024-04"), 450)
    changed = Place(shutil.copytree(loaded.folder, folder / "changed"))
    changed.load(RESENT)


def agree(place: Place, terms: Terms) -> None:
    home = place.home
    home.folder.mkdir(parents=True)
    agreement = Agreement(terms=terms)
    for role in Signatory:
        key = make_key(place.folder / f"{role.value}.pem")
        home.trust(role, role.value, key)
        agreement = agreement.signed_by(role, role.value, key, date(2024, 1, 1))
    write_agreement(agreement, home.agreement_path(TERMS.id))
    home.release_key()


def owner_key(place: Place) -> Path:
    """The key of the risk owner, who signs certificates."""
    return place.folder / f"{Signatory.RISK_OWNER.value}.pem"


def _write_files(folder: Path) -> None:
    folder.mkdir(parents=True)
    for month in ("2023-12", "2024-01", "2024-02", "2024-03"):
        _write_list(folder / f"{month}.csv", {month: 10})
    _write_list(folder / NEW, {"2024-04": 10})
    _write_list(folder / RESENT, {"2024-02": 20})
    _write_list(folder / RESENT_AGAIN, {"2024-02": 30, "2024-03": 30})
    _write_list(folder / FROZEN, {"2024-03": 40})
    _write_places(folder / PLACES)


def _write_list(path: Path, months: Mapping[str, int]) -> None:
    """Lists of people whose sizes begin with a number, which tells one sending from another; one row is set aside."""
    lines = ["Extract_Date,GP_Practice_Code,Sex,Age_Band,Patients"]
    for month, first in months.items():
        cells = [(f"A8100{practice}", sex, band) for practice in range(4) for sex in (1, 2) for band in ("20-24", "70-74")]
        lines += [f"{month}-01,{practice},{sex},{band},{first + at}" for at, (practice, sex, band) in enumerate(cells)]
        lines.append(f"{month}-01,A81000,9,20-24,{first}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_places(path: Path) -> None:
    lines = ["Organisation_Level,Organisation_Code,Organisation_Name,Commissioner_Code,Region_Code,Open_Date,Close_Date"]
    lines += [f"practice,A8100{at},Practice {at},0{at % 2}C,Y1,," for at in range(4)]
    lines += [f"commissioner,0{at}C,Commissioner {at},,Y1,," for at in range(2)] + [
        f"provider,RA{at},Provider {at},,Y1,," for at in range(3)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
