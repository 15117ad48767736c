"""Lines that are planned together: where a plan names some specialties and leaves the others in one sum, these are one line beside it."""

from collections.abc import Sequence
from typing import Any

from farr.lab.planning.contract_plan import WHOLE
from farr.lab.planning.variance import variance

Row = dict[str, Any]


def together(rows: Sequence[Row]) -> list[Row]:
    """The rows of a contract (PlanAgainstActual.rows; the last is the whole), with all that have no plan of their own as the one line ALL,
    where part of the plan is there: the whole less the lines that have one. Hidden where one of these is, or the whole. The same rows
    where no plan is together."""
    *lines, whole = rows
    shared = next((row for row in lines if row["line"] == WHOLE and row["planned"] > 0), None)
    if shared is None:
        return list(rows)
    own = [row for row in lines if row["line"] != WHOLE and row["year_planned"] > 0]
    return [*own, _rest(shared, own, whole), whole]


def _rest(shared: Row, own: Sequence[Row], whole: Row) -> Row:
    figures = ("activity", "paid", "price")
    if any(row[each] is None for row in (*own, whole) for each in figures):
        empty = dict.fromkeys(("activity", "paid", "variance", "volume", "casemix", "price", "forecast", "forecast_variance"))
        return {**shared, **empty, "status": "suppressed"}
    left = {each: whole[each] - sum(row[each] for row in own) for each in figures}
    # Rounded apart, a rest of nothing may come out below it.
    spells, paid = max(left["activity"], 0.0), max(left["paid"], 0.0)
    parts = variance(
        planned_activity=shared["planned_activity"], planned_finance=shared["planned"], activity=spells, paid=paid,
        at_tariff=paid - left["price"],
    )  # fmt: skip
    forecast = paid + (shared["year_planned"] - shared["planned"]) * paid / shared["planned"]
    return {
        **shared, "activity": spells, "paid": paid, "variance": float(parts.total), "volume": float(parts.volume),
        "casemix": float(parts.casemix), "price": float(parts.price), "forecast": forecast,
        "forecast_variance": forecast - shared["year_planned"], "status": whole["status"],
    }  # fmt: skip
