"""A projection as tables, for screens and files."""

from calendar import monthrange
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.lab.planning.projection.cells import ATTENDANCE, LOCAL, OUTPATIENT, POINTS_OF_DELIVERY
from farr.lab.planning.projection.result import DAYS_A_YEAR, FUNDING, Projection, interval
from farr.lab.planning.projection.uncertain import Floats

ALL = "all"
SPELLS, APPOINTMENTS, ATTENDANCES = "spells", "appointments", "attendances"
KINDS = {SPELLS: tuple(pod for pod in POINTS_OF_DELIVERY if pod not in (*OUTPATIENT, *ATTENDANCE, *LOCAL)), APPOINTMENTS: OUTPATIENT}
_ENDS = ("low_95", "low_80", "median", "high_80", "high_95")


def years_table(found: Projection, first_year: int) -> pa.Table:
    """`year` (0 is the baseline), `begins` (the calendar year that it begins in), `measure`, `point_of_delivery` ('spells' and
    'appointments' for all of them, 'all' for what is of the whole), `median` over runs and ends of the 80% and 95% intervals. Measures:
    activity, unmitigated_activity, bed_days, payments (pounds), unmitigated_payments, by point of delivery; beds, cost, funding, gap and
    deficit of the whole (payments and bed_days too)."""
    parts = {
        "activity": found.activity, "unmitigated_activity": found.unmitigated_activity, "bed_days": found.bed_days,
        "payments": found.payments, "unmitigated_payments": found.unmitigated_payments,
    }  # fmt: skip
    wholes = {
        "bed_days": found.bed_days.sum(axis=1), "beds": found.beds, "payments": found.payments.sum(axis=1),
        "unmitigated_payments": found.unmitigated_payments.sum(axis=1), "cost": found.cost, "funding": found.funding, "gap": found.gap,
        "deficit": found.deficit,
    }  # fmt: skip
    keys: list[tuple[int, int, str, str]] = []
    figures: list[Floats] = []
    for year in range(found.settings.years + 1):
        for measure, by_pod in parts.items():
            keys += [(year, first_year + year, measure, pod) for pod in found.points_of_delivery]
            figures += list(by_pod[year])
        for kind, pods in KINDS.items():
            there = [place for place, pod in enumerate(found.points_of_delivery) if pod in pods]
            keys += [(year, first_year + year, measure, kind) for measure in ("activity", "unmitigated_activity")]
            figures += [parts[measure][year, there].sum(axis=0) for measure in ("activity", "unmitigated_activity")]
        keys += [(year, first_year + year, measure, ALL) for measure in wholes]
        figures += [each[year] for each in wholes.values()]
    columns = {name: [key[place] for key in keys] for place, name in enumerate(("year", "begins", "measure", "point_of_delivery"))}
    return pa.table({**columns, **_ends(np.stack(figures))})


def months_table(found: Projection, seasons: Mapping[str, Floats], pods_of: Mapping[str, tuple[str, ...]], first: Month) -> pa.Table:
    """Each month of each year, by the seasons of today: `year`, `month` (2034-01), `series` (those of `seasons`, and `beds`), median and
    intervals. A series' points of delivery are `pods_of` it; beds take the season of the stays they are for, and stays without one none."""
    keys: list[tuple[int, str, str]] = []
    figures: list[Floats] = []
    for year in range(found.settings.years + 1):
        for place in range(12):
            month = first.plus(12 * year + place)
            days = monthrange(month.year, month.month)[1]
            beds = np.zeros(found.runs)
            for series, pods in pods_of.items():
                there = [number for number, pod in enumerate(found.points_of_delivery) if pod in pods]
                index = seasons.get(series, np.ones(12))[month.month - 1]
                beds = beds + found.bed_days[year, there].sum(axis=0) * index / DAYS_A_YEAR / found.settings.occupancy
                if series in seasons:
                    keys.append((year, str(month), series))
                    figures.append(found.activity[year, there].sum(axis=0) * index * days / DAYS_A_YEAR)
            keys.append((year, str(month), "beds"))
            figures.append(beds)
    columns = {name: [key[place] for key in keys] for place, name in enumerate(("year", "month", "series"))}
    return pa.table({**columns, **_ends(np.stack(figures))})


