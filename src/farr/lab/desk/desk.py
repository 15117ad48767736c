"""The desk: asks a measure's questions, passes the answers through the gate, and sets an organisation beside its peers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from farr.lab.desk.answering import assemble
from farr.lab.desk.answering.askable import DeskError, check_by, check_options, check_period
from farr.lab.desk.answering.assemble import NotHeld, Tables, Whom
from farr.lab.desk.answering.months import Kept, are_complete, months_kept, of_organisation
from farr.lab.desk.answering.notes import notes
from farr.lab.desk.answering.plan import TREND_MONTHS, Plan, followed
from farr.lab.desk.answering.releases import Releases
from farr.lab.desk.answering.standardised import is_asked_first, with_months_if_large
from farr.lab.desk.benchmark import Benchmark, LeftOut
from farr.lab.desk.figures import certainty, selected
from farr.lab.desk.holdings.choices import chosen_codes
from farr.lab.desk.holdings.codes import code_names
from farr.lab.desk.holdings.held import Held, read_held
from farr.lab.desk.holdings.organisations import NATIONAL, Organisations, norm_facts, read_organisations
from farr.lab.desk.holdings.people import Residents, registered_months, resident_denominator
from farr.lab.desk.holdings.residents import as_released
from farr.lab.desk.home import Home, code_version
from farr.lab.desk.reviewing.asking import asking as asking_for
from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.desk.reviewing.shelves import shelf_of
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.held import Review
from farr.lab.engine.session import Session
from farr.lab.measures.comparison.like_for_like import earlier
from farr.lab.measures.estimators import ESTIMATORS
from farr.lab.measures.measure import Direction, Measure
from farr.lab.measures.norm import Norm, NormError
from farr.lab.measures.questions import check_level, is_monthly
from farr.lab.measures.reference import Reference
from farr.lab.model.codelist import CodeList, load_codelist
from farr.lab.model.dimension import AS_WAS, DIMENSIONS, LEVELS, as_is
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Question
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables.reference import ORGANISATION, POPULATION

_TAKEN_APART = 6  # outliers whose breakdown a report asks for: a table of parts takes the gate seconds

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A request on its way to a benchmark."""

    request: BenchmarkRequest
    norm: Norm
    plan: Plan
    codelists: tuple[CodeList, ...]
    kept: Kept = field(default_factory=Kept)


