"""The proof of a destruction: what was looked at, and what was found. Anything left is an error, and no certificate is written."""

from pathlib import Path

from farr.lab.desk.home import Home
from farr.lab.desk.retention.errors import DestructionRefused
from farr.lab.desk.retention.plan import Plan
from farr.lab.engine.at_rest.purge import held_about_persons, months_reachable, named_in_log, reachable
from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.seal import sha256_of
from farr.lab.engine.store import Store
from farr.lab.model.period import FinancialYear, Month


def proved(home: Home, store: Store, plan: Plan) -> list[dict[str, str]]:
    """Each thing that was looked at, and what was found. Raises DestructionRefused at the first that is not as it must be."""
    return [_versions(store, plan), _log(store, plan), _disk(home, store, plan), *_keys(store, plan)]


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
    for table in held_about_persons(store):
        left += [str(path) for path in (store.folder / table.name).glob("*=*") if path.name.partition("=")[2] < str(before)]
    gone = {(file["size"], file["sha256"]) for file in plan.files}
    sizes = {size for size, _ in gone}
    looked = [path for path in sorted(home.folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    left += [str(path) for path in looked if (size := path.stat().st_size) in sizes and (size, sha256_of(path)) in gone]
    _must_be(not left, f"on disk there still are {', '.join(left[:3])}")
    return _found("the home folder, by path and by content", f"{len(looked)} files; none is one of the {len(plan.files)} destroyed")


def _keys(store: Store, plan: Plan) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for year in (FinancialYear.parse(text) for text in plan.years):
        keys = store.keys
        if keys is not None and plan.keys[str(year)] is not None:
            _must_be(not keys.is_held(year), f"the key of {year} is still there")
            try:
                keys.secret(str(year))
                _must_be(False, f"the key of {year} still opens")
            except StoreError:
                found.append(_found(f"the key of {year}", f"{plan.keys[str(year)]}: removed, and marked as destroyed"))
    return found


def _found(what: str, found: str) -> dict[str, str]:
    return {"looked_at": what, "found": found}


def _must_be(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DestructionRefused(f"the destruction is not complete, and is not certified: {otherwise}; remove it, and type the same again")
