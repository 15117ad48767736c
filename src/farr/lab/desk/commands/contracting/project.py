"""farr project and farr mitigations: what activity, beds and money come to over the years, and what might be done about it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.projecting import Projected, latest_year, project_organisation
from farr.lab.desk.contracting.projection_files import write_projection
from farr.lab.desk.desk import Desk
from farr.lab.desk.opportunity.finding import find, mitigations_of
from farr.lab.measures.released_rows import UNKNOWN
from farr.lab.model.period import Period
from farr.lab.planning.opportunity.mitigating import PREFIX, measure_of
from farr.lab.planning.projection.cells import POINTS_OF_DELIVERY
from farr.lab.planning.projection.drivers import NON_DEMOGRAPHIC_GROWTH, waiting_list
from farr.lab.planning.projection.mitigation import Mitigation, chosen, declared
from farr.lab.planning.projection.settings import Settings
from farr.lab.planning.projection.tables import ALL, APPOINTMENTS, SPELLS
from farr.lab.planning.projection.uncertain import ProjectionError, Uncertain, parse_range
from farr.lab.planning.projection_questions import LEVELS

console = Console()
_SHORTEST_NAME = 5
_Rows = dict[tuple[int, str, str], Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """Figures are divided by `scale` and written in `form`; `name` says so."""

    name: str
    scale: float
    form: str


_ONE = _Unit(name="", scale=1.0, form=",.0f")
_SITE_NOT_SENT = "not sent"
_ROUND = "Medians of runs; in brackets 80% of runs. Counts that were not released are estimated from released totals."


MitigateOption = Annotated[
    list[str] | None, typer.Option(help="A mitigation (farr mitigations), or opportunity:MEASURE; again for more.", show_default=False)
]
BaselineOption = Annotated[
    str | None, typer.Option(help="The baseline's twelve months; else the latest, 2024-04..2025-03.", show_default=False)
]
WaitingOption = Annotated[
    str | None, typer.Option(help="Elective care needed in the end for the waiting list, times today's: 1.00..1.10.", show_default=False)
]
OutsideOption = Annotated[
    list[str] | None,
    typer.Option(help="How a setting outside hospital grows beside its people, a year: prescribing=1.00..1.02.", show_default=False),
]
VariantOption = Annotated[
    list[str] | None, typer.Option(help="A variant of the people projected, with its weight: principal=0.6.", show_default=False)
]


def mitigations() -> None:
    """List what might be done so that less activity, or shorter stays, are needed.

    Example: farr mitigations
    """
    for name, each in declared().items():
        share = f"{each.strength.low:.0%} to {each.strength.high:.0%} {each.effect.value}, whole in year {each.full}"
        unverified = f" Not verified: {each.unverified}" if each.unverified else ""
        console.print(f"[bold]{name}[/bold]: {each.title}, {share}")
        console.print(f"  Of: {each.population}.\n  Why: {each.why}\n  Evidence: {each.evidence}.{unverified}\n")
    console.print("None has been signed off by a clinician. Example: farr project --organisation 90L --mitigate day_case_conversion")


def project(
    organisation: Annotated[str, typer.Option(help="Whose activity: a provider, commissioner or region; or national.")],
    *,
    years: Annotated[int, typer.Option(help="Years beyond the baseline, 1 to 30.")] = 10,
    mitigate: MitigateOption = None,
    runs: Annotated[int, typer.Option(min=1, max=10_000, help="Runs, from which medians and intervals are taken.")] = 256,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same figures.")] = 1,
    period: BaselineOption = None,
    level: Annotated[str | None, typer.Option(help=f"Where the code has several: {', '.join(LEVELS)}.", show_default=False)] = None,
    occupancy: Annotated[float, typer.Option(help="Share of beds in use.")] = 0.85,
    waiting: WaitingOption = None,
    prices: Annotated[str, typer.Option(help="What is paid for one item, times the year before (P10..P90).")] = "1.015..1.025",
    costs: Annotated[str, typer.Option(help="What one costs to give, likewise.")] = "1.02..1.035",
    funding: Annotated[str, typer.Option(help="The money there is, likewise.")] = "1.025..1.035",
    hospital_only: Annotated[bool, typer.Option("--hospital-only", help="Leave care outside hospital out, though it is held.")] = False,
    growth_outside: OutsideOption = None,
    variant: VariantOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write everything to this file (.csv or .xlsx).", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Project an organisation's activity, beds and money over years, and say what the change is made of.

    Care outside hospital is projected too, where local feeds of a commissioner are held (farr total-cost --help).
    Ranges are 10th and 90th percentiles (P10..P90). Growth of prices, costs and funding are parameters, not forecasts.

    Example: farr project --organisation 90L --years 10 --mitigate day_case_conversion --out 90L.xlsx
    """
    settings = Settings(
        years=years, occupancy=occupancy, price=parse_range(prices), cost=parse_range(costs), funding=parse_range(funding),
        drivers=(*NON_DEMOGRAPHIC_GROWTH, *((waiting_list(parse_range(waiting), years),) if waiting else ())),
    )  # fmt: skip
    settings = replace(settings, variants=_weights(variant)) if variant else settings
    outside = None if hospital_only else _ranges(growth_outside or ())
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    span = Period.parse(period) if period else latest_year(desk)
    at = desk.level(organisation, level)
    with progress("Projecting") as said:
        found = project_organisation(
            desk, organisation=organisation, level=at, period=span, settings=settings, runs=runs, seed=seed, growth_outside=outside,
            mitigations=_wanted(desk, mitigate or [], organisation, at, span, said), said=said,
        )  # fmt: skip
    _print(found, desk.organisations.of_level(at).get(organisation, ""))
    if out is not None:
        console.print(f"Written: {', '.join(map(str, write_projection(found, out)))}", soft_wrap=True)


