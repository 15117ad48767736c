"""What rests on destroyed records elsewhere in the home folder: removed where it is a working file, marked where it was published."""

import shutil

from farr.lab.desk.home import Home, today
from farr.lab.desk.publication.catalogue import read_catalogue, write_catalogue
from farr.lab.desk.publication.notices import notices, write_notice
from farr.lab.desk.retention.pages import mark_pages
from farr.lab.desk.retention.plan import Plan
from farr.lab.desk.reviewing.shelves import sweep_held
from farr.lab.engine.at_rest.purge import rests_on_persons
from farr.lab.engine.store import Store
from farr.lab.model.agreement import read_agreement
from farr.lab.model.period import Month
from farr.lab.model.tables import TABLES


def sweep(home: Home, store: Store, plan: Plan) -> None:
    """Does all of it; doing it again does no harm."""
    for name in plan.quarantine:
        (home.quarantine(plan.agreement) / name).unlink(missing_ok=True)
    for path in home.published.glob(".staging-*"):
        shutil.rmtree(path, ignore_errors=True)
    for table in (table for table in TABLES.values() if (store.folder / table.name).is_dir()):
        with store.staging(table.name):  # to open a new one clears away what killed loads left
            pass
        if rests_on_persons(table):
            _clear_unowned(store, table.name)
    sweep_held(home, read_agreement(home.agreement_path(plan.agreement)).terms, Month.parse(plan.before), plan.id)
    _mark(home, plan)
    home.ledger(plan.agreement).record_destruction(plan.id, plan.before, plan.releases)


def _clear_unowned(store: Store, table: str) -> None:
    """A first load that was killed leaves files in place, and no version that would own them or be cleared."""
    with store.writing(table):
        if store.version(table) is None:
            for folder in (store.folder / table).glob("*=*"):
                shutil.rmtree(folder)
            for path in (store.folder / table).glob("*.parquet"):
                path.unlink()


def _mark(home: Home, plan: Plan) -> None:
    """A signed notice beside each release and pack that rests on what is gone, in the catalogue and on the pages."""
    says = (
        f"Records of {plan.months} that this rests on were destroyed on {today()} (certificate {plan.id}). It stands as published, and "
        "cannot be made again."
    )
    key = home.release_key()
    for release in plan.releases:
        write_notice(home.published / release, {"release": release, "certificate": plan.id, "says": says}, key)
    for pack in sorted((home.folder / "packs").glob("*/history.jsonl")):
        held = "".join(path.read_text(encoding="utf-8") for path in sorted(pack.parent.rglob("*.json")))
        if any(release in held for release in plan.releases):
            write_notice(pack.parent, {"pack": pack.parent.name, "certificate": plan.id, "says": says}, key)
    catalogue = read_catalogue(home.published, {home.public_key()})
    if catalogue is not None and plan.releases:
        marked = notices(home.published, home.public_key())
        write_catalogue(catalogue.model_copy(update={"notices": marked}), home.published, key)
    # A page may rest on a release that was never published by itself.
    mark_pages(home, dict.fromkeys(home.ledger(plan.agreement).reaching_before(Month.parse(plan.before)), says))
