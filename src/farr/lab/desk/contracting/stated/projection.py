"""Ten years of an organisation: activity, beds and money with and without mitigations, and what the change is made of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from farr.lab.desk.charts.contracting import waterfall, years
from farr.lab.desk.contracting.projecting import Projected
from farr.lab.desk.contracting.stated.making import Row, Said, Subject, chart, part, sheet, stated
from farr.lab.desk.contracting.stated.words import beds, money, share, signed, thousands, whole
from farr.lab.measures.released_rows import UNKNOWN
from farr.lab.model.showing.page import Chart, Figure, Sheet
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.projection.assumptions import assumptions
from farr.lab.planning.projection.cells import POINTS_OF_DELIVERY
from farr.lab.planning.projection.tables import ALL, APPOINTMENTS, SPELLS

KIND = "projection"
_WHY = "What activity, beds and money come to where nothing changes but people, and where the mitigations that are named are carried out."
_SOURCE = (
    "The method of the New Hospital Programme's demand model (The Strategy Unit, MIT) on released margins, with money; causes by the "
    "logarithmic mean Divisia index (Ang, Energy Policy 2005, 33:867-871). Each assumption cites its own, in the table of assumptions"
)
_YEAR_SHEET = (
    ("year", "Year", "whole", 6), ("begins", "Begins", "whole", 8), ("measure", "Measure", "text", 22),
    ("point_of_delivery", "Point of delivery", "text", 18), ("low_95", "95% lower", "count", 14), ("low_80", "80% lower", "count", 14),
    ("median", "Median", "count", 14), ("high_80", "80% upper", "count", 14), ("high_95", "95% upper", "count", 14),
)  # fmt: skip
_CAUSE_SHEET = (
    ("measure", "Measure", "text", 14), ("point_of_delivery", "Point of delivery", "text", 18), ("cause", "Cause", "text", 30),
    ("mean", "Mean of runs", "count", 14), ("low_95", "95% lower", "count", 14), ("low_80", "80% lower", "count", 14),
    ("median", "Median", "count", 14), ("high_80", "80% upper", "count", 14), ("high_95", "95% upper", "count", 14),
)  # fmt: skip
_PART_SHEET = (
    ("year", "Year", "whole", 6), ("begins", "Begins", "whole", 8), ("by", "By", "text", 10), ("code", "Code", "text", 10),
    ("point_of_delivery", "Point of delivery", "text", 18), ("measure", "Measure", "text", 12), ("low_80", "80% lower", "count", 14),
    ("median", "Median", "count", 14), ("high_80", "80% upper", "count", 14),
)  # fmt: skip
_SITE_SHEET = (
    ("site", "Site", "text", 10), ("year", "Year", "whole", 6), ("begins", "Begins", "whole", 8), ("measure", "Measure", "text", 14),
    ("low_80", "80% lower", "count", 14), ("median", "Median", "count", 14), ("high_80", "80% upper", "count", 14),
)  # fmt: skip
_MONTH_SHEET = (
    ("month", "Month", "text", 10), ("series", "Series", "text", 24), ("low_80", "80% lower", "count", 14),
    ("median", "Median", "count", 14), ("high_80", "80% upper", "count", 14),
)  # fmt: skip
_SHOWN = (
    ("activity", SPELLS, "Spells"), ("activity", APPOINTMENTS, "Appointments"), ("activity", "AE", "A&E attendances"),
    ("beds", ALL, "Beds"),
)  # fmt: skip
_UNMITIGATED = "without mitigations"
_THOUSAND, _MILLION, _MANY = 1e3, 1e6, 1e7

_Years = Mapping[tuple[int, str, str], Row]


def projection_statement(found: Projected, *, name: str, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of an organisation's projection; `name` is the organisation's."""
    rows = {(row["year"], row["measure"], row["point_of_delivery"]): row for row in found.years.table.to_pylist()}
    subject = Subject(
        kind=KIND, name=KIND, title=f"The next {found.settings.years} years", why=_WHY, source=_SOURCE, level=found.level,
        organisation=found.organisation, organisation_name=name, period=found.period, made_at=made_at, is_synthetic=is_synthetic,
    )  # fmt: skip
    causes: list[dict[str, Any]] = found.waterfall.table.to_pylist()
    assumed = [("Runs", _runs(found)), *assumptions(found.settings, found.mitigations)]
    said = Said(
        finding=_finding(found, rows), facts=_facts(found, rows), charts=_charts(found, rows, causes),
        parts=_parts(found, rows, causes, assumed), sheets=_sheets(found, causes), notes=_notes(found), explained=assumed,
    )  # fmt: skip
    return stated(subject, said, [found.years, found.waterfall, found.breakdown, found.months, *([found.sites] if found.sites else [])])


