"""The synthetic country that is measured: its files, a home folder and an agreement that covers all feeds."""

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from measured import Cost, farr, megabytes

from farr.lab.model.period import Month

AGREEMENT = "b"
LAST = "2025-03"
SEED = 7
FEEDS = ("apc_episode", "critical_care", "op_attendance", "ae_attendance")


@dataclass(frozen=True, kw_only=True)
class Country:
    """A country of `months` months up to LAST, at a `scale` of England's 56 million people, under `folder`."""

    folder: Path
    months: int
    scale: str

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def clean(self) -> Path:
        return self.folder / "clean"

    @property
    def store(self) -> Path:
        return self.home / "stores" / AGREEMENT

    @property
    def first(self) -> Month:
        return Month.parse(LAST).plus(1 - self.months)

    def files(self, feed: str) -> list[Path]:
        """The clean files of a feed, by month."""
        return sorted(self.clean.glob(f"{feed}_*.parquet"))

    def references(self) -> list[Path]:
        """The reference files; `small_areas` is the supplier's."""
        return sorted(path for path in self.raw.glob("*.csv") if path.name != "small_areas.csv")


def synth(country: Country) -> Cost:
    country.folder.mkdir(parents=True, exist_ok=True)
    size = ("--months", country.months, "--scale", country.scale, "--seed", SEED, "--ending", LAST)
    return farr(country.home, "synth", *size, "--out", country.raw)


def agree(country: Country) -> None:
    """An agreement for every feed and month, approved by both signatories, and the supplier's key."""
    home, folder = country.home, country.folder
    folder.mkdir(parents=True, exist_ok=True)
    for role in ("guardian", "risk-owner"):
        farr(home, "agreement", "signatory", "--as", role, "--name", role, "--out", folder / f"{role}.pem")
    datasets = [part for feed in FEEDS for part in ("--dataset", feed)]
    span = ("--from", country.first, "--to", LAST, "--ends", "2099-12-31")
    farr(home, "agreement", "new", AGREEMENT, "--title", "B", "--purpose", "benchmarks", *datasets, *span)
    for role in ("guardian", "risk-owner"):
        farr(home, "agreement", "approve", AGREEMENT, "--as", role, "--key", folder / f"{role}.pem")
    farr(home, "keygen", "--out", folder / "key")


def deidentify(country: Country, files: list[Path], out: Path) -> Cost:
    """Clean files of raw ones, written to `out`."""
    lists = ("--small-areas", country.raw / "small_areas.csv", "--opt-outs", country.raw / "opt_outs.txt")
    agreed = ("--agreement", country.home / "agreements" / f"{AGREEMENT}.json", "--key", country.folder / "key")
    return farr(country.home, "deidentify", *files, *agreed, *lists, "--out", out)


def rows(files: list[Path]) -> int:
    return sum(pq.read_metadata(path).num_rows for path in files)


def store_megabytes(country: Country) -> dict[str, float]:
    """MB of each table in the store, and of the ledger."""
    tables = {path.name: round(megabytes(path), 1) for path in sorted(country.store.iterdir()) if path.is_dir()}
    ledger = country.home / "ledger"
    return {**tables, "ledger": round(megabytes(ledger), 1) if ledger.is_dir() else 0.0}


def write(results: Path, name: str, found: object) -> None:
    """Keeps what was found as JSON, for the tables."""
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
