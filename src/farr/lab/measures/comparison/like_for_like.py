"""Like for like: which months of a period may be compared, and which are left out because somebody's records of them are not complete."""

from dataclasses import dataclass
from typing import Any

from farr.lab.measures.benchmark import MAY_BE_INCOMPLETE, Columns
from farr.lab.model.period import Month, Period


@dataclass(frozen=True, kw_only=True)
class LeftOutMonth:
    """A month that is not compared, and why, in words that can be shown."""

    month: Month
    reason: str


def months_to_compare(period: Period, own: Columns, nation: Columns) -> tuple[tuple[Month, ...], tuple[LeftOutMonth, ...]]:
    """The months kept, and those left out with the reason. `own`, `nation`: columns of `benchmark.completeness`.

    A month is left out where the organisation or the nation holds no records of it, so few that their number is hidden, or fewer than
    is usual and chance explains (status "may be incomplete"). One that cannot be assessed, for want of twelve months before it, is kept.
    """
    told = [(name, _by_month(columns)) for name, columns in (("of the organisation", own), ("nationally", nation))]
    kept: list[Month] = []
    left_out: list[LeftOutMonth] = []
    for month in period.months():
        reasons = [reason for name, rows in told if (reason := _reason(rows.get(str(month)), name)) is not None]
        if reasons:
            left_out.append(LeftOutMonth(month=month, reason="; ".join(reasons)))
        else:
            kept.append(month)
    return tuple(kept), tuple(left_out)


def earlier(period: Period, months: int) -> Period:
    """The same months so many months before: what a norm of `months_back` is asked over."""
    return Period(period.first.plus(-months), period.last.plus(-months))


def _by_month(columns: Columns) -> dict[str, dict[str, Any]]:
    rows = zip(*(columns[name] for name in ("month", "spells", "completeness", "status")), strict=True)
    return {month: {"rows": held, "share": share, "status": status} for month, held, share, status in rows}


def _reason(row: dict[str, Any] | None, name: str) -> str | None:
    if row is not None and row["status"] == "suppressed":
        return f"so few records {name} that their number is hidden"
    if row is None or row["rows"] is None:
        return f"no records {name} are held"
    if row["status"] == MAY_BE_INCOMPLETE:
        return f"{row['share']:.0%} of the usual records {name} are held"
    return None
