"""What a destruction would remove, and whether it may: nothing here changes anything."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from farr.lab.desk.home import Home, today
from farr.lab.desk.retention.errors import DestructionRefused
from farr.lab.desk.retention.holds import holds
from farr.lab.engine.at_rest.purge import files_on_disk, held_about_persons, rests_on_persons
from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.seal import sha256_of
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, read_agreement
from farr.lab.model.period import FinancialYear, Month, Period
from farr.lab.model.table import TableDeclaration, TableKind
from farr.lab.model.tables import TABLES

_FEW = 10


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that is known of a destruction before it begins. `rows` are by dataset and financial year, in words where they are few;
    `files` every file that goes, with its hash; `sources` the files once loaded; `keys` the fingerprint of each year's key (None:
    its records were not encrypted), `lost_keys` those years of which it is nowhere any more; `superseded` how many files of earlier
    versions of kept months go along with the versions."""

    id: str
    agreement: str
    before: str
    months: str
    years: tuple[str, ...]
    why: str
    ended: bool
    datasets: tuple[str, ...]
    rows: Mapping[str, Mapping[str, str]]
    files: tuple[Mapping[str, Any], ...]
    superseded: int
    sources: tuple[Mapping[str, Any], ...]
    keys: Mapping[str, str | None]
    keys_folder: str
    lost_keys: tuple[str, ...]
    releases: tuple[str, ...]
    quarantine: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def planned(home: Home, agreement: str, before: Month, lost: Sequence[str] = ()) -> Plan:
    """The plan. Raises DestructionRefused where the records may not be destroyed (yet), with what stands against it."""
    signed = read_agreement(home.agreement_path(agreement))
    signed.check_approved(home.trusted_signatories())
    store = home.store_of(signed.terms)
    if before.month != FinancialYear.of(before).period.first.month:
        raise DestructionRefused(
            f"records are destroyed by whole financial years, so name the April from which they are kept, such as --before {before.year}-04"
        )
    tables = held_about_persons(store)
    staged = [table for table in tables if table.kind is TableKind.STAGED]
    held = {table.name: _months_on_disk(store, table, before) for table in staged}
    held = {name: months for name, months in held.items() if months}
    if not held:
        raise DestructionRefused(f"agreement '{agreement}' holds no records of months before {before}; nothing is left to destroy")
    check_holds(home, agreement, list(held), before)
    plan = _plan(home, signed, store, before, _why(signed, store, list(held), before), held, lost)
    _check_keys(store, plan)
    _check_places(home, store, plan)
    return plan


def _plan(
    home: Home, signed: Agreement, store: Store, before: Month, why: str, held: Mapping[str, set[Month]], lost: Sequence[str]
) -> Plan:  # fmt: skip
    tables = [table for table in TABLES.values() if rests_on_persons(table)]  # of a first load that was killed there are files alone
    every = sorted({month for months in held.values() for month in months})
    years = sorted({FinancialYear.of(month) for month in every})
    fingerprints = {str(year): None if store.keys is None else store.keys.fingerprint(year) for year in years}
    files = [file for table in tables for file in files_on_disk(store, table)]
    gone = [file for file in files if file.month is not None and Month.parse(file.month) < before]
    live = {path for table in tables for path in store.files(table.name)}
    sources = _sources(store, held, before)
    return Plan(
        id=f"{signed.terms.id}-before-{before}",
        agreement=signed.terms.id,
        before=str(before),
        months=str(Period(every[0], every[-1])),
        years=tuple(map(str, years)),
        why=why,
        ended=today() > signed.terms.ends,
        datasets=tuple(sorted(held)),
        rows={name: _rows(store, name, before) for name in sorted(held)},
        files=tuple(asdict(file) for file in gone),
        superseded=sum(1 for file in files if file not in gone and store.folder / file.path not in live),
        sources=tuple(sources),
        keys=fingerprints,
        keys_folder=str(home.data_keys(signed.terms.id)),
        lost_keys=tuple(sorted({str(FinancialYear.parse(year)) for year in lost})),
        releases=tuple(resting(home, signed.terms.id, before)),
        quarantine=tuple(_quarantine(home.quarantine(signed.terms.id), store, held, before)),
    )


def _why(signed: Agreement, store: Store, datasets: Sequence[str], before: Month) -> str:
    """Raises DestructionRefused while the agreement retains the records, or what replaces them has not arrived."""
    terms = signed.terms
    if today() > terms.ends:
        return f"the agreement ended on {terms.ends}"
    last = FinancialYear.of(before.plus(-1))
    newer = last.plus(terms.retention_years)
    for name in datasets:
        lacking = sorted(set(newer.period.months()) - set(store.months(name)))
        if lacking:
            raise DestructionRefused(
                f"agreement '{terms.id}' keeps {terms.retention_years} years: {last} goes once the full year {newer} has arrived, and "
                f"{name} lacks {len(lacking)} of its months, the first {lacking[0]}; load them first, or name an earlier --before"
            )
    return f"retention of {terms.retention_years} years; the full year {newer} has arrived"


