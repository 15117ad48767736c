"""Projecting: an organisation's baseline is asked of the gate, its people are read, and what the years come to is derived from both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.desk.contracting.monthly import TITLES, Monthly, monthly_questions, monthly_series, seasons_of
from farr.lab.desk.contracting.total_cost.outside import Outside
from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, derive
from farr.lab.engine.reference import read_reference
from farr.lab.measures.released_rows import UNKNOWN
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.question import Question
from farr.lab.model.tables.reference import POPULATION_PROJECTION
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.projection.baseline import Answer, Residents, baseline_of
from farr.lab.planning.projection.cells import ATTENDANCE, BANDS, ELECTIVE, EMERGENCY, LOCAL, OUTPATIENT, POINTS_OF_DELIVERY, Baseline
from farr.lab.planning.projection.mitigation import Mitigation
from farr.lab.planning.projection.population import PRINCIPAL, SEXES, Population
from farr.lab.planning.projection.result import Projection
from farr.lab.planning.projection.run import project
from farr.lab.planning.projection.settings import Settings
from farr.lab.planning.projection.tables import breakdown_table, months_table, sites_table, waterfall_table, years_table
from farr.lab.planning.projection.uncertain import Floats, ProjectionError, Uncertain
from farr.lab.planning.projection_questions import (
    ACTIVITY,
    NATIONAL,
    OTHER,
    PLANNED,
    SITE_LEVELS,
    SPELL_PARTS,
    UNPLANNED,
    baseline_questions,
    site_questions,
)

_NOT_OTHER = (*ELECTIVE, *EMERGENCY, *OUTPATIENT, *ATTENDANCE, *LOCAL)
_PODS_OF_FIGURE: dict[tuple[str, str], tuple[str, ...]] = {
    ("monthly_spells", PLANNED): ELECTIVE,
    ("monthly_spells", UNPLANNED): EMERGENCY,
    ("monthly_spells", OTHER): tuple(pod for pod in POINTS_OF_DELIVERY if pod not in _NOT_OTHER),
    ("monthly_appointments", ACTIVITY): OUTPATIENT,
    ("monthly_visits", ACTIVITY): ATTENDANCE,
}
_PODS = {title: _PODS_OF_FIGURE[key] for key, title in TITLES.items()}


@dataclass(frozen=True, kw_only=True)
class Projected:
    """An organisation's projection. Derived tables, whose columns tables.py describes: `years` by year and point of delivery, `waterfall`
    by measure and cause, `breakdown` by year, point of delivery, specialty, age and site, `months` by month, `sites` of a provider by year
    and site, None where no site is known. `notes` say what it rests on, and what is missing."""

    organisation: str
    level: str
    period: Period
    population: Population
    settings: Settings
    mitigations: tuple[Mitigation, ...]
    runs: int
    seed: int
    years: Released
    waterfall: Released
    breakdown: Released
    months: Released
    sites: Released | None
    notes: tuple[str, ...]


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of spells, or what is held of it. Raises ProjectionError where none is."""
    held = desk.store.months(APC_SPELL.name)
    if not held:
        raise ProjectionError("no spells are held, from which activity could be projected; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def project_organisation(
    desk: Desk,
    *,
    organisation: str,
    level: str,
    period: Period,
    settings: Settings,
    mitigations: Sequence[Mitigation] = (),
    runs: int = 256,
    seed: int = 1,
    growth_outside: Mapping[str, Uncertain] | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Projected:
    """What the organisation's activity, beds and money come to, a year being the twelve months of `period`. Care outside hospital is
    projected where it is held of a commissioner for all of them, and grows by setting as `growth_outside` says; None leaves it out. Raises
    ProjectionError where `period` is no year, its people are not held as projected or nothing of it is shown, QuestionError for a level
    without projections; else as Desk.released."""
    _check_year(period)
    asked = baseline_questions(level, period)  # a level without projections is refused before anything is read
    area_level, area = _area(desk, organisation, level)
    population, residents = _people(desk, area_level, area, base_year=period.first.plus(6).year, years=settings.years)
    shown = _shown(desk, asked, organisation, level, period, with_outside=growth_outside is not None, said=said)
    outside, series, first = shown.outside, shown.series, period.first.year
    settings = replace(settings, drivers=(*settings.drivers, *outside.drivers(growth_outside or {})))
    said(f"running {runs} runs")
    sources, names, known = [*shown.answers.values(), *outside.releases], list(shown.answers), list[tuple[Baseline, Projection]]()

    def projected(*tables: pa.Table) -> tuple[Baseline, Projection]:
        if not known:
            held = _held_together(shown.questions, dict(zip(names, tables, strict=False)))
            hospital = baseline_of(held, level=level, code=organisation, residents=residents)
            baseline = outside.beside(hospital, tables[len(names) :], organisation, residents)
            known.append((baseline, project(baseline, population, settings, mitigations=mitigations, runs=runs, seed=seed)))
        return known[0]

    def derived(name: str, table: Callable[[Projection], pa.Table]) -> Released:
        return derive(f"projection.{name}", lambda *tables: table(projected(*tables)[1]), *sources)

    def by_month(*tables: pa.Table) -> pa.Table:
        told = seasons_of(series, tables[len(sources) :], organisation, level)
        return months_table(projected(*tables[: len(sources)])[1], told, _PODS, period.first)

    years, (baseline, _) = derived("years", lambda found: years_table(found, first)), known[0]
    return Projected(
        organisation=organisation, level=level, period=period, population=population, settings=settings, mitigations=tuple(mitigations),
        runs=runs, seed=seed, years=years, waterfall=derived("waterfall", waterfall_table),
        breakdown=derived("breakdown", lambda found: breakdown_table(found, first)),
        months=derive("projection.months", by_month, *sources, *(each.released for each in series)),
        sites=derived("sites", lambda found: sites_table(found, first)) if baseline.sites else None,
        notes=(*shown.notes, *outside.notes, *_about(level, area, population, baseline, shown.without_sites)),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What the gate released: `questions` and by the last word of their names `answers`; care `outside` hospital; `series` of months; and
    what it did not, in words, of sites in `without_sites` too."""

    questions: tuple[Question, ...]
    answers: dict[str, Released]
    outside: Outside
    series: list[Monthly]
    notes: tuple[str, ...]
    without_sites: tuple[str, ...]


def _shown(
    desk: Desk, asked: Sequence[Question], organisation: str, level: str, period: Period, *, with_outside: bool, said: Callable[[str], None]
) -> _Shown:
    """Sites are asked last: no figure that a projection cannot do without is then refused for their sake."""
    answers, notes = _answers(desk, asked, level, said)
    outside = Outside.asked(desk, organisation, level, period) if with_outside else Outside()
    series, sited = _series(desk, organisation, level, said), site_questions(level, period)
    by_site, without = _by_site(desk, sited)
    return _Shown(
        questions=(*asked, *sited), answers={**answers, **by_site}, outside=outside, series=series, notes=(*notes, *without),
        without_sites=tuple(without),
    )  # fmt: skip


def _check_year(period: Period) -> None:
    if len(list(period.months())) != 12:
        raise ProjectionError(f"{period} is no year, which a projection starts from; write twelve months: --period 2024-04..2025-03")


def _held_together(asked: Sequence[Question], tables: Mapping[str, pa.Table]) -> dict[str, Answer]:
    """By the last word of its name each question that was answered, with its table; those of spells as one."""
    pairs = {name: (question, tables[name]) for question in asked if (name := question.name.partition(".")[2]) in tables}
    alone = {name: Answer(parts=(pair,)) for name, pair in pairs.items() if name not in SPELL_PARTS}
    return {SPELL_PARTS[0]: Answer(parts=tuple(pairs[name] for name in SPELL_PARTS)), **alone}


def _answers(desk: Desk, asked: Sequence[Question], level: str, said: Callable[[str], None]) -> tuple[dict[str, Released], list[str]]:
    """By the last word of its name what was released of each question; what is not held is left out and said, but for spells."""
    said("asking the gate")
    found, notes = dict[str, Released](), list[str]()
    # With the months, which are asked for next: what reads the same records is counted in one pass.
    prepared = desk.releases.prepare([*asked, *monthly_questions(desk, level).values()])
    for question in asked:
        name, answer = question.name.partition(".")[2], prepared[question.identity]
        if not isinstance(answer, FarrError):
            found[name] = answer
        elif name in SPELL_PARTS:
            raise answer.with_traceback(None)
        else:
            notes.append(f"Left out, {name.replace('_', ' ')}: {answer}")
    return found, notes


def _by_site(desk: Desk, asked: Sequence[Question]) -> tuple[dict[str, Released], list[str]]:
    """What was released by site, by the last word of its question's name, and in words what was not."""
    prepared = desk.releases.prepare(asked)
    answers = {question.name.partition(".")[2]: prepared[question.identity] for question in asked}
    found = {name: answer for name, answer in answers.items() if not isinstance(answer, FarrError)}
    refused = {name: answer for name, answer in answers.items() if isinstance(answer, FarrError)}
    return found, [f"Left out, {name.replace('_', ' ')}: {answer}" for name, answer in refused.items()]


def _series(desk: Desk, organisation: str, level: str, said: Callable[[str], None]) -> list[Monthly]:
    """By which months the year is parted; none where no month is shown: then every day of a year is alike."""
    try:
        return monthly_series(desk, organisation=organisation, level=level, said=said)
    except ProjectionError:
        return []


def _area(desk: Desk, organisation: str, level: str) -> tuple[str, str]:
    """Whose people the organisation's activity goes with: a provider's are those of its region, for whom a hospital serves is not written
    down."""
    if level != "provider":
        return level, organisation
    region = desk.organisations.parents.get((level, organisation))
    if region is None:
        raise ProjectionError(f"the organisation reference has no region for '{organisation}', whose people its activity would go with")
    return "region", region


def _people(desk: Desk, level: str, area: str, *, base_year: int, years: int) -> tuple[Population, Residents]:
    """The area's people in the baseline's year and those after, by variant, and the nation's in the first. Where an area has nobody of an
    age and sex in a variant, its share of the nation's stands for them, for nothing grows from nothing."""
    at = "region" if level == NATIONAL else level
    table, wanted = read_reference(desk.store, POPULATION_PROJECTION), range(base_year, base_year + years + 1)
    rows = table.filter(pc.equal(table["Area_Level"], at)).to_pylist()
    nation = {variant: _array(rows, variant, wanted, None) for variant in sorted({row["Variant"] for row in rows})}
    own = nation if level == NATIONAL else {variant: _array(rows, variant, wanted, area) for variant in nation}
    if PRINCIPAL not in own or np.any(own[PRINCIPAL].sum(axis=(1, 2)) <= 0):
        held = f"; held for it: {_held(rows, area)}" if any(row["Area_Code"] == area for row in rows) else ""
        raise ProjectionError(
            f"the people of the {at} {area} are not projected from {base_year} to {base_year + years}{held}; load a projection "
            "(farr ingest population_projection.csv), or ask for fewer years"
        )
    whole = {name: people for name, people in own.items() if np.all(people.sum(axis=(1, 2)) > 0)}
    share = float(own[PRINCIPAL][0].sum() / nation[PRINCIPAL][0].sum())
    filled = {name: np.where(np.any(people <= 0, axis=0), nation[name] * share, people) for name, people in whole.items()}
    whose = "nation" if level == NATIONAL else f"{at} {area}"
    version = desk.store.version(POPULATION_PROJECTION.name)
    source = f"People of the {whose} as projected from mid-{base_year} (population_projection v{version}; variants: {', '.join(filled)})."
    return Population(base_year=base_year, people=filled, source=source), Residents(area=own[PRINCIPAL][0], nation=nation[PRINCIPAL][0])


def _array(rows: Sequence[dict[str, Any]], variant: str, years: range, area: str | None) -> Floats:
    people = np.zeros((len(years), len(BANDS), len(SEXES)))
    bands, sexes = {each: place for place, each in enumerate(BANDS)}, {each: place for place, each in enumerate(SEXES)}
    for row in rows:
        if row["Variant"] == variant and row["Mid_Year"] in years and area in (None, row["Area_Code"]):
            people[row["Mid_Year"] - years.start, bands[row["Age_Band"]], sexes[row["Sex"]]] += row["People"]
    return people


def _held(rows: Sequence[dict[str, Any]], area: str) -> str:
    years = sorted({row["Mid_Year"] for row in rows if row["Area_Code"] == area})
    return f"{years[0]} to {years[-1]}"


def _of_sites(level: str, baseline: Baseline, refused: Sequence[str]) -> list[str]:
    if level not in SITE_LEVELS:
        return []
    if not baseline.sites:
        return [] if refused else ["No sites: none was sent with this provider's records, or the gate hides them."]
    unknown = sorted(pod for pod, sites in baseline.sites.items() if sites.get(UNKNOWN, (0.0, 0.0))[0] >= 1)
    return [
        "Sites: within a point of delivery each is taken to have the specialties, ages and prices of its provider, and to grow alike.",
        *([f"Of no site: {', '.join(unknown)}."] if unknown else []),
    ]


def _about(level: str, area: str, population: Population, baseline: Baseline, without_sites: Sequence[str]) -> list[str]:
    notes = [population.source]
    if level == "provider":
        notes.append(f"Whom a hospital serves is not written down: its activity goes with the people of its region, {area}.")
    unpriced = sorted({pod for pod in baseline.cells.point_of_delivery.tolist() if not baseline.price[baseline.cells.is_of(pod)].any()})
    if unpriced:
        notes.append(f"No price is known, and so no money, for: {', '.join(unpriced)}.")
    return [*notes, *_of_sites(level, baseline, without_sites)]
