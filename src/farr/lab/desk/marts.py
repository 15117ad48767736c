"""Building the marts of a store: every declared mart, from the tables as they are now."""

from collections.abc import Callable

from farr.lab.desk.home import Home, code_version
from farr.lab.engine.build import build
from farr.lab.marts.mart import Mart
from farr.lab.model.discover import discover
from farr.lab.model.table import TableKind


def build_marts(home: Home, agreement: str, said: Callable[[str], None]) -> dict[str, int]:
    """Rebuilds every mart of which all that it must read is loaded, and gives their new versions; `said` hears what happens.

    Raises AgreementError, before anything is built, where records are held of a dataset that the agreement does not cover."""
    store, marts = home.store(agreement), discover("farr.lab.marts.definitions", Mart)
    for table in (table for mart in marts.values() for table in mart.reads):
        if table.person is not None and store.version(table.name) is not None:
            home.agreement(agreement).check_dataset(table.name)
    built: dict[str, int] = {}
    for name, mart in marts.items():
        lacking = [table.name for table in mart.reads if _must_be_loaded(mart, table.name) and store.version(table.name) is None]
        if lacking:
            said(f"{name}: not built, because {', '.join(lacking)} was never ingested")
            continue
        built[name] = build(store, mart.table, mart.expression(), mart.reads, {"code_version": code_version()})
        said(f"{name}: {store.rows(name):,} rows, {len(store.months(name))} months, version {built[name]}")
    return built


def _must_be_loaded(mart: Mart, name: str) -> bool:
    # What a mart partitions by month comes from tables held by month; the rest adds names and prices where it is known.
    return any(table.name == name and (table.kind is TableKind.STAGED or table.month is not None) for table in mart.reads)
