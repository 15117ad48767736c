"""Opportunities found: the benchmarks of every valued measure are asked, and what they come to is derived from the releases alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.desk import Desk
from farr.lab.desk.figures import Row, rows
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.norm import Norm
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.opportunity.assess import (
    Compared,
    Opportunity,
    Organisation,
    Settings,
    Together,
    assess,
    ranked,
    without_overlaps,
)
from farr.lab.planning.opportunity.mitigating import as_mitigation
from farr.lab.planning.opportunity.pools import OpportunityError
from farr.lab.planning.opportunity.prices import bed_days, price
from farr.lab.planning.opportunity.questions import OPPORTUNITY, opportunity_questions
from farr.lab.planning.opportunity.value import Means, declared
from farr.lab.planning.projection.mitigation import Mitigation

DEFAULT_NORM = "best_five_of_ten"
_OF_BEST = "similar_ten"
SETTINGS = Settings()


@dataclass(frozen=True, kw_only=True)
class Found:
    """An organisation's opportunities, most first, and what they come to by what the money would be. `table` is the same as data, derived
    from `releases`; `left_out`: measures that could not be valued, and why; `short`: months that are in nobody's figures, by measure."""

    organisation: str
    name: str
    level: str
    norm: Norm
    period: Period
    settings: Settings
    opportunities: tuple[Opportunity, ...]
    together: Mapping[Means, Together]
    table: Released
    releases: tuple[Released, ...]
    left_out: tuple[tuple[str, str], ...]
    short: tuple[tuple[str, str], ...]


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of spells held, or what is held of it. Raises OpportunityError."""
    held = desk.store.months(APC_SPELL.name)
    if not held:
        raise OpportunityError("no spells are held, from which opportunities are made; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def check_norm(norm: Norm) -> None:
    """Raises OpportunityError for a norm that is no group of organisations, or one that needs more than its name."""
    if norm.months_back is not None or "peers" in norm.options:
        raise OpportunityError(
            f"opportunities are not worked out against '{norm.name}'; norms: best_five_of_ten, similar_ten, national, region, "
            "same_deprivation"
        )


def find(
    desk: Desk,
    organisation: str,
    *,
    norm: str = DEFAULT_NORM,
    period: Period | None = None,
    level: str | None = None,
    settings: Settings = SETTINGS,
    only: Sequence[str] | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Found:
    """`only`: these of the valued measures. Raises FarrError of some kind, which says what to type."""
    chosen, at = desk.norm(norm), desk.level(organisation, level)
    check_norm(chosen)
    span = period or latest_year(desk)
    prices, why = _prices(desk, at, span, said)
    names = [name for name in declared() if at in desk.measure(name).levels and (only is None or name in only)]
    benchmarks, left_out = _benchmarks(desk, organisation, chosen, span, at, names, said)
    made: list[Opportunity] = []
    sources: list[Released] = [*prices.values()]
    tables = {name: each.table for name, each in prices.items()}
    for measure, (classic, members) in benchmarks.items():
        value = declared()[measure]
        each = price(value.price, tables, at, organisation)
        try:
            if each is None:
                raise OpportunityError(f"it has no price ({value.price.value}): hidden, or not held{why}")
            made.append(assess(_compared(classic, members, chosen), value, each, settings))
            sources += [classic.rows] if members is classic else [classic.rows, members.rows]
        except FarrError as error:
            left_out.append((measure, str(error)))
    opportunities, together = without_overlaps(ranked(made), bed_days(tables, at, organisation))
    if not sources:
        raise OpportunityError(f"nothing of {organisation} can be valued: {left_out[0][1] if left_out else 'no measure is valued'}")
    named = desk.organisations.of_level(at).get(organisation, organisation)
    return Found(
        organisation=organisation, name=named, level=at, norm=chosen, period=span, settings=settings,
        opportunities=tuple(opportunities), together=together,
        table=derive(f"{OPPORTUNITY}.{organisation}", partial(_table, opportunities), *sources),
        releases=tuple(sources), left_out=tuple(sorted(left_out)),
        short=_short(benchmarks),
    )  # fmt: skip


def mitigations_of(found: Found, measures: Sequence[str]) -> tuple[Mitigation, ...]:
    """The opportunities of these measures as mitigations of a projection. Raises OpportunityError for one that was not found."""
    by_name, why = {each.measure.name: each for each in found.opportunities}, dict(found.left_out)
    missing = [name for name in measures if name not in by_name]
    if missing:
        raise OpportunityError(f"'{missing[0]}' is no mitigation of {found.organisation}: {why.get(missing[0], 'not made at this level')}")
    return tuple(as_mitigation(by_name[name]) for name in dict.fromkeys(measures))


def _prices(desk: Desk, level: str, period: Period, said: Callable[[str], None]) -> tuple[dict[str, Released], str]:
    """The releases that prices rest on, by name; and the first reason why one is missing."""
    found, why = dict[str, Released](), ""
    for name, question in opportunity_questions(level, period).items():
        said(f"asking the gate: {question.name}")
        if desk.store.version(question.table.name) is None:
            why = why or f"; {question.table.title.lower()}: not built"
            continue
        try:
            found[name] = desk.released(question)
        except FarrError as error:
            why = why or f"; {error}"
    return found, why


def _benchmarks(
    desk: Desk, organisation: str, norm: Norm, period: Period, level: str, names: Sequence[str], said: Callable[[str], None]
) -> tuple[dict[str, tuple[Benchmark, Benchmark]], list[tuple[str, str]]]:
    """By measure the benchmark against the norm, and that whose members the norm is chosen from; and measures that have none."""
    norms = (norm.name, _OF_BEST) if norm.best is not None else (norm.name,)
    requests = [
        BenchmarkRequest(organisation=organisation, measure=name, norm=each, period=str(period), level=level)
        for name in names
        for each in norms
    ]
    answers = iter(desk.answer_many(requests, said))
    found, left_out = dict[str, tuple[Benchmark, Benchmark]](), list[tuple[str, str]]()
    for name in names:
        answered = [next(answers) for _ in norms]
        wrong = [each for each in answered if isinstance(each, FarrError)]
        right = [each for each in answered if isinstance(each, Benchmark)]
        if wrong:
            left_out.append((name, str(wrong[0])))
        else:
            found[name] = (right[0], right[-1])
    return found, left_out


def _short(benchmarks: Mapping[str, tuple[Benchmark, Benchmark]]) -> tuple[tuple[str, str], ...]:
    months = {name: ", ".join(str(each.month) for each in found.left_out) for name, (found, _) in benchmarks.items()}
    return tuple((name, said) for name, said in months.items() if said)


def _compared(classic: Benchmark, members: Benchmark, norm: Norm) -> Compared:
    """Raises OpportunityError where the organisation's figure, or that of its norm, is not shown."""
    own = next((row for row in rows(classic) if row.is_selected), None)
    known = None if own is None else _organisation(own)
    if own is None or known is None:
        raise OpportunityError("the organisation's own figure is not shown (small numbers), or it has none")
    if own.norm_value is None:
        raise OpportunityError("the norm has no figure that is shown")
    inside = [row for row in rows(members) if row.in_norm]
    shown = [each for row in inside if (each := _organisation(row)) is not None]
    return Compared(
        measure=classic.measure, own=known, members=tuple(shown), best=norm.best, norm_value=own.norm_value, hidden=len(inside) - len(shown)
    )  # fmt: skip


