"""Total cost of care: what every commissioner's hospital care and care outside it came to is asked at once, one's derived from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, derive
from farr.lab.engine.reference import read_reference
from farr.lab.measures.comparison.facts import read_facts
from farr.lab.measures.norm import NormError, Peers
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.question import Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.local import LOCAL_ACTIVITY, LOCAL_CARE, SETTINGS
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.total_cost.costs import HOSPITAL_TITLES, Costs, People, monthly_costs, read_costs, read_people
from farr.lab.planning.total_cost.questions import (
    HOSPITAL,
    LEVEL,
    LOCAL,
    REGISTERED,
    hospital_questions,
    local_questions,
    monthly_questions,
)
from farr.lab.planning.total_cost.rows import HELD, IN_PART, NOT_HELD, cost_rows, months_rows

_PEERS = "similar_ten"


class TotalCostError(FarrError):
    """A total cost of care that cannot be told; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was released of a period, by name of the question; the year before where it is held; and why parts are missing."""

    period: Period
    answers: Mapping[str, Released]
    before: Mapping[str, Released]
    refused: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TotalCost:
    """`rows` a row a part and `months` by month, both derived from what was released (planning/total_cost/rows.py has their columns).
    `sources` says in words who counted each setting; `peers` are those that it is compared with."""

    organisation: str
    period: Period
    rows: Released
    months: Released
    peers: tuple[str, ...]
    sources: Mapping[str, str]
    notes: tuple[str, ...]
    releases: tuple[Released, ...]


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of spells, or of local feeds where no spells are held, or what is held of it. Raises
    TotalCostError where neither is."""
    held = desk.store.months(APC_SPELL.name) or desk.store.months(LOCAL_CARE.name)
    if not held:
        raise TotalCostError("neither spells nor local feeds are held; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def ask(desk: Desk, period: Period, said: Callable[[str], None] = lambda _: None) -> Asked:
    """Every question of the period, and of the same months a year earlier where they are held. What is not held, or not released, is left
    out with the reason; raises TotalCostError where no registered list or nothing at all is there."""
    said("asking the gate")
    asked = {**hospital_questions(period), **monthly_questions(period), **local_questions(period)}
    answers, refused = _answers(desk, asked)
    if REGISTERED not in answers:
        raise TotalCostError(
            f"no registered lists are held of {period}, by whose people costs are compared ({refused[REGISTERED]}); type: farr ingest "
            "registered_population.csv, then: farr build"
        )
    if not any(name in answers for name in (*HOSPITAL, LOCAL)):
        raise TotalCostError(f"nothing is held or shown of {period}: {'; '.join(refused.values())}")
    earlier = Period(period.first.plus(-12), period.last.plus(-12))
    held = desk.store.months(APC_SPELL.name)
    before: dict[str, Released] = {}
    if all(month in held for month in earlier.months()):
        said("asking the gate about the year before")
        before, _ = _answers(desk, {**hospital_questions(earlier), **local_questions(earlier)})
    return Asked(period=period, answers=answers, before=before, refused=refused)


def total_cost_of(desk: Desk, asked: Asked, organisation: str) -> TotalCost:
    """One commissioner's. Raises TotalCostError where nothing is known of it."""
    names, earlier = list(asked.answers), list(asked.before)
    months = len(list(asked.period.months()))
    every = read_costs({name: each.table for name, each in asked.answers.items()}, months)
    if not any(organisation in each for each in every.cost.values()):
        raise TotalCostError(f"nothing is held of the commissioner '{organisation}' in {asked.period}; name one that pays for care")
    peers, no_peers = _peers(desk, organisation, every)

    def rows(*tables: pa.Table) -> pa.Table:
        now, then = dict(zip(names, tables, strict=False)), dict(zip(earlier, tables[len(names) :], strict=True))
        before = read_costs(then, months) if then else None
        people = read_people(now[REGISTERED], months)
        return cost_rows(organisation, read_costs(now, months), people, peers=peers, before=before)

    releases = (*asked.answers.values(), *asked.before.values())
    series = [each for name, each in asked.answers.items() if name.endswith("_monthly")]
    by_month = partial(_by_month, organisation, [name for name in names if name.endswith("_monthly")], asked.period)
    found = derive("total_cost.rows", rows, *releases)
    people = read_people(asked.answers[REGISTERED].table, months)
    return TotalCost(
        organisation=organisation, period=asked.period, rows=found, months=derive("total_cost.months", by_month, *series), peers=peers,
        sources=_sources(desk, asked.period, organisation), releases=releases,
        notes=(*_notes(asked, found.table, people, organisation), *no_peers),
    )  # fmt: skip


def organisations_of(asked: Asked) -> list[str]:
    """The commissioners that have a figure."""
    months = len(list(asked.period.months()))
    known = read_costs({name: each.table for name, each in asked.answers.items()}, months)
    people = read_people(asked.answers[REGISTERED].table, months)
    return sorted({code for each in known.cost.values() for code in each} & set(people.by_stratum))


def _by_month(organisation: str, names: Sequence[str], period: Period, *tables: pa.Table) -> pa.Table:
    months = [str(month) for month in period.months()]
    return months_rows(monthly_costs(dict(zip(names, tables, strict=True)), organisation, months), months)


def _answers(desk: Desk, asked: Mapping[str, Question]) -> tuple[dict[str, Released], dict[str, str]]:
    answers, refused = dict[str, Released](), dict[str, str]()
    prepared = desk.releases.prepare(asked.values())
    for name, question in asked.items():
        answer = prepared[question.identity]
        if isinstance(answer, FarrError):
            refused[name] = str(answer)
        else:
            answers[name] = answer
    return answers, refused


def _peers(desk: Desk, organisation: str, costs: Costs) -> tuple[tuple[str, ...], list[str]]:
    """The ten commissioners most like it; none, and why, where their features are not held."""
    codes = sorted({code for each in costs.cost.values() for code in each})
    norm = desk.norm(_PEERS)
    try:
        facts = read_facts(LEVEL, {name: read_reference(desk.store, TABLES[name]) for name in norm.tables}, peers=(), count=None)
        members = norm.members(
            Peers(level=LEVEL, codes=tuple(codes), region=("",) * len(codes), selected=codes.index(organisation), facts=facts)
        )
    except NormError as error:
        return (), [f"Without peers: {error}."]
    return tuple(code for code, is_member in zip(codes, members.tolist(), strict=True) if is_member and code != organisation), []


def _sources(desk: Desk, period: Period, organisation: str) -> dict[str, str]:
    """By setting who counted it; of hospital care, what is held."""
    found = dict.fromkeys(HOSPITAL_TITLES, "the hospital feed, as paid")
    if desk.store.version(LOCAL_ACTIVITY.name) is None:
        return found
    table = read_reference(desk.store, LOCAL_ACTIVITY)
    names: dict[str, dict[str, None]] = {}
    practices = {code for (level, code), parent in desk.organisations.parents.items() if level == "practice" and parent == organisation}
    months = {str(month) for month in period.months()}
    columns = (table[name].to_pylist() for name in ("Care_Setting", "Source", "Commissioner_Code", "GP_Practice_Code", "Activity_Month"))
    for setting, source, code, practice, month in zip(*columns, strict=True):
        if month in months and (code == organisation or (code is None and practice in practices)):
            names.setdefault(setting, {})[source] = None
    return {**found, **{setting: ", ".join(each) for setting, each in names.items()}}


def _notes(asked: Asked, rows: pa.Table, people: People, organisation: str) -> list[str]:
    told = {row["part"]: row for row in rows.to_pylist()}
    names = {**HOSPITAL_TITLES, **SETTINGS}
    months = len(list(asked.period.months()))
    missing = [names[part].lower() for part in names if told[part]["status"] == NOT_HELD]
    notes = [f"Not held, and so in no sum: {', '.join(missing)}."] if missing else []
    notes += [
        f"{names[part]} is held of {told[part]['months']:.0f} of {months} months: it is in what is spent, and in no comparison."
        for part in names
        if told[part]["status"] == IN_PART
    ]
    unaged = [names[part].lower() for part in names if told[part]["status"] == HELD and told[part]["ratio"] is None]
    if unaged:
        notes.append(f"Too little is told by age, and no ratio is given, of: {', '.join(unaged)}. The ratio of a sum leaves it out.")
    notes.append(
        f"Per head: {people.total([organisation]):,.0f} person-years of registered people"
        + ("." if people.months == months else f", by the lists of {people.months} of {months} months.")
    )
    if not asked.before:
        notes.append("Growth is not told: the same months of the year before are not held.")
    for name, why in asked.refused.items():
        if not name.endswith("_monthly"):
            notes.append(f"Left out, {names.get(name, name.replace('_', ' ')).lower()}: {why}")
    return notes
