"""One country for all journeys: made, de-identified, loaded and built by the `farr` command itself, once for all workers."""

import base64
import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest

from farr.lab.desk import Desk
from farr.lab.desk.files import as_json
from farr.lab.desk.home import Home
from farr.lab.engine.duckdb import connect, present
from farr.lab.engine.store import Store
from farr.lab.measures.measure import Theme
from farr.lab.model.showing.signed import read_signed, statement_about, statement_path
from farr.lab.model.showing.statement import Statement
from farr.lab.model.tables import TABLES
from farr.launcher import main
from tests.share import WHOLE, a_third

FARR = Path(sys.executable).with_name("farr")
ID = "journey"
FIRST, LAST = "2023-04", "2025-03"


def begin_farr(*arguments: object, home: Path) -> subprocess.Popen[str]:
    """Begins the console command, in a process of its own."""
    surroundings = {**os.environ, "FARR_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.Popen([str(FARR), *map(str, arguments)], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_farr(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    """Runs the console command, in a process of its own."""
    with begin_farr(*arguments, home=home) as running:
        out, err = running.communicate()
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


def run_here(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    """The same command in this process, without the seconds of a new one: where isolation is not what is tested."""
    command, out, err = ["farr", *map(str, arguments)], io.StringIO(), io.StringIO()
    surroundings = {"FARR_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}
    with mock.patch.object(sys, "argv", command), mock.patch.dict(os.environ, surroundings), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code = 0
        except SystemExit as stopped:
            code = stopped.code or 0
    return subprocess.CompletedProcess(command, int(code), out.getvalue(), err.getvalue())


def live(home: Path) -> dict[str, tuple[int, dict[str, str]]]:
    """Of every table of the store its version, and its live files with the SHA-256 of each."""
    store = Store(home / "stores" / ID)
    return {table: (version, {str(path): _sha256(path) for path in store.files(table)}) for table, version in store.versions().items()}


def records(home: Path, table: str, agreement: str = ID) -> pa.Table:
    """Every row of a table's live version, decrypted, as declared."""
    store = Home(home).store(agreement)
    files = store.files(table)
    with connect(files=files, keys=store.keys) as connection:
        present(connection, TABLES[table], files)
        return connection.execute(f"select * from {table}").to_arrow_table()


def everything(home: Path) -> dict[str, str]:
    """Every file of a home but what is released and the ledger of it, with its SHA-256."""
    files = (path for part in ("stores", "quarantine", "agreements", "keys") for path in sorted((home / part).rglob("*")) if path.is_file())
    return {str(path.relative_to(home)): _sha256(path) for path in files if path.suffix != ".lock"}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_well(*arguments: object, home: Path) -> str:
    """Runs a command, in this process, that must succeed; what it printed."""
    done = run_here(*arguments, home=home)
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def statement_in(home: Path, level: str, organisation: str, kind: str, name: str | None = None) -> Statement:
    """A published statement, verified by the home's own key; the kind's one, where it has no names."""
    path = home / "published" / "statements" / statement_path(level, organisation, kind, name or kind)
    trusted = {base64.b64encode(Home(home).release_key().public_key().public_bytes_raw()).decode()}
    return read_signed(path.read_bytes(), Statement, statement_about(level, organisation, kind, name or kind), trusted, path.name)


def approve(home: Path, name: str, **changes: str) -> None:
    """A new agreement, signed twice by the country's signatories."""
    terms = {"title": "Journey", "purpose": "benchmarking", "dataset": "apc_episode", "from": FIRST, "to": LAST, "ends": "2099-12-31"}
    options = [part for key, value in {**terms, **changes}.items() for part in (f"--{key}", value)]
    run_well("agreement", "new", name, *options, home=home)
    for role in ("guardian", "risk-owner"):
        run_well("agreement", "approve", name, "--as", role, "--key", home.parent / f"{role}.pem", home=home)


@dataclass(frozen=True, kw_only=True)
class Country:
    """Where everything is: `raw` at the supplier, `clean` between, `home` in the lab."""

    folder: Path

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def clean(self) -> Path:
        return self.folder / "clean"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def month(self) -> Path:
        return self.clean / f"apc_episode_{LAST}.clean.parquet"


def _make(country: Country) -> None:
    home, raw = country.home, country.raw
    run_well("synth", "--only", "apc_episode", "--months", 24, "--scale", "0.01", "--seed", 7, "--ending", LAST, "--out", raw, home=home)
    for role in ("guardian", "risk-owner"):
        run_well("agreement", "signatory", "--as", role, "--name", role, "--out", country.folder / f"{role}.pem", home=home)
    approve(home, ID)
    key = country.folder / "supplier.key"
    run_well("keygen", "--out", key, home=home)
    run_well(
        "deidentify", *sorted(raw.glob("apc_episode_*.parquet")), "--agreement", home / "agreements" / f"{ID}.json", "--key", key,
        "--signatories", home / "signatories.json", "--small-areas", raw / "small_areas.csv", "--opt-outs", raw / "opt_outs.txt",
        "--out", country.clean, home=home,
    )  # fmt: skip
    names = ("organisation", "organisation_successor", "organisation_parent", "hrg_trim_point", "commissioner_feature")
    run_well("ingest", *(raw / f"{name}.csv" for name in names), *sorted(raw.glob("registered_population_*.csv")), home=home)
    run_well("ingest", *sorted(country.clean.glob("*.clean.parquet")), home=home)
    run_well("build", home=home)


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Gives the folder of a name, made by the first worker that asks; the others wait for it, and only read."""
    base = tmp_path_factory.getbasetemp()

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder = (base if worker_id == "master" else base.parent) / name
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "made").exists():
                make(folder)
                (folder / "made").touch()
        return folder

    return made


@pytest.fixture(scope="session")
def country(once):
    """Read only: a test that changes a home makes its own."""
    return Country(folder=once("country", lambda folder: _make(Country(folder=folder))))


FEEDS = ("apc_episode", "critical_care", "op_attendance", "ae_attendance")


def agree_to_every_feed(country: Country, name: str, first: str) -> None:
    """An agreement for all four feeds, signed, and the supplier's key."""
    home = country.home
    for role in ("guardian", "risk-owner"):
        run_well("agreement", "signatory", "--as", role, "--name", role, "--out", country.folder / f"{role}.pem", home=home)
    datasets = [part for feed in FEEDS for part in ("--dataset", feed)]
    terms = ("--title", "Journey", "--purpose", "benchmarking", *datasets, "--from", first, "--to", LAST, "--ends", "2099-12-31")
    run_well("agreement", "new", name, *terms, home=home)
    for role in ("guardian", "risk-owner"):
        run_well("agreement", "approve", name, "--as", role, "--key", country.folder / f"{role}.pem", home=home)
    run_well("keygen", "--out", country.folder / "supplier.key", home=home)


def deidentified(country: Country, name: str, paths: list[Path], out: Path) -> None:
    home, raw = country.home, country.raw
    run_well(
        "deidentify", *paths, "--agreement", home / "agreements" / f"{name}.json", "--key", country.folder / "supplier.key",
        "--signatories", home / "signatories.json", "--small-areas", raw / "small_areas.csv", "--opt-outs", raw / "opt_outs.txt",
        "--out", out, home=home,
    )  # fmt: skip


def every_reference(country: Country) -> list[Path]:
    """The reference files; `small_areas` is the supplier's."""
    return sorted(path for path in country.raw.glob("*.csv") if path.name != "small_areas.csv")


def _make_nation(nation: Country) -> None:
    home, raw = nation.home, nation.raw
    run_well("synth", "--months", 15, "--scale", "0.002", "--seed", 7, "--ending", LAST, "--out", raw, home=home)
    agree_to_every_feed(nation, "nation", "2024-01")
    deidentified(nation, "nation", sorted(raw.glob("*.parquet")), nation.clean)
    deidentified(nation, "nation", sorted((raw / "resent").glob("*.parquet")), nation.clean / "resent")
    run_well("ingest", *every_reference(nation), home=home)
    run_well("ingest", *sorted(nation.clean.glob("*.clean.parquet")), home=home)
    corrected = [path for path in sorted((nation.clean / "resent").glob("*.clean.parquet")) if LAST not in path.name]
    run_well("ingest", *corrected, home=home)
    run_well("build", home=home)


@pytest.fixture(scope="session")
def nation(once):
    """A small country with every feed, whose last month is as first sent, and earlier ones as corrected; read only."""
    return Country(folder=once("nation", lambda folder: _make_nation(Country(folder=folder))))


def _resend(nation: Country, folder: Path) -> None:
    home = shutil.copytree(nation.home, folder / "home")
    run_well("ingest", *sorted((nation.clean / "resent").glob(f"*_{LAST}.clean.parquet")), "--freeze", home=home)
    (folder / "built.txt").write_text(run_well("build", home=home), encoding="utf-8")


@pytest.fixture(scope="session")
def resent_home(nation, once):
    """The nation's home after its last month was sent again; read only. What `farr build` said of it is in built.txt beside it."""
    return once("resent", lambda folder: _resend(nation, folder)) / "home"


# Of the year, outpatients are seven records of ten, and little of what is said of it.
FEEDS_OF_THE_YEAR = FEEDS if WHOLE else ("apc_episode", "critical_care", "ae_attendance")


def _make_year(year: Country) -> None:
    home, raw = year.home, year.raw
    of = ("--months", 24, "--scale", "0.01", "--seed", 7, "--ending", LAST, "--from", "2024-04")
    run_well("synth", *of, *(part for feed in FEEDS_OF_THE_YEAR for part in ("--only", feed)), "--out", raw, home=home)
    agree_to_every_feed(year, "year", "2024-04")
    again = {path.name: path for path in (raw / "resent").glob("*.parquet")}
    within = [again.get(path.name, path) for path in sorted(raw.glob("*.parquet"))]
    deidentified(year, "year", within, year.clean)
    run_well("ingest", *every_reference(year), home=home)
    run_well("ingest", *sorted(year.clean.glob("*.clean.parquet")), home=home)
    run_well("build", home=home)


@pytest.fixture(scope="session")
def year(once):
    """The second of two years of FEEDS_OF_THE_YEAR, months sent again as sent then: enough for what a year's figures say."""
    return Country(folder=once("year", lambda folder: _make_year(Country(folder=folder))))


@dataclass(frozen=True, kw_only=True)
class Released:
    """A home in which every level was asked about, and all that left it: `printed` as JSON, written to files, and a report."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def printed(self) -> list[Path]:
        return sorted((self.folder / "out").glob("*.printed.json"))

    @property
    def published(self) -> list[Path]:
        """The folder of each release."""
        return sorted(path.parent for path in (self.home / "published").glob("*/manifest.json"))

    @property
    def pages(self) -> list[Path]:
        """Pages, overviews and contents for readers."""
        return sorted((self.home / "published" / "pages").rglob("*.json.gz"))

    @property
    def files(self) -> list[Path]:
        return sorted(path for root in (self.home / "published", self.folder / "out") for path in root.rglob("*") if path.is_file())


ASKED = {
    "national": "national", "region": "Y91", "commissioner": "90L", "provider": "ZAB", "practice": "Z10012", "postcode_district": "FC3",
}  # fmt: skip
ENDINGS = ("csv", "xlsx", "parquet", "json", "svg")


def _release(country: Country, made: Released) -> None:
    shutil.copytree(country.home, made.home)
    out = made.folder / "out"
    for level, code in ASKED.items():
        for measure in ("zero_stay_emergencies", "length_of_stay", "hernia_day_case_share"):  # the last hides much
            name = f"{level}-{measure}"
            files = (
                [part for ending in ENDINGS for part in ("--out", out / f"{name}.{ending}")] if measure != "zero_stay_emergencies" else []
            )
            asked = ("--organisation", code, "--level", level, "--measure", measure, "--json", *files)
            printed = run_well("benchmark", *asked, home=made.home)
            out.mkdir(exist_ok=True)
            (out / f"{name}.printed.json").write_text(printed, encoding="utf-8")
    printed = run_well("report", "--organisation", ASKED["practice"], "--out", out / "report", home=made.home)
    (out / "report.printed.txt").write_text(printed, encoding="utf-8")


@pytest.fixture(scope="session")
def released(country, once):
    """Read only, as the country is."""
    return Released(folder=once("released", lambda folder: _release(country, Released(folder=folder))))


@dataclass(frozen=True, kw_only=True)
class Reported(Released):
    """The same of the nation: reports of some levels, each of its organisation."""

    reports: dict[str, str]


# Each in a home of its own: what is asked takes the longer, the more was asked before. Of each theme's measures every level of a home
# is asked a third, so that a home is asked all.
REPORTED = {"commissioner": "90L", "locality": "90L-L1", "national": "national"}
BESIDE_VIEWS = {"provider": "ZAB", "practice": "Z10012", "region": "Y91"}


def _measures_of(made: Reported, level: str) -> list[str]:
    themes: dict[Theme, list[str]] = {}
    for name, measure in Desk.open(made.home).measures.items():
        if level in measure.levels or WHOLE:
            themes.setdefault(measure.theme, []).append(name)
    return [name for names in themes.values() for name in a_third(names, list(made.reports).index(level))]


def _named(measures: list[str]) -> list[str]:
    return [part for name in measures for part in ("--measure", name)]


def _report_nation(home: Path, made: Reported) -> None:
    """Reports, what changed, and a pack."""
    shutil.copytree(home, made.home)
    out = made.folder / "out"
    out.mkdir()
    named = ("--organisation", made.reports["commissioner"], *_named(_measures_of(made, "commissioner")))
    (out / "commissioner.printed.txt").write_text(run_well("report", *named, "--out", out / "report", home=made.home), encoding="utf-8")
    _report(made)
    # localities have no published view
    run_well("benchmark", "--organisation", made.reports["locality"], "--measure", "ae_four_hour_performance", home=made.home)
    (out / "changes.printed.json").write_text(run_well("changes", *named, "--json", home=made.home), encoding="utf-8")
    _send_pack(made)


def _release_nation(home: Path, made: Reported) -> None:
    """Reports, and published views with their catalogue."""
    shutil.copytree(home, made.home)
    (made.folder / "out").mkdir()
    _report(made)
    measures = _named(["emergency_admissions", "op_did_not_attend", "day_case_rate"])
    run_well("publish", *measures, "--breakdown", "specialty", home=made.home)


def _report(made: Reported) -> None:
    desk = Desk.open(made.home)
    for level, code in made.reports.items():  # their pages look alike, and take minutes to draw
        found, left_out = desk.report(organisation=code, level=level, measures=_measures_of(made, level))
        content = {"left_out": [[each.measure.name, each.reason] for each in left_out]}
        content |= {"found": [{"theme": each.measure.theme.value, **as_json(each)} for each in found]}
        (made.folder / "out" / f"{level}.report.json").write_text(json.dumps(content), encoding="utf-8")


def _send_pack(made: Reported) -> None:
    home, keys = made.home, {name: made.folder / f"{name}.pem" for name in ("author", "reviewer")}
    for name, key in keys.items():
        run_well("pack", "signatory", "--name", name, "--out", key, home=home)
    named = ("--organisation", "90L", "--measure", "emergency_admissions", "--title", "Emergencies")
    run_well("pack", "new", "first", *named, "--author", "author", "--key", keys["author"], home=home)
    draft = home / "packs" / "first" / "draft" / "commentary.md"
    draft.write_text(draft.read_text().replace("## Overall\n", "## Overall\n\n{{finding:emergency_admissions}} Made up.\n"))
    run_well("pack", "submit", "first", "--as", "author", "--key", keys["author"], home=home)
    run_well("pack", "approve", "first", "--as", "reviewer", "--key", keys["reviewer"], home=home)
    run_well("pack", "render", "first", "--out", made.folder / "out" / "packs", home=home)


@pytest.fixture(scope="session")
def nation_reported(resent_home, once):
    """Read only."""
    folder = once("nation-reported", lambda folder: _report_nation(resent_home, Reported(folder=folder, reports=REPORTED)))
    return Reported(folder=folder, reports=REPORTED)


@pytest.fixture(scope="session")
def nation_released(resent_home, once):
    """Read only."""
    folder = once("nation-released", lambda folder: _release_nation(resent_home, Reported(folder=folder, reports=BESIDE_VIEWS)))
    return Reported(folder=folder, reports=BESIDE_VIEWS)


@pytest.fixture(scope="session")
def farr():
    """Runs the command; its exit code and what it printed."""
    return run_farr


@pytest.fixture(scope="session")
def farr_begun():
    """Begins the command; the process."""
    return begin_farr


@pytest.fixture(scope="session")
def here():
    """Runs the command in this process; its exit code and what it printed."""
    return run_here


@pytest.fixture(scope="session")
def versions():
    """What the store of a home holds, to compare before and after."""
    return live


@pytest.fixture(scope="session")
def held():
    """Every file of a home that a refused command must leave as it is."""
    return everything


@pytest.fixture(scope="session")
def all_rows():
    """Every row of a table of a home, decrypted."""
    return records


@pytest.fixture(scope="session")
def does():
    """Runs a command that must succeed; what it printed."""
    return run_well


@pytest.fixture(scope="session")
def agree():
    """Makes an agreement with two signatures, with other terms where given."""
    return approve