def check_holds(home: Home, agreement: str, datasets: Sequence[str], before: Month) -> None:
    standing = [hold for hold in holds(home, agreement) if hold.covers(datasets, before)]
    if standing:
        hold = standing[0]
        raise DestructionRefused(
            f"the legal hold '{hold.id}' of {hold.by} ({hold.on}) keeps {hold.months}: {hold.reason}; nothing before {before} is "
            f"destroyed until it is lifted: farr hold release {hold.id} --help"
        )


def check_keys_folder(home: Home, plan: Plan) -> None:
    """Raises DestructionRefused where keys are now looked for elsewhere than when the destruction began."""
    if (now := str(home.data_keys(plan.agreement))) != plan.keys_folder:
        raise DestructionRefused(
            f"the destruction was begun with the keys in {plan.keys_folder}, and now they are looked for in {now}; set FARR_KEYS as it was"
        )


def _check_keys(store: Store, plan: Plan) -> None:
    """A key that is not there cannot be destroyed: it may lie where nobody looked."""
    for year in (FinancialYear.parse(year) for year, fingerprint in plan.keys.items() if fingerprint is not None):
        keys = store.keys
        if keys is None or keys.is_destroyed(year) or (str(year) in plan.lost_keys and not keys.is_held(year)):
            continue
        try:
            keys.secret(str(year))
        except StoreError as error:
            raise DestructionRefused(
                f"{error}; nothing is destroyed while it may be elsewhere: set FARR_KEYS to the folder where it is, or, if no copy of it "
                f"is left anywhere, have that certified with --lost-key {year}"
            ) from None


def _check_places(home: Home, store: Store, plan: Plan) -> None:
    """What may hold the records and is no table: folders moved aside within the store, and the files once loaded, left in the home."""
    strange = [path for path in sorted(store.folder.iterdir()) if path.is_dir() and path.name not in {*TABLES, "_keys"}]
    strange += source_copies(home, plan)
    if strange:
        raise DestructionRefused(f"{strange[0]} may hold records that are to go, and is no table of the store; move it away, or delete it")


def source_copies(home: Home, plan: Plan) -> list[Path]:
    """Files of the home folder, its stores apart, that are one of the files from which destroyed records were loaded."""
    loaded = {source["sha256"] for source in plan.sources}
    return [path for path in files_under(home.folder) if home.folder / "stores" not in path.parents and sha256_of(path) in loaded]


def files_under(*folders: Path) -> list[Path]:
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    return sorted(found)


def _months_on_disk(store: Store, table: TableDeclaration, before: Month) -> set[Month]:
    """Months before `before` of the live version, and those of which an earlier version's file is still there."""
    on_disk = {Month.parse(path.parent.name.partition("=")[2]) for path in (store.folder / table.name).glob("*=*/*.parquet")}
    return {month for month in {*on_disk, *store.months(table.name)} if month < before}


def _rows(store: Store, table: str, before: Month) -> dict[str, str]:
    """Rows of the live version by year: large numbers of records, and where they are not, no number."""
    years: dict[str, int] = {}
    for month, rows in store.rows_by_month(table).items():
        if month < before:
            years[str(FinancialYear.of(month))] = years.get(str(FinancialYear.of(month)), 0) + rows
    return {year: f"{rows:,}" if rows >= _FEW else f"fewer than {_FEW}" for year, rows in sorted(years.items())}


def _sources(store: Store, held: Mapping[str, set[Month]], before: Month) -> list[dict[str, Any]]:
    """The files that were loaded with months that go, as the store recorded them."""
    return [
        {"dataset": name, "file": load["file"], "sha256": load["sha256"], "loaded_at": load["written_at"]}
        for name in sorted(held)
        for load in store.history(name)
        if "sha256" in load and any(Month.parse(month) < before for month in load.get("months", []))
    ]


def _quarantine(folder: Path, store: Store, held: Mapping[str, set[Month]], before: Month) -> list[str]:
    """Lists of rows set aside from files with months that go, and those of which nobody knows any more what file they are from."""
    kept = {
        load["sha256"][:8]
        for name in store.versions()
        for load in store.history(name)
        if "sha256" in load and not (name in held and any(Month.parse(month) < before for month in load.get("months", [])))
    }
    return [path.name for path in sorted(folder.glob("*.csv")) if path.stem.partition("-")[0] not in kept]


def resting(home: Home, agreement: str, before: Month) -> list[str]:
    """The published releases that rest on records of months before `before`, directly or by way of others."""
    manifests = {path.parent.name: _read(path) for path in sorted(home.published.glob("*/manifest.json"))}
    own = {name: said for name, said in manifests.items() if said.get("agreement") == agreement}
    found = {name for name, said in own.items() if said.get("question") and Period.parse(said["question"]["period"]).first < before}
    while more := {name for name, said in own.items() if name not in found and found & set(said.get("derived_from", ()))}:
        found |= more
    return sorted(found)


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        raise DestructionRefused(f"{path} cannot be read, so what it rests on is not known; restore it, or delete its folder") from None
