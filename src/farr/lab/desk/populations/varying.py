"""How admissions of a kind vary between places: questions are asked, and everything shown is worked out from what was released."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.comparing import CONFIDENCE, beside_expected, shown
from farr.lab.desk.populations.people import people_of
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.released_rows import FloatArray, in_grouping, numbers, texts
from farr.lab.measures.statistics import EUROPEAN_2013, directly_standardised_rate
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.variation.indices import FEW_EXPECTED, indices
from farr.lab.planning.variation.interest import Interest
from farr.lab.planning.variation.questions import EVENTS, VARIATION, ages_question, nation_question, places_question
from farr.lab.planning.variation.random_effects import RandomEffects, random_effects
from farr.lab.planning.variation.strata import AGES, SEXES, People, placed

PER = 100_000
_DIRECT = "direct_rate", "direct_lower", "direct_upper"


class VariationError(FarrError):
    """Variation that cannot be looked at; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Varied:
    """Derived from what was released. `rows`: code, observed, people (person-years), expected, ratio with lower and upper (95%), rate
    (indirectly standardised, per 100,000 people a year), shrunk (empirical Bayes) and direct_rate (where it was asked for), each with its
    limits, is_small, status; null where hidden. `indices`: name, value, lower, upper."""

    interest: Interest
    level: str
    period: Period
    people: People
    rows: Released
    indices: Released


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of spells, or what is held of it. Raises VariationError where none is."""
    held = desk.store.months(APC_SPELL.name)
    if not held:
        raise VariationError("no spells are held, whose variation could be looked at; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def varied(
    desk: Desk, which: Interest, *, level: str, period: Period, direct: bool = False, said: Callable[[str], None] = lambda _: None
) -> Varied:
    """How the interest varies between the places of a level. `direct` asks for places' own ages too. Raises NoPeople, FiguresError,
    QuestionError for a level that is none, and as Desk.released."""
    places, nation = places_question(which, level=level, period=period), nation_question(which, period=period)
    people = people_of(desk.store, level, period)
    asked = [places, nation, *([ages_question(which, level=level, period=period)] if direct else [])]
    sources = list[Released]()
    for question in asked:
        said(f"asking the gate: {question.name}")
        sources.append(desk.released(question))
    said("comparing")
    rows = derive(f"{VARIATION}.{which.name}", partial(_compared, people, level), *sources)
    index = derive(f"{VARIATION}.{which.name}.indices", _indices, rows)
    return Varied(interest=which, level=level, period=period, people=people, rows=rows, indices=index)


def _compared(people: People, level: str, places: pa.Table, nation: pa.Table, ages: pa.Table | None = None) -> pa.Table:
    found = beside_expected(people, level, places, nation, EVENTS)
    ratio, national = found.ratio, PER * found.national
    shrunk = _shrunk(random_effects(found.observed, found.expected), len(people.areas))
    columns = {
        "observed": found.observed, "people": found.person_years, "expected": found.expected,
        "ratio": ratio.ratio, "lower": ratio.lower, "upper": ratio.upper,
        "rate": ratio.ratio * national, "rate_lower": ratio.lower * national, "rate_upper": ratio.upper * national,
        "shrunk": shrunk[0], "shrunk_lower": shrunk[1], "shrunk_upper": shrunk[2],
        **dict(zip(_DIRECT, _direct(people, level, ages), strict=True)),
    }  # fmt: skip
    order = np.lexsort((np.array(people.areas), np.where(np.isnan(ratio.ratio), np.inf, ratio.ratio)))
    made = pa.table(
        {
            "code": pa.array(list(people.areas), pa.string()),
            **{name: shown(figures) for name, figures in columns.items()},
            "is_small": pa.array(found.expected < FEW_EXPECTED, pa.bool_()),
            "status": pa.array(found.status, pa.string()),
        }
    )
    return made.take(pa.array(order))


def _shrunk(model: RandomEffects | None, places: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    if model is None:
        nothing = np.full(places, np.nan)
        return nothing, nothing, nothing
    return model.shrunk, model.shrunk_lower, model.shrunk_upper


def _direct(people: People, level: str, ages: pa.Table | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rates at the ages and sexes of the European Standard Population 2013, where every age of a place is shown, or there is nobody."""
    nothing = np.full(len(people.areas), np.nan)
    if ages is None:
        return nothing, nothing, nothing
    events = placed(in_grouping(ages, 0), (level, "age_group", "sex"), (people.areas, AGES, SEXES), EVENTS)
    weights = np.repeat(EUROPEAN_2013.by_group(AGES)[:, None], len(SEXES), axis=1).ravel()
    persons = people.person_years.sum(axis=-1)
    shape = (len(people.areas), len(AGES) * len(SEXES))
    found = directly_standardised_rate(events.reshape(shape), persons.reshape(shape), weights, confidence=CONFIDENCE)
    return PER * found.rate, PER * found.lower, PER * found.upper


def _indices(rows: pa.Table) -> pa.Table:
    observed, expected, people = (numbers(rows, name) for name in ("observed", "expected", "people"))
    found = indices(observed, expected, people, rounded_to=_rounded_to(rows))
    model = random_effects(observed, expected)
    nothing = float("nan")
    lines: list[tuple[str, float, float, float]] = [
        ("places", float(found.places), nothing, nothing),
        ("hidden", float(np.isnan(observed).sum()), nothing, nothing),
        ("small", float((expected < FEW_EXPECTED).sum()), nothing, nothing),
        ("extremal", found.extremal, nothing, nothing),
        ("trimmed", found.trimmed, nothing, nothing),
        ("trimmed_each", float(found.trimmed_each), nothing, nothing),
        ("p95_5", found.p95_5, nothing, nothing),
        ("p75_25", found.p75_25, nothing, nothing),
        ("variation", found.variation, nothing, nothing),
        ("weighted_variation", found.weighted_variation, nothing, nothing),
        ("by_chance", found.by_chance, nothing, nothing),
        ("systematic", found.systematic, nothing, nothing),
        ("chi_squared", found.chi_squared, nothing, nothing),
        ("degrees", float(found.degrees), nothing, nothing),
        ("p_value", found.p_value, nothing, nothing),
    ]
    if model is not None:
        lines += [("variance", model.variance, model.lower, model.upper), ("no_variation", model.p_value, nothing, nothing)]
    names, *figures = zip(*lines, strict=True)
    return pa.table(
        {"name": pa.array(names, pa.string())}
        | {name: shown(np.array(each)) for name, each in zip(("value", "lower", "upper"), figures, strict=True)}
    )


def _rounded_to(rows: pa.Table) -> float:
    """What released counts are multiples of, where the gate rounded any."""
    rounded = [
        int(each) for each, status in zip(rows["observed"].to_pylist(), texts(rows, "status"), strict=True) if status == "rounded" and each
    ]
    return float(np.gcd.reduce(rounded)) if rounded else 1.0
