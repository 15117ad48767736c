"""What a reader must know beside a figure: how it was made, what was left out, and whether the data are made up."""

from collections.abc import Sequence

from farr.lab.engine.store import Store
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.model.period import Month, Period


def notes(
    store: Store, measure: Measure, period: Period, held: Sequence[Month], hidden: int, *, pooled: bool, monthly: bool
) -> tuple[str, ...]:
    found: list[str] = []
    if is_synthetic(store):
        found.append("Synthetic data: every person, stay and organisation here is made up.")
    found.append("Counts are rounded, and rates, intervals, ranks and limits are worked out from the rounded counts.")
    if hidden:
        counted = "they are left out of the norm too" if pooled else "they do count in the norm"
        found.append(f"{hidden} of the organisations compared are not shown, because of small numbers; {counted}.")
    if measure.kind is MeasureKind.RATE_PER_HEAD:
        found.append(f"Denominator: people registered with practices in each month of {period}, as person-years.")
    if not monthly:
        found.append("Completeness is the whole country's: a month of so small an organisation would hold too few people.")
    missing = [month for month in period.months() if month not in held]
    if missing:
        found.append(f"No records are held for {', '.join(str(month) for month in missing)}.")
    if measure.follow_up_months and held[-1] < period.last.plus(measure.follow_up_months):
        found.append(f"This measure needs {measure.follow_up_months} months after the period, and they are not all held: it is too low.")
    if measure.signed_off_by is None:
        found.append("The clinical rule of this measure has not been signed off yet.")
    return tuple(found)


def is_synthetic(store: Store) -> bool:
    """Whether any load of the records was declared synthetic by its sender."""
    return any(record.get("synthetic") for record in store.history("apc_episode"))
