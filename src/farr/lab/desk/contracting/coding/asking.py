"""Coding anomalies are asked of the gate: the nation by stratum, then every provider beside what is expected of it; the rest is derived."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.reference import Reference
from farr.lab.measures.released_rows import FiguresError
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.tables.coding import SPELL_CODING
from farr.lab.planning.coding.findings import Answer, Control, findings_table, months_table
from farr.lab.planning.coding.indicator import Indicator, declared
from farr.lab.planning.coding.providers import providers_table, readings_table
from farr.lab.planning.coding.questions import months_question, reference_question, year_question
from farr.lab.planning.coding.reference import dispersion_of

_TREND_MONTHS = 24
_NOT_BUILT = "no admissions are held whose coding could be looked at; type: farr ingest FILE, then: farr build"


class CodingError(FarrError):
    """Coding that cannot be looked at; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Coding:
    """What was found of every provider. Derived tables, whose columns findings.py and providers.py describe: `findings` by indicator and
    provider, `readings` of those that differ, `providers` with their verdicts, `by_month` the series that shifts are sought in.
    `left_out`: indicators that could not be made, and why."""

    period: Period
    months: Period
    control: Control
    findings: Released
    readings: Released
    providers: Released
    by_month: Released
    left_out: Mapping[str, str]


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of admissions, or what is held of it. Raises CodingError where none is."""
    held = desk.store.months(SPELL_CODING.name)
    if not held:
        raise CodingError(_NOT_BUILT)
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def code(
    desk: Desk, period: Period, *, rate: float, over_all: bool = False, said: Callable[[str], None] = lambda _: None
) -> Coding:  # fmt: skip
    """Every indicator of every provider over the period, and by month over what is held of the two years that end with it. Raises
    CodingError where nothing of the nation is shown, or for a rate that is none; else as Desk.released."""
    if not 0 < rate < 1:
        raise CodingError(f"a false-discovery rate lies between 0 and 1, such as 0.05, and is {rate:g}")
    held = desk.store.months(SPELL_CODING.name)
    if not held:
        raise CodingError(_NOT_BUILT)
    months = Period(max(held[0], period.last.plus(1 - _TREND_MONTHS)), period.last)
    said("asking the gate: the nation, by casemix")
    left_out = dict[str, str]()
    references = _references(desk, period, left_out)
    said("asking the gate: every provider, over the year and by month")
    found, sources = _answers(desk, references, period, months, left_out)
    if not found:
        raise CodingError(f"nothing of coding in {period} can be shown: " + "; ".join(f"{name}: {why}" for name, why in left_out.items()))
    control = Control(rate=rate, over_all=over_all, rounded_to=_rounded_to(sources))
    told = _derived(found, sources, control)
    return Coding(period=period, months=months, control=control, left_out=left_out, **told)


def _references(desk: Desk, period: Period, left_out: dict[str, str]) -> dict[str, tuple[Reference, Released]]:
    asked = {name: reference_question(which, period=period) for name, which in declared().items()}
    answers = desk.releases.prepare(list(asked.values()))
    found = dict[str, tuple[Reference, Released]]()
    for name, question in asked.items():
        answer = answers[question.identity]
        if isinstance(answer, FarrError):
            left_out[name] = str(answer)
            continue
        try:
            found[name] = desk.registered.refer_family(question, answer), answer
        except FiguresError as error:
            left_out[name] = str(error)
    return found


def _answers(
    desk: Desk, references: Mapping[str, tuple[Reference, Released]], period: Period, months: Period, left_out: dict[str, str]
) -> tuple[list[Answer], list[Released]]:
    """What was released of each indicator whose year was, and the releases: reference, year and (where there is one) months."""
    which = {name: declared()[name] for name in references}
    years = {name: year_question(which[name], reference, period=period) for name, (reference, _) in references.items()}
    by_month = {name: months_question(which[name], reference, period=months) for name, (reference, _) in references.items()}
    given = desk.releases.prepare([*years.values(), *by_month.values()])
    found, sources = list[Answer](), list[Released]()
    for name, (_, reference) in references.items():
        year, month = given[years[name].identity], given[by_month[name].identity]
        if isinstance(year, FarrError):
            left_out[name] = str(year)
            continue
        if isinstance(month, FarrError):
            left_out[f"{name} by month"] = str(month)
        found.append(_answer(which[name], reference.table, year.table, None if isinstance(month, FarrError) else month.table))
        sources += [reference, year, *([] if isinstance(month, FarrError) else [month])]
    return found, sources


def _answer(which: Indicator, reference: pa.Table, year: pa.Table, months: pa.Table | None) -> Answer:
    return Answer(which=which, dispersion=dispersion_of(which, reference), year=year, months=months)


def _derived(found: Sequence[Answer], sources: Sequence[Released], control: Control) -> dict[str, Released]:
    """The tables, each made again of the tables of the releases it is derived from."""

    def answers(*tables: pa.Table) -> list[Answer]:
        given, made = iter(tables), list[Answer]()
        for each in found:
            made.append(_answer(each.which, next(given), next(given), None if each.months is None else next(given)))
        return made

    def findings(*tables: pa.Table) -> pa.Table:
        return findings_table(answers(*tables), control)

    def readings(*tables: pa.Table) -> pa.Table:
        return readings_table(findings(*tables), answers(*tables), control)

    def providers(*tables: pa.Table) -> pa.Table:
        return providers_table(findings(*tables), answers(*tables), control)

    def by_month(*tables: pa.Table) -> pa.Table:
        return months_table(answers(*tables), control)

    made = {"findings": findings, "readings": readings, "providers": providers, "by_month": by_month}
    return {name: derive(f"coding.{name}", build, *sources) for name, build in made.items()}


def _rounded_to(sources: Sequence[Released]) -> float:
    """What figures were rounded to multiples of, as the policies of the releases say; 0: they are exact."""
    policies = discover("farr.lab.disclosure.policies", Policy)
    names = {name.strip() for each in sources for name in each.manifest.policy.split("+")}
    widest = max((policies[name].rounding_base for name in names if name in policies), default=1)
    return 0.0 if widest == 1 else float(widest)