def _runs(found: Projected) -> str:
    return f"{found.runs}, random seed {found.seed}: the same again give the same figures"


def _is_paid(found: Projected) -> bool:
    return found.level == "provider"


def _balance(found: Projected) -> tuple[str, str]:
    """What is set against what is paid, and what it means above nothing."""
    return ("deficit", "costs beyond what is paid") if _is_paid(found) else ("gap", "payments beyond funding")


def _finding(found: Projected, rows: _Years) -> str:
    last = found.settings.years
    now, then = rows[0, "beds", ALL]["median"], rows[last, "beds", ALL]["median"]
    row, mitigated = rows[last, _balance(found)[0], ALL], "with" if found.mitigations else "without"
    change = f"{beds(abs(then - now))} {'more' if then >= now else 'fewer'} beds ({share(_growth(now, then))})"
    against = f"{_meant(found, row['median'])} a year ({_ranged(row, signed)})"
    return f"In year {last}, {mitigated} mitigations: {change}, and {against}"


def _meant(found: Projected, balance: float) -> str:
    """'£9,000 paid beyond funding': for who pays the money there is, for who is paid what it costs."""
    more, less = ("of costs beyond what is paid", "paid beyond costs") if _is_paid(found) else ("paid beyond funding", "of funding left")
    return f"{money(abs(balance))} {more if balance >= 0 else less}"


def _growth(before: float, after: float) -> float | None:
    return after / before - 1 if before else None


def _facts(found: Projected, rows: _Years) -> tuple[Figure, ...]:
    last, (balance, meaning) = found.settings.years, _balance(found)
    facts: list[Figure] = []
    for measure, of, label in _SHOWN:
        if (0, measure, of) in rows:
            now, then = rows[0, measure, of], rows[last, measure, of]
            grown = share(_growth(now["median"], then["median"]))
            word = beds if measure == "beds" else whole
            facts.append(Figure(label=f"{label} in year {last}", figure=word(then["median"]), note=f"{grown}; {_ranged(then, word)}"))
    for measure, label in (("payments", "Paid"), (balance, balance.capitalize())):
        then = rows[last, measure, ALL]
        note = meaning if measure == balance else f"now {money(rows[0, measure, ALL]['median'])}"
        facts.append(Figure(label=f"{label} in year {last}", figure=money(then["median"]), note=f"{note}; {_ranged(then, money)}"))
    return tuple(facts)


def _ranged(row: Row, word: Any) -> str:
    return f"80% of runs {word(row['low_80'])} to {word(row['high_80'])}"


def _charts(found: Projected, rows: _Years, causes: Sequence[Row]) -> Iterator[Chart]:
    last = found.settings.years
    yield from _lines(found, rows)
    payments = [row for row in causes if row["measure"] == "payments" and row["point_of_delivery"] == ALL]
    if payments:
        total = sum(row["mean"] for row in payments)
        most = max(payments, key=lambda row: abs(row["mean"]))
        scale, unit = _money_unit(max(abs(total), abs(most["mean"])))
        steps = [waterfall.Step(label=_cause(row), adds=row["mean"], says=f"{_cause(row)} {signed(row['mean'])}") for row in payments]
        change = waterfall.Step(label="All", adds=total, says=f"All {signed(total)}")
        title = f"What is paid changes by {signed(total)}, most by {_cause(most).lower()}: {signed(most['mean'])}"
        subtitle = f"Causes of the change in what is paid from now to year {last}, means of runs, which add up"
        yield chart("causes", waterfall.spec(steps, whole=change, title=title, subtitle=subtitle, axis=f"{unit} a year", scale=scale))


def _cause(row: Row) -> str:
    text = str(row["cause"]).replace("_", " ")
    return text[:1].upper() + text[1:]