def waterfall_table(found: Projection) -> pa.Table:
    """`measure` (activity, bed days, payments, gap), `point_of_delivery`, `cause` (in order) and the `mean` over runs of what it adds from
    the first year to the last, with the ends of intervals over runs. Means add up to the change; medians would not. The gap has one more
    cause, the growth of funding, and is of the whole."""
    keys: list[tuple[str, str, str]] = []
    figures: list[Floats] = []
    for measure, causes in found.waterfall.items():
        for cause, by_pod in causes.items():
            keys += [(measure, pod, cause) for pod in found.points_of_delivery] + [(measure, ALL, cause)]
            figures += [*by_pod, by_pod.sum(axis=0)]
    for cause, each in found.causes_of_gap().items():
        keys.append(("gap", ALL, f"growth of {FUNDING}" if cause == FUNDING else cause))
        figures.append(each)
    columns = {name: [key[place] for key in keys] for place, name in enumerate(("measure", "point_of_delivery", "cause"))}
    stacked = np.stack(figures)
    return pa.table({**columns, "mean": stacked.mean(axis=1), **_ends(stacked)})


def breakdown_table(found: Projection, first_year: int) -> pa.Table:
    """`year`, `begins`, `by` (specialty, age_band or site), `point_of_delivery`, `code`, `measure` (activity, bed_days or payments), median
    and intervals."""
    keys: list[tuple[int, int, str, str, str, str]] = []
    figures: list[Floats] = []
    for by, each in found.by.items():
        for year in range(found.settings.years + 1):
            for measure, values in (("activity", each.activity), ("bed_days", each.bed_days), ("payments", each.payments)):
                keys += [(year, first_year + year, by, pod, code, measure) for pod, code in each.pairs]
                figures += list(values[year])
    names = ("year", "begins", "by", "point_of_delivery", "code", "measure")
    columns = {name: [key[place] for key in keys] for place, name in enumerate(names)}
    return pa.table({**columns, **_ends(np.stack(figures))})


def sites_table(found: Projection, first_year: int) -> pa.Table:
    """`year`, `begins`, `site` ('unknown' where none was sent), `measure` (spells, appointments, attendances, beds, bed_days, payments),
    median and intervals. Sites add up to the whole in every run, medians nearly. No rows where no site is known."""
    keys: list[tuple[int, int, str, str]] = []
    figures: list[Floats] = []
    of = found.by.get("site")
    for year in range(found.settings.years + 1 if of else 0):
        for site, sums in _sums_of_sites(found, year).items():
            keys += [(year, first_year + year, site, measure) for measure in sums]
            figures += list(sums.values())
    columns = {name: [key[place] for key in keys] for place, name in enumerate(("year", "begins", "site", "measure"))}
    return pa.table({**columns, **_ends(np.stack(figures) if figures else np.zeros((0, found.runs)))})


def _sums_of_sites(found: Projection, year: int) -> dict[str, dict[str, Floats]]:
    """By site and measure, of shape (runs,)."""
    of, kinds = found.by["site"], {**KINDS, ATTENDANCES: ATTENDANCE}
    summed: dict[str, dict[str, Floats]] = {}
    for site in sorted({code for _, code in of.pairs}):
        pods = {pod: place for place, (pod, code) in enumerate(of.pairs) if code == site}
        every = list(pods.values())
        days = of.bed_days[year, every].sum(axis=0)
        summed[site] = {
            **{kind: of.activity[year, [pods[pod] for pod in pods if pod in those]].sum(axis=0) for kind, those in kinds.items()},
            "beds": days / DAYS_A_YEAR / found.settings.occupancy, "bed_days": days, "payments": of.payments[year, every].sum(axis=0),
        }  # fmt: skip
    return summed


def _ends(figures: Floats) -> dict[str, Floats]:
    """Of figures of shape (rows, runs)."""
    narrow, wide = interval(figures, 0.8), interval(figures, 0.95)
    return dict(zip(_ENDS, (wide[0], narrow[0], narrow[1], narrow[2], wide[2]), strict=True))
