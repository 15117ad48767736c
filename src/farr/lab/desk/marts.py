"""Building the marts of a store: every declared mart, from the tables as they are when it begins."""

from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import version as installed

from farr.lab.desk.home import Home, code_version
from farr.lab.engine.build import Built, Extent, build, lacking
from farr.lab.engine.change import standing
from farr.lab.engine.engines.engine import Engine
from farr.lab.engine.store import Store
from farr.lab.marts.mart import Mart
from farr.lab.model.discover import DeclarationError, discover
from farr.lab.model.period import Month
from farr.lab.model.table import TableKind

_MONTHS_NAMED = 6
NOTHING_ELSE: Mapping[str, str] = {}


def build_marts(
    home: Home, agreement: str, said: Callable[[str], None], *, whole: bool = False, store: Store | None = None
) -> dict[str, Built]:
    """Brings every mart up to date of which all that it must read is held, and gives what each build came to; `said` hears what
    happens. `whole` builds them from scratch; `store` is the agreement's where the caller holds it already.

    All rest on the versions that are live when this begins, so a load in the meantime enters none of them. Raises
    AgreementError, before anything is built, where records are held of a dataset that the agreement does not cover."""
    store, marts = store or home.store(agreement), in_order(discover("farr.lab.marts.definitions", Mart))
    reads = {table.name: table for mart in marts.values() for table in mart.reads}
    at = {name: store.version(name) for name in reads}
    for name in (name for name, table in reads.items() if table.kind is TableKind.STAGED and at[name] is not None):
        home.agreement(agreement).check_dataset(name)
    built: dict[str, Built] = {}
    for name, mart in marts.items():
        missing = lacking(mart.reads, mart.may_lack, at)
        if missing:
            said(f"{name}: not built, because {', '.join(table.name for table in missing)} is not held")
            continue
        built[name] = _build(store, mart, at, whole, home.engine())
        at[name] = built[name].version
        said(_sentence(store, mart, built[name], [table.name for table in mart.reads if at[table.name] is None]))
    return built


def bring_up_to_date(home: Home, agreement: str, mart: Mart, made_of: Mapping[str, str]) -> Built:
    """Builds one mart that is made when it is asked for; `made_of` says what else it hangs on, and is written to its record.

    Raises StoreError where a table that it must read was never loaded."""
    store = home.store(agreement)
    at = {table.name: store.version(table.name) for table in mart.reads}
    return _build(store, mart, at, False, home.engine(), made_of)


def _build(
    store: Store, mart: Mart, at: Mapping[str, int | None], whole: bool, engine: Engine, made_of: Mapping[str, str] = NOTHING_ELSE
) -> Built:
    record = {**_made_by(), **made_of}
    stands = None if whole else standing(store, mart.table, mart.reads, at, record)
    if stands is not None:
        return Built(version=stands, extent=Extent.NOTHING)
    return build(
        store, mart.table, mart.expression, mart.reads, record,
        may_lack=mart.may_lack, history=mart.history, reach=mart.reach, at=at, whole=whole, engine=engine,
    )  # fmt: skip


def _made_by() -> dict[str, str]:
    """What writes a mart's rule out: the same text, and so the same rows, of the same declarations."""
    return {"code_version": code_version(), "written_by": ", ".join(f"{name} {installed(name)}" for name in ("ibis-framework", "sqlglot"))}


def in_order(marts: Mapping[str, Mart]) -> dict[str, Mart]:
    """The marts, each after those that it reads. Raises DeclarationError where two read one another."""
    sorter = TopologicalSorter({name: [table.name for table in mart.reads if table.name in marts] for name, mart in marts.items()})
    try:
        return {name: marts[name] for name in sorter.static_order()}
    except CycleError as error:
        circle = " reads ".join(reversed(error.args[1]))
    raise DeclarationError(f"these marts cannot be built, because each waits for the next: {circle}; take one out of another's `reads`")


def _sentence(store: Store, mart: Mart, built: Built, absent: Sequence[str]) -> str:
    rows, months = store.rows(mart.name, built.version), len(store.months(mart.name, built.version))
    held = f"{rows:,} rows, {months} months, version {built.version}"
    without = f"; without {', '.join(absent)}, not held" if absent else ""
    return f"{mart.name}: {held}; {_done(built)}{without}"


def _done(built: Built) -> str:
    if built.extent is Extent.WHOLE:
        return f"built whole, because {built.why}"
    if built.extent is Extent.NOTHING:
        return "nothing to do, for nothing that it reads has changed"
    return f"written: {_named(built.months)}" if built.months else "no month of it differs"


def _named(months: Sequence[Month]) -> str:
    if len(months) <= _MONTHS_NAMED:
        return ", ".join(map(str, months))
    return f"{len(months)} months from {months[0]} to {months[-1]}"
