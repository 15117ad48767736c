"""What a store holds that notes beside figures speak of, read once for many figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from farr.lab.desk.holdings.submissions import Submission, submissions
from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.table import TableKind
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.reference import HRG_TRIM_POINT, NATIONAL_PRICE


@dataclass(frozen=True, kw_only=True)
class Held:
    """`is_synthetic`: some load was declared made up by its sender; `sent` the latest sending of each month by table of records;
    `tariff_years` those held of trim points and of prices, by table; `months` those held by table."""

    is_synthetic: bool
    sent: Mapping[str, Mapping[Month, Submission]]
    tariff_years: Mapping[str, frozenset[str]]
    months: Mapping[str, tuple[Month, ...]]


def read_held(store: Store) -> Held:
    staged = [name for name, table in TABLES.items() if table.kind is TableKind.STAGED]
    return Held(
        is_synthetic=any(record.get("synthetic") for name in staged for record in store.history(name)),
        sent={name: submissions(store, name) for name in staged},
        tariff_years={
            table.name: frozenset(read_reference(store, table)["Tariff_Year"].to_pylist()) for table in (HRG_TRIM_POINT, NATIONAL_PRICE)
        },
        months={name: tuple(store.months(name)) for name, table in TABLES.items() if table.month is not None},
    )