def _wanted(
    desk: Desk, names: Sequence[str], organisation: str, level: str, period: Period, said: Callable[[str], None]
) -> tuple[Mitigation, ...]:
    """The declared mitigations of these names, and opportunities of the organisation as such. Raises FarrError of some kind."""
    wanted = chosen([each for each in names if not each.startswith(PREFIX)])
    opportune = [measure_of(each) for each in names if each.startswith(PREFIX)]
    if not opportune:
        return wanted
    return (*wanted, *mitigations_of(find(desk, organisation, period=period, level=level, only=opportune, said=said), opportune))


def _ranges(said: Sequence[str]) -> dict[str, Uncertain]:
    return {name: parse_range(written) for name, _, written in (each.partition("=") for each in said)}


def _weights(said: Sequence[str]) -> dict[str, float]:
    try:
        return {name: float(weight) for name, _, weight in (each.partition("=") for each in said)}
    except ValueError:
        raise ProjectionError(f"'{' '.join(said)}' are no variants with weights; write --variant principal=0.6 --variant low=0.4") from None


def _print(found: Projected, name: str) -> None:
    rows: _Rows = {(row["year"], row["measure"], row["point_of_delivery"]): row for row in found.years.table.to_pylist()}
    money = _pounds(rows[0, "payments", ALL]["median"])
    console.print(f"[bold]{found.organisation} {name}[/bold] from {found.period}: {found.runs} runs, seed {found.seed}", soft_wrap=True)
    for table in (_activity(found, rows), _money(found, rows, money), _deliveries(found, rows), *_sites(found), _causes(found, money)):
        console.print(table)
    console.print(_busiest(found))
    console.print("\n".join((_ROUND, *found.notes)))


def _activity(found: Projected, rows: _Rows) -> Table:
    kinds = (("activity", SPELLS, "Spells"), ("activity", APPOINTMENTS, "Appts"), ("activity", "AE", "A&E"), ("beds", ALL, "Beds"))
    units = {(measure, of): _items(rows[0, measure, of]["median"]) for measure, of, _ in kinds if (0, measure, of) in rows}
    lines = [
        [_begins(rows, year)[2:], *(_ranged(rows.get((year, measure, of)), units.get((measure, of), _ONE)) for measure, of, _ in kinds)]
        for year in range(found.settings.years + 1)
    ]
    return _table(
        "Activity and beds by year", ["Year", *(f"{title}{units.get((measure, of), _ONE).name}" for measure, of, title in kinds)], lines
    )


def _money(found: Projected, rows: _Rows, money: _Unit) -> Table:
    """What is set against what is paid: for who pays the money there is, for who is paid what it costs."""
    is_provider = found.level == "provider"
    balance, words = ("deficit", "deficit: cost less what is paid") if is_provider else ("gap", "gap: paid less funding")
    lines = [
        [
            _begins(rows, year), _ranged(rows[year, "payments", ALL], money), _ranged(rows[year, "cost", ALL], money),
            _middle(rows[year, "funding", ALL], money), _ranged(rows[year, balance, ALL], money, sign="+"),
        ]
        for year in range(found.settings.years + 1)
    ]  # fmt: skip
    heading = f"Money by year,{money.name} ({words})"
    return _table(heading, ["Year", "Paid", "Cost", "Funding", balance.capitalize()], lines)