class Desk:
    """One agreement's work place. Opens no records without a live agreement, and hands out nothing that has not been released."""

    def __init__(self, home: Home, agreement: str, purpose: str | None = None) -> None:
        terms = home.agreement(agreement)
        if purpose is not None or len(terms.terms.purposes) > 1:
            terms.check_purpose(purpose or "")
        self.home = home
        self.agreement = agreement
        self.store = home.store(agreement)
        self.code_version = code_version()
        self._organisations: tuple[int | None, Organisations] | None = None
        session = Session(
            self.store, terms.terms, ESTIMATORS, self.code_version, engine=home.engine(), secret=home.content_key
        )  # fmt: skip
        ledger = home.ledger(agreement)
        self.registered = RegisteredMeasures(ledger=ledger)
        review = Review(registry=self.registered, shelf=shelf_of(home, terms.terms))
        self.releases = Releases(session, ledger, terms.terms, self.code_version, review)

    @classmethod
    def open(cls, home: Path | str | None = None, *, agreement: str | None = None, purpose: str | None = None) -> "Desk":
        """The desk of a home folder, agreement and purpose; the home's only agreement, and its only purpose, where none is named.
        Raises AgreementError where it is not live, or not for the purpose."""
        place = Home.open(home)
        return cls(place, agreement or place.only_agreement(), purpose)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return discover("farr.lab.measures.definitions", Measure)

    @cached_property
    def norms(self) -> dict[str, Norm]:
        return discover("farr.lab.measures.norms", Norm)

    @property
    def organisations(self) -> Organisations:
        version = self.store.version(ORGANISATION.name)
        if self._organisations is None or self._organisations[0] != version:
            self._organisations = version, read_organisations(self.store)
        return self._organisations[1]

    def measure(self, name: str) -> Measure:
        if name not in self.measures:
            raise DeskError(f"there is no measure '{name}'; type: farr measures. Known: {', '.join(self.measures)}")
        return self.measures[name]

    def norm(self, name: str) -> Norm:
        if name not in self.norms:
            raise DeskError(f"there is no norm '{name}'; known: {', '.join(self.norms)}")
        return self.norms[name]

    def level(self, organisation: str, stated: str | None = None) -> str:
        """The level stated, else the one at which the organisation reference knows the code."""
        if stated is not None and stated not in (*LEVELS, *AS_WAS.values()):
            raise DeskError(f"there is no level '{stated}'; known: {', '.join(LEVELS)}")
        return stated or self.organisations.level_of(organisation)

    def months(self, measure: Measure) -> list[Month]:
        """The months held of the records that the measure is made of. Raises NotHeld where there are none."""
        months = self.store.months(measure.table.name)
        if not months:
            needed = " and ".join(measure.table.derived_from[:1]) or measure.table.name
            raise NotHeld(f"no records of {needed} are held, which {measure.name} is made of; type: farr ingest FILE, then: farr build")
        return months

    def latest_year(self, measure: Measure) -> Period:
        """The rolling year that ends with the last month for which the measure's follow-up is held too; where the store does not
        reach back as far, its last twelve months or what there is of them."""
        held = self.months(measure)
        followed = Period.rolling_year(held[-1].plus(-measure.follow_up_months))
        return followed if followed.first >= held[0] else Period(max(held[0], held[-1].plus(-11)), held[-1])

    def benchmark(
        self,
        *,
        organisation: str,
        measure: str,
        norm: str = "national",
        period: str | Period | None = None,
        level: str | None = None,
        **more: object,
    ) -> Benchmark:
        """An organisation's figure for a measure beside its norm, its own months and how complete they are.

        `period` is '2024-04..2025-03', by default the latest rolling year; `level` is needed only where the organisation reference
        does not know the code; what else may be given: see BenchmarkRequest. Raises FarrError of some kind, which says what to type.
        """
        asked = {"organisation": organisation, "measure": measure, "norm": norm, "period": None if period is None else str(period)}
        return self.answer(BenchmarkRequest.model_validate({**asked, "level": level, **more}))

    def answer(self, request: BenchmarkRequest, asker: str | None = None, login: str | None = None) -> Benchmark:
        """The benchmark asked for, by `asker` (else: `login`, or whoever is logged in). Raises FarrError, which says what to type."""
        with self.releases.because(asking_for(request.why, asker, login)):
            (found,) = self.answer_many([request])
            if isinstance(found, FarrError):
                raise found.with_traceback(None)
        return found

    def answer_many(
        self, requests: Sequence[BenchmarkRequest], asking: Callable[[str], None] = lambda _: None, *, shown_beyond: int = 0
    ) -> list[Benchmark | FarrError]:
        """A benchmark for each request, or why there is none, in their order; measures that share records are counted in one pass.
        `asking` hears what is asked, step by step; run charts and completeness go on for `shown_beyond` months after the period."""
        cases = _each(list(requests), partial(self._case, shown_beyond=shown_beyond))
        self.releases.prepare([case.plan.completeness() for case in _good(cases)], asking)
        cases = _each(cases, self._settled)
        self.releases.prepare([question for case in _good(cases) for question in case.plan.references()], asking)
        cases = _each(_each(cases, self._referred), _askable)
        self.releases.prepare([question for case in _good(cases) if is_asked_first(case.plan) for question in case.plan.year()], asking)
        cases = _each(cases, lambda case: replace(case, plan=with_months_if_large(case.plan, self.released)))
        self.releases.prepare([question for case in _good(cases) for question in case.plan.all()], asking)
        held, names = read_held(self.store), self.organisations
        return _each(cases, lambda case: self._assembled(case, held, names))

    def report(
        self,
        *,
        organisation: str,
        norm: str = "national",
        period: str | None = None,
        level: str | None = None,
        measures: Sequence[str] = (),
        asking: Callable[[str], None] = lambda _: None,
    ) -> tuple[list[Benchmark], list[LeftOut]]:
        """A benchmark of each of `measures` (none named: of all) that is made at the organisation's level, and those that could not be,
        with the reason. A norm that cannot be made for a measure gives way to the national one. Raises DeskError for an unknown name."""
        at, wanted = self.level(organisation, level), {name: self.measure(name) for name in measures or self.measures}
        requests = [
            BenchmarkRequest(
                organisation=organisation, measure=name, norm=self._norm_for(measure, norm, at, period), period=period, level=at
            )
            for name, measure in wanted.items()
            if as_is(at) in measure.levels
        ]
        found = self.answer_many(requests, asking)
        plural = DIMENSIONS[at].plural if at in DIMENSIONS else "the nation"
        elsewhere = [each for each in wanted.values() if as_is(at) not in each.levels]
        left_out = [
            LeftOut(measure=each, reason=f"not made for {plural}, who have no list of people or records of it") for each in elsewhere
        ]
        left_out += [
            LeftOut(measure=self.measures[request.measure], reason=str(each))
            for request, each in zip(requests, found, strict=True)
            if isinstance(each, FarrError)
        ]
        return [each for each in found if isinstance(each, Benchmark)], left_out

    def broken_down(self, found: Sequence[Benchmark], *, asking: Callable[[str], None] = lambda _: None) -> list[Benchmark]:
        """The same benchmarks, the few that stand out most taken apart by their measure's first breakdown, where that can be."""
        places = [at for at, each in enumerate(found) if _stands_out(each) and each.measure.breakdowns and is_monthly(each.level)]
        places = sorted(places, key=lambda at: certainty(selected(found[at])))[:_TAKEN_APART]
        requests = [
            BenchmarkRequest(
                organisation=found[at].organisation, measure=found[at].measure.name, norm=found[at].norm, period=str(found[at].period),
                level=found[at].level, by=found[at].measure.breakdowns[0],
            )
            for at in places
        ]  # fmt: skip
        parted = dict(zip(places, self.answer_many(requests, asking), strict=True))
        return [new if isinstance(new := parted.get(at), Benchmark) else each for at, each in enumerate(found)]

    def released(self, question: Question) -> Released:
        """The answer as the gate lets it out; asked once."""
        return self.releases.of(question)

    def ask(self, question: Question, *, why: str, asker: str | None = None) -> Released:
        """The answer to a question of one's own. Raises Held where no registered measure puts it: an output checker reads `why`, and once
        it is approved the same call gives it; else as `released` does."""
        with self.releases.because(asking_for(why, asker)):
            return self.releases.of(question)

    def reference(self, plan: Plan) -> Reference | None:
        """What a standardised ratio is standardised by; None for other measures."""
        asked = plan.references()
        return self.registered.refer(plan.measure, asked, [self.released(each) for each in asked]) if asked else None

    # --- steps of a request

    def _norm_for(self, measure: Measure, norm: str, level: str, period: str | None) -> str:
        """The norm, or the nearest that can be made of the measure: a standardised ratio has the nation only, and the nation its own
        past, where it is held."""
        if level == norm == NATIONAL and measure.kind.is_ranked and self.store.months(measure.table.name):
            span = Period.parse(period) if period else self.latest_year(measure)
            return "own_past" if span.first.plus(-12) >= self.months(measure)[0] else norm
        wanted = self.norm(norm)
        if not measure.kind.is_ranked and (wanted.best is not None or wanted.months_back is not None):
            return NATIONAL
        return "similar_ten" if wanted.best is not None and measure.direction is Direction.NEITHER else norm

    def _case(self, request: BenchmarkRequest, *, shown_beyond: int) -> _Case:
        measure, norm = self.measure(request.measure), self.norm(request.norm)
        check_options(norm, request)
        codes = chosen_codes(self.store, request.choices)
        codelists = tuple(codes.values()) or tuple(load_codelist(name) for name in measure.codelists)
        measure = self._chosen(measure, codes)
        level = self.level(request.organisation, request.level)
        if request.as_was:
            level = AS_WAS.get(level, level)
        check_level(measure, level)
        span = Period.parse(request.period) if request.period else self.latest_year(measure)
        held = self.months(measure)
        check_period(level, span, held)
        check_by(request.by, level)
        self._check_people(measure, level, span)
        last = min(span.last.plus(shown_beyond), held[-1])
        plan = Plan(
            measure=measure, level=level, period=span, by=request.by, past=_past(norm, span, held), followed=followed(measure, held),
            months=Period(max(held[0], min(span.first, last.plus(1 - TREND_MONTHS))), last),
        )  # fmt: skip
        return _Case(request=request, norm=norm, plan=plan, codelists=codelists)

    def _chosen(self, measure: Measure, codes: Mapping[str, CodeList]) -> Measure:
        if not codes:
            return measure
        if set(codes) != set(measure.choices):
            takes = " ".join(f"--choose {name}=CODES" for name in measure.choices) or "none"
            raise DeskError(f"measure '{measure.name}' takes these choices: {takes}")
        return self.registered.chosen(measure, codes)

    def _settled(self, case: _Case) -> _Case:
        """Which months are compared."""
        plan, request = case.plan, case.request
        if request.all_months:
            return case
        answer = self.released(plan.completeness())
        kept = months_kept(answer.table, plan.level, request.organisation, plan.months, plan.period, followed=plan.followed)
        return replace(case, kept=kept, plan=replace(plan, left_out=kept.months_left_out))

    def _referred(self, case: _Case) -> _Case:
        """What a standardised ratio is standardised by."""
        return replace(case, plan=replace(case.plan, reference=self.reference(case.plan)))

    def _assembled(self, case: _Case, held: Held, organisations: Organisations) -> Benchmark:
        plan, request, norm = case.plan, case.request, case.norm
        names = organisations.of_level(plan.level)
        residents = self._residents(plan)
        whom = Whom(
            organisation=request.organisation, norm=norm, names=names,
            facts=norm_facts(self.store, plan.level, norm, request),
        )  # fmt: skip
        received = self.released(plan.completeness())
        complete = partial(are_complete, received, plan.level, months=plan.months, kept=plan.kept)
        rows = assemble.rows(
            plan, whom, self._tables(plan, plan.year(), residents), self._tables(plan, plan.earlier(), residents) if plan.past else None,
            lambda codes: complete(codes=codes),
        )  # fmt: skip
        by_month = plan.by_month()
        return Benchmark(
            measure=plan.measure,
            level=plan.level,
            norm=norm.name,
            norm_title=norm.title,
            period=plan.period,
            organisation=request.organisation,
            organisation_name=names.get(request.organisation, request.organisation),
            rows=rows,
            trend=assemble.months(plan, request.organisation, self._tables(plan, by_month, residents)) if by_month else None,
            completeness=assemble.received(
                plan.level,
                request.organisation,
                received,
                lambda table: of_organisation(table, plan.level, request.organisation, plan.months),
            ),
            codelists=case.codelists,
            notes=notes(held, plan, case.kept, rows, norm, None if residents is None else residents.sentence),
            left_out=case.kept.left_out,
            by=plan.by,
            parts=self._parts(plan, request.organisation, residents),
            is_synthetic=held.is_synthetic,
        )

    def _parts(self, plan: Plan, organisation: str, residents: Residents | None) -> Released | None:
        if plan.by is None:
            return None
        return assemble.parts(plan, organisation, self._tables(plan, plan.broken_down(), residents), code_names(self.store, plan.by))

    def _tables(self, plan: Plan, asked: Sequence[Question], residents: Residents | None) -> Tables:
        released = tuple(self.released(question) for question in asked)
        people = None if residents is None else as_released(residents, plan.level, asked[0].groupings)
        return Tables(released=released, people=people, also=tuple(self.released(question) for question in plan.references()))

    def _residents(self, plan: Plan) -> Residents | None:
        if not plan.measure.kind.is_per_head or plan.has_list():
            return None
        return resident_denominator(self.store, as_is(plan.level), plan.period, plan.left_out)

    def _check_people(self, measure: Measure, level: str, period: Period) -> None:
        """Raises NotHeld where a rate per head would have no people, or not those of its months."""
        if not measure.kind.is_per_head:
            return
        if not _has_list(level):
            resident_denominator(self.store, as_is(level), period)
        elif self.store.version(POPULATION.name) is None:
            raise NotHeld("no registered populations are held; type: farr ingest registered_population_….csv, then: farr build")
        elif missing := registered_months(self.store, period).missing:
            named = f"{missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else "")
            raise NotHeld(f"no registered populations of {named} are held; ingest them, type: farr build, or choose another period")


def _each(items: Sequence[T | FarrError], step: Callable[[T], U]) -> list[U | FarrError]:
    """The step taken with each that came so far; an error stands in place of the rest of its own way alone."""
    found: list[U | FarrError] = []
    for item in items:
        try:
            found.append(item if isinstance(item, FarrError) else step(item))
        except FarrError as error:
            found.append(error)
    return found


def _good(cases: Sequence[_Case | FarrError]) -> list[_Case]:
    return [case for case in cases if isinstance(case, _Case)]


def _askable(case: _Case) -> _Case:
    """The case as it is. Raises QuestionError where its questions cannot be put, such as a breakdown that the measure does not have."""
    case.plan.all()
    return case


def _stands_out(benchmark: Benchmark) -> bool:
    return selected(benchmark).verdict in ("high", "low")


def _past(norm: Norm, period: Period, held: Sequence[Month]) -> Period | None:
    if norm.months_back is None:
        return None
    past = earlier(period, norm.months_back)
    if past.first < held[0]:
        raise NormError(f"the norm '{norm.name}' needs the months {past}, and the store begins with {held[0]}; choose a later period")
    return past


def _has_list(level: str) -> bool:
    return level == NATIONAL or DIMENSIONS[level].column in POPULATION.schema.names