def _lines(found: Projected, rows: _Years) -> Iterator[Chart]:
    last, (balance, _) = found.settings.years, _balance(found)
    for measure, of, label in _SHOWN:
        if (0, measure, of) not in rows:
            continue
        now, then = rows[0, measure, of]["median"], rows[last, measure, of]["median"]
        unmitigated = [rows.get((year, f"unmitigated_{measure}", of)) for year in range(last + 1)] if found.mitigations else []
        word = beds if measure == "beds" else whole
        title = f"{label}: {word(now)} now, {word(then)} in year {last} ({share(_growth(now, then))})"
        made = years.spec(
            _points(found, rows, measure, of, 1.0), title=title, axis=label, subtitle="Median of runs; bands hold 80% and 95% of them",
            others={_UNMITIGATED: [each["median"] for each in unmitigated if each]},
        )  # fmt: skip
        yield chart(f"{measure}_{of}".lower(), made)
    paid = rows[last, "payments", ALL]["median"]
    scale, unit = _money_unit(paid)
    set_against = "cost" if balance == "deficit" else "funding"
    others = {set_against: [rows[year, set_against, ALL]["median"] / scale for year in range(last + 1)]}
    if found.mitigations:
        others[_UNMITIGATED] = [rows[year, "unmitigated_payments", ALL]["median"] / scale for year in range(last + 1)]
    title = f"Year {last}: {_meant(found, rows[last, balance, ALL]['median'])}"
    subtitle = f"What is paid (bands hold 80% and 95% of runs) and the {set_against}"
    made = years.spec(_points(found, rows, "payments", ALL, scale), title=title, subtitle=subtitle, axis=unit, others=others)
    yield chart("money", made)


def _points(found: Projected, rows: _Years, measure: str, of: str, scale: float) -> list[years.Point]:
    word = money if measure == "payments" else beds if measure == "beds" else whole
    made: list[years.Point] = []
    for year in range(found.settings.years + 1):
        row = rows[year, measure, of]
        ends = {name: row[name] / scale for name in ("low_95", "low_80", "median", "high_80", "high_95")}
        made.append(years.Point(year=int(row["begins"]), says=f"{_begins(row)}: {word(row['median'])}, {_ranged(row, word)}", **ends))
    return made


def _begins(row: Row) -> str:
    begins = int(row["begins"])
    return f"{begins}/{(begins + 1) % 100:02d}"


def _money_unit(most: float) -> tuple[float, str]:
    return (_MILLION, "£ millions") if most >= _MANY else (_THOUSAND, "£ thousands")


def _parts(found: Projected, rows: _Years, causes: Sequence[Row], assumed: Sequence[tuple[str, str]]) -> Iterator[Part]:
    last, (balance, _) = found.settings.years, _balance(found)
    yield part(
        "years", "Year by year", "Medians of runs; in brackets 80% of them.", heading="Year",
        columns=("Spells", "Appointments", "A&E", "Beds", "Paid, £000", "Cost, £000", "Funding, £000", f"{balance.capitalize()}, £000"),
        rows=[rows[year, "payments", ALL] for year in range(last + 1)], named=_begins,
        cells=lambda row: (
            *(_cell(rows.get((row["year"], "activity", of)), whole) for of in (SPELLS, APPOINTMENTS, "AE")),
            _cell(rows[row["year"], "beds", ALL], beds),
            *(_cell(rows[row["year"], measure, ALL], thousands) for measure in ("payments", "cost", "funding", balance)),
        ),
    )  # fmt: skip
    kinds = [{"pod": pod, "title": title} for pod, title in POINTS_OF_DELIVERY.items() if (0, "activity", pod) in rows]
    yield part(
        "point_of_delivery", "By point of delivery", f"Now, and in year {last}.", heading="Point of delivery",
        columns=("Now", f"Year {last}, unmitigated", f"Year {last}", "Change", "Bed days now", f"Bed days, year {last}", "Paid now, £000",
                 f"Paid, year {last}, £000"),
        rows=kinds, named=lambda row: row["title"], cells=lambda row: _of_delivery(rows, row["pod"], last),
    )  # fmt: skip
    yield from _of_sites(found)
    yield _of_causes(causes, last)
    yield part(
        "assumptions", "What is assumed", "Each with its source; what was not verified is a parameter, and says so.", heading="Assumption",
        columns=("In words",), rows=[{"name": label, "text": text} for label, text in assumed], named=lambda row: row["name"],
        cells=lambda row: (row["text"],),
    )  # fmt: skip


