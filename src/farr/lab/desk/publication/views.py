"""Publication: the standard views of every measure, released ahead of time and only read afterwards; and their catalogue.

Practices, localities and postcode districts: the rolling year that ends with a quarter. Commissioners, providers, regions and the
nation: the latest rolling year, the months, and breakdowns (DESIGN.md, The gate).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from farr.lab.desk.answering.assemble import NotHeld
from farr.lab.desk.answering.months import months_kept
from farr.lab.desk.answering.plan import TREND_MONTHS, Plan, followed
from farr.lab.desk.answering.standardised import with_months_if_large
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.held import read_held
from farr.lab.desk.holdings.organisations import NATIONAL
from farr.lab.desk.publication.catalogue import Catalogue, Entry, ViewKind, read_catalogue, write_catalogue
from farr.lab.desk.publication.notices import notices
from farr.lab.disclosure.released import Released, publish
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import is_monthly
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Question

BREAKDOWNS = ("specialty", "diagnosis_chapter", "hrg_chapter", "point_of_delivery", "department_type")
"""Breakdowns published ahead: those whose parts keep a useful size. Finer ones (diagnosis, procedure, HRG) are asked for."""
BROKEN_DOWN = ("commissioner", "provider")
_EDITIONS_KEPT = 36
_LAST_OF_QUARTER = (3, 6, 9, 12)


@dataclass(frozen=True, kw_only=True)
class _View:
    """A standard view: what it is, and the questions that it rests on once its plan is settled."""

    kind: ViewKind
    plan: Plan

    def questions(self) -> list[Question]:
        if self.kind is ViewKind.MONTHS and not self.plan.monthly:
            raise NotHeld("by age group and sex, the months of most organisations hold too few people for a standardised rate")
        return {ViewKind.YEAR: self.plan.year, ViewKind.MONTHS: self.plan.by_month, ViewKind.BREAKDOWN: self.plan.broken_down}[self.kind]()


def publish_views(
    desk: Desk,
    *,
    measures: Iterable[str] = (),
    breakdowns: Sequence[str] = BREAKDOWNS,
    said: Callable[[str], None] = lambda _: None,
) -> Catalogue:
    """Releases the standard views of these measures (none named: of all), writes them and the signed catalogue to the home's
    published/, and returns the catalogue. Views that cannot be made stand in it with the reason. `said` hears what is done."""
    names = list(measures) or list(desk.measures)
    views, reasons = _views(desk, [desk.measure(name) for name in names], breakdowns)
    entries: list[Entry] = []
    for level in dict.fromkeys(view.plan.level for view in views):
        entries += _published(desk, [view for view in views if view.plan.level == level], said)
    catalogue = _catalogue(desk, [*entries, *reasons], complete=not list(measures))
    write_catalogue(catalogue, desk.home.published, desk.home.release_key())
    return catalogue


def trusted(desk: Desk) -> set[str]:
    """The key by which this home's publications are known."""
    return {desk.home.public_key()}


def _views(desk: Desk, measures: Sequence[Measure], breakdowns: Sequence[str]) -> tuple[list[_View], list[Entry]]:
    found: list[_View] = []
    reasons: list[Entry] = []
    for measure in measures:
        for level in measure.levels:
            try:
                found += _of_level(desk, measure, level, breakdowns)
            except FarrError as error:
                reasons += [
                    Entry(measure=measure.name, level=level, kind=kind, by=by, period="", reason=str(error))
                    for kind, by in _shapes(measure, level, breakdowns)
                ]
    return found, reasons


def _of_level(desk: Desk, measure: Measure, level: str, breakdowns: Sequence[str]) -> list[_View]:
    held = desk.months(measure)
    year = desk.latest_year(measure) if is_monthly(level) else _quarter_year(desk.latest_year(measure), held)
    shown = Plan(measure=measure, level=level, period=year, months=_shown_months(year, held), followed=followed(measure, held))
    plan = with_months_if_large(_referred(desk, _like_for_like(desk, shown)), desk.released)
    return [_View(kind=kind, plan=replace(plan, by=by)) for kind, by in _shapes(measure, level, breakdowns)]


def _shapes(measure: Measure, level: str, breakdowns: Sequence[str]) -> list[tuple[ViewKind, str | None]]:
    """The standard views of a measure at a level: their kinds, and what each is broken down by."""
    shapes: list[tuple[ViewKind, str | None]] = [(ViewKind.YEAR, None)]
    if is_monthly(level):
        shapes.append((ViewKind.MONTHS, None))
    return shapes + [(ViewKind.BREAKDOWN, by) for by in breakdowns if by in measure.breakdowns and level in BROKEN_DOWN]