def _deliveries(found: Projected, rows: _Rows) -> Table:
    last, lines = found.settings.years, list[list[str]]()
    for pod, title in POINTS_OF_DELIVERY.items():
        if (0, "activity", pod) in rows:
            now, unmitigated, then = rows[0, "activity", pod], rows[last, "unmitigated_activity", pod], rows[last, "activity", pod]
            days = [rows[year, "bed_days", pod] for year in (0, last)]
            lines.append([title, _middle(now), _middle(unmitigated), _ranged(then, _ONE), *(_middle(each) for each in days)])
    return _table(f"By point of delivery, year {last}", ["", "now", "unmitigated", "then", "days now", "days then"], lines)


def _sites(found: Projected) -> Iterator[Table]:
    """Medians of every year, site by site."""
    if found.sites is None:
        return
    rows: list[dict[str, Any]] = found.sites.table.to_pylist()
    medians = {(row["site"], row["year"], row["measure"]): row["median"] for row in rows}
    kinds = {"spells": "Spells", "appointments": "Appts", "attendances": "A&E", "beds": "Beds"}
    money = _pounds(max(row["median"] for row in rows if row["measure"] == "payments"))
    lines = [
        [
            _SITE_NOT_SENT if site == UNKNOWN else site, f"{begins}/{(begins + 1) % 100:02d}",
            *(format(medians[site, year, kind], ",.0f") for kind in kinds),
            format(medians[site, year, "payments"] / money.scale, money.form),
        ]
        for site, year, begins in dict.fromkeys((row["site"], row["year"], row["begins"]) for row in rows)
    ]  # fmt: skip
    yield _table("By site and year, medians", ["Site", "Year", *kinds.values(), f"Paid{money.name}"], sorted(lines))


def _causes(found: Projected, money: _Unit) -> Table:
    """Means of runs, which add up."""
    means = {(row["measure"], row["cause"]): row["mean"] for row in found.waterfall.table.to_pylist() if row["point_of_delivery"] == ALL}
    measures = (("bed days", _ONE), ("payments", money), ("gap", money))
    causes = dict.fromkeys(cause for measure, cause in means if measure in dict(measures))
    lines = [[cause, *(_signed(means.get((measure, cause)), unit) for measure, unit in measures)] for cause in causes]
    totals = [sum(each for (measure, _), each in means.items() if measure == wanted) for wanted, _ in measures]
    lines.append(["All", *(_signed(total, unit) for total, (_, unit) in zip(totals, measures, strict=True))])
    heading = f"Causes, year {found.settings.years},{money.name} (means)"
    return _table(heading, ["Cause", "bed days", "paid", "gap"], lines)


def _busiest(found: Projected) -> str:
    last = [row for row in found.months.table.to_pylist() if row["series"] == "beds" and row["year"] == found.settings.years]
    most = max(last, key=lambda row: row["median"])
    return f"Busiest month of year {found.settings.years}: {most['month']}, with {_ranged(most, _ONE)} beds."


def _table(title: str, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=0)
    # Figures keep their width; names give way.
    widths = [max(len(heading), *(len(line[place]) for line in lines)) for place, heading in enumerate(headings)]
    room = console.width - sum(widths[1:]) - len(headings) - 1  # a space between columns, and one on each side
    table.add_column(headings[0], max_width=max(_SHORTEST_NAME, room))  # names are folded: their ends tell them apart
    for heading, width in zip(headings[1:], widths[1:], strict=True):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    for line in lines:
        table.add_row(*line)
    return table


def _items(most: float) -> _Unit:
    return _ONE if most < 10_000 else _Unit(name=" 000", scale=1e3, form=",.1f") if most < 1e7 else _Unit(name=" m", scale=1e6, form=",.1f")


def _pounds(most: float) -> _Unit:
    if most < 1e6:
        return _Unit(name=" £000", scale=1e3, form=",.1f")
    if most < 1e9:
        return _Unit(name=" £m", scale=1e6, form=",.2f" if most < 1e8 else ",.1f")
    return _Unit(name=" £bn", scale=1e9, form=",.2f")


def _begins(rows: _Rows, year: int) -> str:
    begins = int(rows[year, "payments", ALL]["begins"])
    return f"{begins}/{(begins + 1) % 100:02d}"


def _middle(row: Mapping[str, float], unit: _Unit = _ONE) -> str:
    return format(row["median"] / unit.scale, unit.form)


def _ranged(row: Mapping[str, float] | None, unit: _Unit, sign: str = "") -> str:
    if row is None:
        return "-"
    low, middle, high = (format(row[name] / unit.scale, f"{sign}z{unit.form}") for name in ("low_80", "median", "high_80"))
    return middle if low == high else f"{middle} ({low}{' ' if sign else '-'}{high})"


def _signed(figure: float | None, unit: _Unit) -> str:
    return "" if figure is None else format(figure / unit.scale, f"+z{unit.form}")