def _of_sites(found: Projected) -> Iterator[Part]:
    """Now and in the last year; every year stands in the sheets."""
    if found.sites is None:
        return
    last, rows = found.settings.years, {(row["site"], row["year"], row["measure"]): row for row in found.sites.table.to_pylist()}
    measures = {"spells": whole, "appointments": whole, "attendances": whole, "beds": beds, "payments": thousands}
    titles = ("Spells", "Appointments", "A&E", "Beds", "Paid, £000")
    yield part(
        "sites", "By site", f"Now, and in year {last}; sites add up to the provider in every run.", heading="Site",
        columns=tuple(f"{title}, {when}" for title in titles for when in ("now", f"year {last}")),
        rows=[{"site": site} for site in dict.fromkeys(site for site, _, _ in rows)],
        named=lambda row: "Not sent" if row["site"] == UNKNOWN else row["site"],
        cells=lambda row: tuple(_cell(rows[row["site"], year, each], word) for each, word in measures.items() for year in (0, last)),
    )  # fmt: skip


def _cell(row: Row | None, word: Any) -> str:
    if row is None:
        return "–"
    low, high = word(row["low_80"]), word(row["high_80"])
    return word(row["median"]) if low == high else f"{word(row['median'])} ({low} to {high})"


def _of_delivery(rows: _Years, pod: str, last: int) -> tuple[str, ...]:
    now, then = rows[0, "activity", pod]["median"], rows[last, "activity", pod]
    days = [whole(rows[year, "bed_days", pod]["median"]) for year in (0, last)]
    paid = [thousands(rows[year, "payments", pod]["median"]) for year in (0, last)]
    unmitigated = whole(rows[last, "unmitigated_activity", pod]["median"])
    return (whole(now), unmitigated, _cell(then, whole), share(_growth(now, then["median"])), *days, *paid)


def _of_causes(causes: Sequence[Row], last: int) -> Part:
    measures = ("bed days", "payments", "gap")
    means = {(row["measure"], row["cause"]): row["mean"] for row in causes if row["point_of_delivery"] == ALL}
    names = list(dict.fromkeys(cause for measure, cause in means if measure in measures))
    rows = [{"cause": name, **{each: means.get((each, name)) for each in measures}} for name in names]
    totals = {each: sum(mean for (measure, _), mean in means.items() if measure == each) for each in measures}

    def cells(row: Row) -> tuple[str, ...]:
        days, *amounts = (row[each] for each in measures)
        money_of = ("" if each is None else thousands(each, sign="+") for each in amounts)
        return ("" if days is None else whole(days, sign="+"), *money_of)

    return part(
        "causes", "What the change is made of", f"Means of runs, from now to year {last}: they add up.", heading="Cause",
        columns=("Bed days", "Paid, £000", "Gap, £000"), rows=[*rows, {"cause": "All", **totals}], named=_cause, cells=cells,
        is_selected=lambda row: row["cause"] == "All",
    )  # fmt: skip


def _sheets(found: Projected, causes: Sequence[Row]) -> list[Sheet]:
    return [
        sheet("Years", _YEAR_SHEET, found.years.table.to_pylist()),
        sheet("Causes", _CAUSE_SHEET, causes),
        sheet("Specialty, age, site", _PART_SHEET, found.breakdown.table.to_pylist()),
        sheet("Months", _MONTH_SHEET, found.months.table.to_pylist()),
        *([sheet("Sites", _SITE_SHEET, found.sites.table.to_pylist())] if found.sites else []),
    ]


def _notes(found: Projected) -> list[str]:
    return [
        "A planning tool, not a forecast of what will happen: most of what it rests on is assumed, and said below.",
        "Growth of prices, costs and funding are parameters: put your own (farr project --help).",
        "Counts that were not released are estimated from released totals; small parts are estimates that say nothing of anybody.",
        *(["No mitigation has been signed off by a clinician."] if found.mitigations else []),
        *found.notes,
    ]
