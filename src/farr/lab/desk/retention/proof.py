"""The proof of a destruction: what was looked at, and what was found. Anything left is an error, and no certificate is written."""

from pathlib import Path

from farr.lab.desk.home import Home
from farr.lab.desk.retention.errors import DestructionRefused
from farr.lab.desk.retention.plan import Plan, files_under, source_copies
from farr.lab.desk.reviewing.shelves import held_before
from farr.lab.engine.at_rest.purge import held_about_persons, months_reachable, named_in_log, reachable, rests_on_persons
from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.seal import sha256_of
from farr.lab.engine.store import Store
from farr.lab.model.period import FinancialYear, Month
from farr.lab.model.tables import TABLES


def proved(home: Home, store: Store, plan: Plan) -> list[dict[str, str]]:
    """Each thing that was looked at, and what was found. Raises DestructionRefused at the first that is not as it must be."""
    return [_versions(store, plan), _log(store, plan), _disk(home, store, plan), *_keys(home, store, plan)]


def _versions(store: Store, plan: Plan) -> dict[str, str]:
    before, opened = Month.parse(plan.before), 0
    for table in held_about_persons(store):
        opened += len(reachable(store, table))
        left = sorted(month for month in months_reachable(store, table) if month < before)
        _must_be(not left, f"'{table.name}' can still be read for {', '.join(map(str, left[:3]))}")
    return _found("every version of every table that can be opened", f"{opened} versions; none holds a month before {plan.before}")


def _log(store: Store, plan: Plan) -> dict[str, str]:
    names = [Path(file["path"]).name for file in plan.files]
    for table in held_about_persons(store):
        left = named_in_log(store, table, names)
        _must_be(not left, f"the log of '{table.name}' still names {', '.join(left[:3])}")
    return _found("the log of every table", f"none of the {len(names)} destroyed files is named")


def _disk(home: Home, store: Store, plan: Plan) -> dict[str, str]:
    """By path, by folder of the month, and by content wherever in the home folder a file of the same size lies."""
    left = [file["path"] for file in plan.files if (store.folder / file["path"]).exists()]
    before = Month.parse(plan.before)
    for table in (table for table in TABLES.values() if rests_on_persons(table)):
        left += [str(path) for path in (store.folder / table.name).glob("*=*") if path.name.partition("=")[2] < str(before)]
    left += [str(path) for path in source_copies(home, plan)]
    left += [name for name in plan.quarantine if (home.quarantine(plan.agreement) / name).exists()]
    left += [f"the table held as {each}" for each in held_before(home, plan.agreement, before)]
    gone = {(file["size"], file["sha256"]) for file in plan.files}
    sizes = {size for size, _ in gone}
    looked = files_under(home.folder, store.folder.resolve())  # which may be a link to another disk
    left += [str(path) for path in looked if (size := path.stat().st_size) in sizes and (size, sha256_of(path)) in gone]
    _must_be(not left, f"on disk there still are {', '.join(left[:3])}")
    return _found("the home folder, by path and by content", f"{len(looked)} files; none is one of the {len(plan.files)} destroyed")


def _keys(home: Home, store: Store, plan: Plan) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for year in (FinancialYear.parse(text) for text in plan.years):
        keys = store.keys
        if keys is not None and plan.keys[str(year)] is not None:
            _must_be(not keys.is_held(year), f"the key of {year} is still there")
            copies = keys.copies(year, files_under(home.folder, Path(plan.keys_folder)))
            _must_be(not copies, f"there is a copy of the key of {year}: {', '.join(map(str, copies[:3]))}")
            try:
                keys.secret(str(year))
                _must_be(False, f"the key of {year} still opens")
            except StoreError:
                how = "was not there before, as the operator states" if str(year) in plan.lost_keys else "removed"
                found.append(_found(f"the key of {year}", f"{plan.keys[str(year)]}: {how}, and marked as destroyed; no copy by content"))
    return found


def _found(what: str, found: str) -> dict[str, str]:
    return {"looked_at": what, "found": found}


def _must_be(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DestructionRefused(f"the destruction is not complete, and is not certified: {otherwise}; remove it, and type the same again")