def _quarter_year(latest: Period, held: Sequence[Month]) -> Period:
    """The rolling year that ends with the last whole quarter; the latest one where the records do not reach back as far."""
    last = latest.last
    while last.month not in _LAST_OF_QUARTER:
        last = last.plus(-1)
    year = Period.rolling_year(last)
    return year if year.first >= held[0] else latest


def _shown_months(year: Period, held: Sequence[Month]) -> Period:
    return Period(max(held[0], year.last.plus(1 - TREND_MONTHS)), year.last)


def _like_for_like(desk: Desk, plan: Plan) -> Plan:
    """Without the months that are not complete in the nation: the same months for every organisation."""
    answer = desk.released(replace(plan, level=NATIONAL).completeness())
    kept = months_kept(answer.table, NATIONAL, NATIONAL, plan.months, plan.period, followed=plan.followed)
    return replace(plan, left_out=kept.months_left_out)


def _referred(desk: Desk, plan: Plan) -> Plan:
    return replace(plan, reference=desk.reference(plan))


def _published(desk: Desk, views: Sequence[_View], said: Callable[[str], None]) -> list[Entry]:
    """The entries of one level's views: their questions are put together, so that measures that share records are counted in one pass."""
    entries: list[Entry] = []
    asked = [(view, _questions(view)) for view in views]
    every = [question for _, questions in asked if not isinstance(questions, FarrError) for question in questions]
    said(f"{views[0].plan.level}: {len(views)} views")
    answers = desk.releases.prepare(every, said)
    for view, questions in asked:
        found = [questions] if isinstance(questions, FarrError) else [answers[question.identity] for question in questions]
        entries.append(_entry(desk, view, found))
    return entries


def _questions(view: _View) -> list[Question] | FarrError:
    """What the view rests on; where nobody keeps a list, its people are published facts, which the reader joins."""
    try:
        return view.questions()
    except FarrError as error:
        return error


def _entry(desk: Desk, view: _View, found: Sequence[Released | FarrError]) -> Entry:
    plan = view.plan
    errors = [str(each) for each in found if isinstance(each, FarrError)]
    released = [each for each in found if isinstance(each, Released)]
    for each in released if not errors else ():
        publish(each, desk.home.published, desk.home.release_key())
    return Entry(
        measure=plan.measure.name,
        level=plan.level,
        kind=view.kind,
        by=plan.by,
        period=str(plan.months if view.kind is ViewKind.MONTHS else plan.period),
        left_out=() if view.kind is ViewKind.MONTHS else tuple(str(month) for month in plan.left_out),
        releases=() if errors else tuple(each.manifest.release_id for each in released),
        reason="; ".join(errors) or None,
    )


def _catalogue(desk: Desk, entries: Sequence[Entry], *, complete: bool) -> Catalogue:
    """The new catalogue, which remembers earlier editions of its views; views that were not asked for now stay as they were."""
    before = read_catalogue(desk.home.published, trusted(desk))
    held = {} if before is None or before.agreement != desk.agreement else {entry.view: entry for entry in before.entries}
    new = {entry.view: _with_earlier(entry, held.get(entry.view)) for entry in entries}
    kept = {} if complete else {view: entry for view, entry in held.items() if view not in new}
    months = [month for name in {measure.table.name for measure in desk.measures.values()} for month in desk.store.months(name)]
    if not months:
        raise NotHeld("no records are held, so nothing can be published; type: farr ingest FILE, then: farr build")
    return Catalogue(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        agreement=desk.agreement,
        code_version=desk.code_version,
        is_synthetic=read_held(desk.store).is_synthetic,
        first_month=str(min(months)),
        last_month=str(max(months)),
        store_versions=desk.store.versions(),
        measures={name: _described(measure) for name, measure in desk.measures.items()},
        entries=tuple(sorted({**kept, **new}.values(), key=lambda entry: entry.view)),
        notices=notices(desk.home.published, desk.home.public_key()),
    )


def _with_earlier(entry: Entry, before: Entry | None) -> Entry:
    if before is None or not before.releases or before.releases == entry.releases:
        return entry if before is None else entry.model_copy(update={"earlier": before.earlier})
    edition: dict[str, str | tuple[str, ...]] = {"period": before.period, "releases": before.releases}
    return entry.model_copy(update={"earlier": (edition, *before.earlier)[:_EDITIONS_KEPT]})


def _described(measure: Measure) -> dict[str, object]:
    return {
        "title": measure.title,
        "theme": measure.theme.value,
        "kind": measure.kind.value,
        "unit": measure.unit,
        "decimals": measure.decimals,
        "direction": measure.direction.value,
        "definition": measure.definition,
        "why": measure.why,
        "source": measure.source,
        "signed_off_by": measure.signed_off_by,
        "levels": list(measure.levels),
        "breakdowns": list(measure.breakdowns),
    }
