"""Two feeds of one organisation compared, as the statement that readers of both agreements are shown.

A figure of a month or a point of delivery stands only where both homes show theirs: what the one hides is not told by the other.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np

from farr.lab.desk import plain
from farr.lab.desk.charts.contracting import two_feeds, waterfall
from farr.lab.desk.contracting.feeds_compared.asking import CLIENT, NATIONAL, Compared
from farr.lab.desk.contracting.feeds_compared.files import CHECKS, DELIVERIES, MONTHS, check_rows
from farr.lab.desk.contracting.stated.making import Row, Said, Subject, chart, part, stated
from farr.lab.desk.contracting.stated.words import money, share, signed, thousands, whole
from farr.lab.model.showing.page import Chart, Column, Figure, Sheet
from farr.lab.model.showing.statement import Also, Part, Statement
from farr.lab.planning.feeds_compared.check import Verdict
from farr.lab.planning.projection.cells import POINTS_OF_DELIVERY

KIND = "feeds_compared"
TITLE = "Two feeds compared"
_WHY = "Before a local feed is relied on, it is worth knowing where it says what the national one says, and where it does not."
_SOURCE = "Farr's checks of feeds, each with its source; docs/feeds-compared.md"
_CAUSES = {
    "volume": "More or fewer spells, at the national feed's average price",
    "casemix": "Another mix of groups, at the national feed's prices",
    "price": "Other prices for the same groups",
}  # fmt: skip
NOT_HELD = "not held"


def statement_of(
    found: Compared, names: Mapping[str, str], also: tuple[Also, ...], *, made_at: str, is_synthetic: bool
) -> Statement:  # fmt: skip
    """The statement of one organisation. `also` is the client's agreement, where it is another than the national one's."""
    months = _months(found)
    subject = Subject(
        kind=KIND, name=KIND, title=TITLE, why=_WHY, source=_SOURCE, level=found.level, organisation=found.organisation,
        organisation_name=names.get(found.organisation, found.organisation), period=found.period, made_at=made_at,
        is_synthetic=is_synthetic, also=also,
    )  # fmt: skip
    said = Said(
        finding=found.trust[0].rstrip("."), facts=_facts(found), charts=_charts(found, months),
        parts=[_checks(found), *_deliveries(found), _month_part(months)], sheets=_sheets(found, months), notes=_notes(found, also),
        explained=[("Trust", line) for line in found.trust[1:]] + [("Feed", f"{name}. {text}") for name, text in found.provenance],
    )  # fmt: skip
    return stated(subject, said, [*found.releases[NATIONAL], *found.releases[CLIENT]])


def _facts(found: Compared) -> tuple[Figure, ...]:
    verdicts = [each.verdict for _, each in found.checks]
    known = sum(each is not Verdict.UNKNOWN for each in verdicts)
    spells, pounds = (tuple(_figure(each) for each in pair) for pair in (found.pair.spells, found.pair.pounds))
    return (
        Figure(
            label="Checks that differ", figure=str(verdicts.count(Verdict.DIFFERS)),
            note=f"of {known} that could be judged; {len(verdicts) - known} could not",
        ),
        Figure(label="Months in both", figure=str(len(found.pair.shared)), note=_apart(found)),
        Figure(label="Spells, client's", figure=whole(spells[1]), note=f"national {whole(spells[0])}, over months that both show"),
        Figure(label="Pounds, client's", figure=money(pounds[1]), note=f"national {money(pounds[0])}, over months that both show"),
    )  # fmt: skip


def _apart(found: Compared) -> str:
    lacking = {CLIENT: found.pair.only_national, NATIONAL: found.pair.only_client}
    said = [f"not in {feed}: {', '.join(map(plain.month, months))}" for feed, months in lacking.items() if months]
    return "; ".join(said) or "each holds every month that the other holds"


def _charts(found: Compared, months: list[Row]) -> list[Chart]:
    period = plain.period(found.period)
    drawn = list[Chart]()
    if any(row["national_spells"] is not None or row["client_spells"] is not None for row in months):
        series = {"National feed": [row["national_spells"] for row in months], "Client's feed": [row["client_spells"] for row in months]}
        spec = two_feeds.spec([row["month"] for row in months], series, title=_of_months(found), subtitle=f"Spells by month, {period}")
        drawn.append(chart("months", spec))
    causes = {cause: _added(found, cause) for cause in _CAUSES}
    amounts = {cause: pounds for cause, pounds in causes.items() if pounds is not None}
    if len(amounts) == len(_CAUSES):
        steps = [
            waterfall.Step(label=cause.capitalize(), adds=pounds, says=f"{cause} {signed(pounds)}") for cause, pounds in amounts.items()
        ]
        total = sum(amounts.values())
        largest = max(amounts, key=lambda cause: abs(amounts[cause]))
        more = "neither more nor less" if round(total) == 0 else f"{money(abs(total))} {'more' if total > 0 else 'less'}"
        spec = waterfall.spec(
            steps, whole=waterfall.Step(label="Client's less national", adds=total, says=f"in all {signed(total)}"),
            title=f"The client's feed has {more}, most by {largest}", scale=1000, axis="£ thousands",
            subtitle=f"Why pounds differ, over groups that both feeds show, {period}",
        )  # fmt: skip
        drawn.append(chart("causes", spec))
    return drawn


def _of_months(found: Compared) -> str:
    apart = _apart(found)
    return "Both feeds hold the same months" if not found.pair.only_national and not found.pair.only_client else f"N{apart[1:]}"


def _added(found: Compared, cause: str) -> float | None:
    """Over points of delivery of which it is known; None where it is of none."""
    known = [row[cause] for row in found.deliveries.to_pylist() if row[cause] is not None]
    return sum(known) if known else None


def _checks(found: Compared) -> Part:
    titles = {check.name: check.title for check, _ in found.checks}
    return part(
        "checks", "Checks", " ".join(found.trust[1:]) or "Nothing differs by more than it may.", heading="Check",
        columns=("About", "Verdict", "What was found", "May differ by"), rows=check_rows(found), named=lambda row: titles[row["check"]],
        cells=lambda row: (row["about"], row["verdict"], row["says"], _tolerance(row)),
    ).model_copy(update={"is_words": True})  # fmt: skip


def _tolerance(row: Row) -> str:
    return f"{row['tolerance']:.0%} {row['measured']}" if row["tolerance"] else f"no {row['measured']}"


def _deliveries(found: Compared) -> list[Part]:
    rows = found.deliveries.to_pylist()
    causes = _CAUSES if any(row[cause] is not None for row in rows for cause in _CAUSES) else {}
    columns = ("Spells", "Client's", "Change", "£000", "Client's £000", "Change of £", *(f"{cause.capitalize()} £000" for cause in causes))
    why = " ".join(f"{cause.capitalize()}: {text[0].lower()}{text[1:]}." for cause, text in causes.items())
    says = "Over the months that both show. " + (why or "Why pounds differ cannot be shown: no groups are shown on both sides.")
    return [
        part(
            "deliveries", "By point of delivery", says, heading="Point of delivery", columns=columns, rows=rows,
            named=lambda row: POINTS_OF_DELIVERY.get(str(row["point_of_delivery"]), str(row["point_of_delivery"])),
            cells=lambda row: (
                whole(row["national_spells"]), whole(row["client_spells"]), share(row["spells_change"]), thousands(row["national_paid"]),
                thousands(row["client_paid"]), share(row["paid_change"]), *(thousands(row[cause], sign="+") for cause in causes),
            ),
        )
    ] if rows else []  # fmt: skip


def _month_part(months: list[Row]) -> Part:
    return part(
        "months", "By month", "Spells of each feed; shown where both show theirs, or where one has none.", heading="Month",
        columns=("National", "Client's", "Change"), rows=months, named=lambda row: plain.month(row["month"]),
        cells=lambda row: (_held(row, "national"), _held(row, "client"), share(row["spells_change"]) if row["both"] else ""),
    )  # fmt: skip


def _held(row: Row, side: str) -> str:
    return whole(row[f"{side}_spells"]) if row[f"{side}_holds"] else NOT_HELD


def _months(found: Compared) -> list[Row]:
    """A row a month of either feed: a figure where both show one, or where the other feed has none of the month."""
    one, two = found.pair.national.months, found.pair.client.months
    rows = list[Row]()
    for month in sorted({*one, *two}):
        held = [side[month] for side in (one, two) if month in side]
        is_shown = bool(np.isfinite(held).all())
        first, second = ((side.get(month) if is_shown else None) for side in (one, two))
        change = second / first - 1 if first and second is not None else None
        rows.append(
            {
                "month": month, "national_spells": first, "client_spells": second, "spells_change": change, "national_holds": month in one,
                "client_holds": month in two, "both": len(held) > 1, "point_of_delivery": None,
            }
        )  # fmt: skip
    return rows


def _sheets(found: Compared, months: list[Row]) -> list[Sheet]:
    rows: tuple[tuple[str, tuple[Column, ...], list[Any]], ...] = (
        ("Checks", CHECKS, check_rows(found)), ("Deliveries", DELIVERIES, found.deliveries.to_pylist()), ("Months", MONTHS, months),
    )  # fmt: skip
    return [
        Sheet(name=name, columns=columns, rows=tuple(tuple(row[column.field] for column in columns) for row in every))
        for name, columns, every in rows
    ]


def _notes(found: Compared, also: tuple[Also, ...]) -> list[str]:
    own = {each.manifest.agreement for each in chain.from_iterable(found.releases.values())} - {each.agreement for each in also}
    read = f"Who reads this has access under the agreements {' and '.join(sorted(own | {each.agreement for each in also}))}."
    return [
        "The same questions were put to two homes, and each let out what its own gate allows; records and people were not matched.",
        "Volume, casemix and price add up to what the feeds differ by in groups that both show, of all months that each holds.",
        *found.notes, *([read] if also else []),
    ]  # fmt: skip


def _figure(value: float) -> float | None:
    return value if np.isfinite(value) else None