def _organisation(row: Row) -> Organisation | None:
    """None where a figure of it is hidden, or its interval has no width: nothing tells then what chance there is in it."""
    if row.numerator is None or not row.denominator or row.value is None or row.lower is None or row.upper is None:
        return None
    if not row.upper > row.lower or not row.value > 0:
        return None
    return Organisation(
        code=row.organisation, numerator=row.numerator, denominator=row.denominator, value=row.value, lower=row.lower, upper=row.upper
    )  # fmt: skip


def _table(found: Sequence[Opportunity], *_: pa.Table) -> pa.Table:
    rows = [row_of(each) for each in found]
    return pa.table({name: pa.array([row[name] for row in rows], _type(name)) for name in _ORDER})


def row_of(each: Opportunity) -> dict[str, Any]:
    """An opportunity as data."""
    gain = each.gain
    return {
        "measure": each.measure.name, "title": each.measure.title, "means": each.value.means.value, "unit": each.measure.unit,
        "own": each.own, "shrunken": each.shrunken, "norm_value": each.norm_value, "members": each.members, "hidden_members": each.hidden,
        "price": each.price.pounds, "price_is": each.value.price.value, "price_of": each.price.whose,
        "classic": each.classic, "classic_is_significant": each.is_significant, "units": each.units, "units_are": each.value.units,
        "gain": gain.median, "lower_80": gain.lower_80, "upper_80": gain.upper_80, "lower_95": gain.lower_95, "upper_95": gain.upper_95,
        "probability": gain.probability, "is_counted": each.is_counted, "kept": each.kept,
    }  # fmt: skip


_TEXTS = ("measure", "title", "means", "unit", "price_is", "price_of", "units_are")
_COUNTS, _FLAGS = ("members", "hidden_members"), ("classic_is_significant", "is_counted")
_ORDER = (
    "measure", "title", "means", "unit", "own", "shrunken", "norm_value", "members", "hidden_members", "price", "price_is", "price_of",
    "classic", "classic_is_significant", "units", "units_are", "gain", "lower_80", "upper_80", "lower_95", "upper_95", "probability",
    "is_counted", "kept",
)  # fmt: skip


def _type(name: str) -> pa.DataType:
    return pa.string() if name in _TEXTS else pa.int64() if name in _COUNTS else pa.bool_() if name in _FLAGS else pa.float64()
