"""Comparing two feeds: the same questions are put to each home, which lets out what its own gate and policy allow; no record of the one is
ever beside a record of the other, and nothing is joined by person.

What is set side by side is only what both let out. Two homes hide by secrets of their own: what the one hides, the other may show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.feeds_compared.check import FeedCheck, Judged, Pair
from farr.lab.planning.feeds_compared.questions import MONTHS, compared_questions
from farr.lab.planning.feeds_compared.side import Side, read_side
from farr.lab.planning.feeds_compared.trust import checked, deliveries_table, months_table, trust

NATIONAL, CLIENT = "the national feed", "the client's feed"


class FeedsError(FarrError):
    """Two feeds that cannot be compared; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the checks found, most of it in `checks`; `trust` in sentences; `deliveries` and `months` as tables (planning/feeds_compared/
    trust.py); `provenance` of each side's releases; `notes` what was left out."""

    organisation: str
    level: str
    period: Period
    pair: Pair
    checks: tuple[tuple[FeedCheck, Judged], ...]
    trust: tuple[str, ...]
    deliveries: pa.Table
    months: pa.Table
    provenance: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Asked:
    side: Side
    answers: Mapping[str, Released]
    refused: Mapping[str, str]


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of spells, or what is held of it. Raises FeedsError where none is."""
    held = desk.store.months(APC_SPELL.name)
    if not held:
        raise FeedsError(f"no spells are held in {desk.home.folder}; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def compare(
    national: Desk,
    client: Desk,
    *,
    organisation: str,
    level: str,
    period: Period,
    tolerances: Mapping[str, float] | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Compared:
    """One organisation's feeds over a period. Raises FeedsError where a feed has nothing of it, QuestionError for a level at which feeds
    are not compared, CheckError for a tolerance of no check; else as Desk.released."""
    if national.home.folder == client.home.folder and national.agreement == client.agreement:
        raise FeedsError("both are the same home and agreement; name the client's with --with-home (or --with-agreement)")
    desks, found = {NATIONAL: national, CLIENT: client}, dict[str, _Asked]()
    for name, desk in desks.items():
        said(f"asking the gate of {name}")
        found[name] = _asked(desk, _within(desk, period), level, organisation)
        if not found[name].side.months:
            raise FeedsError(f"{name} holds no spells of the {level} '{organisation}' in {period}; choose other months with --period")
    one, two = found[NATIONAL].side, found[CLIENT].side
    shared = tuple(sorted(set(one.months) & set(two.months)))
    if not shared:
        raise FeedsError(f"no month is held by both: {NATIONAL} {', '.join(one.months)}; {CLIENT} {', '.join(two.months)}")
    pair = Pair(national=one, client=two, shared=shared)
    checks = checked(pair, tolerances)
    return Compared(
        organisation=organisation, level=level, period=period, pair=pair, checks=tuple(checks), trust=tuple(trust(checks)),
        deliveries=deliveries_table(pair), months=months_table(pair), provenance=tuple(_provenance(found)), notes=tuple(_notes(found)),
    )  # fmt: skip


def _within(desk: Desk, period: Period) -> Period:
    """What the home's agreement covers of it. Raises FeedsError where it covers nothing."""
    covered = desk.home.agreement(desk.agreement).terms.period
    first, last = max(period.first, covered.first), min(period.last, covered.last)
    if last < first:
        raise FeedsError(f"the agreement '{desk.agreement}' of {desk.home.folder} covers {covered}, and nothing of {period}")
    return Period(first, last)


def _asked(desk: Desk, period: Period, level: str, organisation: str) -> _Asked:
    """Raises as Desk.released where the months are not let out; what else is not is left out, with the reason."""
    questions = compared_questions(level, period)
    prepared = desk.releases.prepare(questions.values())
    answers, refused = dict[str, Released](), dict[str, str]()
    for name, question in questions.items():
        answer = prepared[question.identity]
        if not isinstance(answer, FarrError):
            answers[name] = answer
        elif name == MONTHS:
            raise answer.with_traceback(None)
        else:
            refused[name] = str(answer)
    side = read_side({name: each.table for name, each in answers.items()}, level, organisation)
    return _Asked(side=side, answers=answers, refused=refused)


def _provenance(found: Mapping[str, _Asked]) -> list[tuple[str, str]]:
    return [
        (name.capitalize(), f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}")
        for name, asked in found.items()
        for each in asked.answers.values()
    ]


def _notes(found: Mapping[str, _Asked]) -> list[str]:
    notes = [f"Of {name} not compared, {which}: {why}" for name, asked in found.items() for which, why in asked.refused.items()]
    return [
        *notes,
        "Totals are of the months that both hold; shares, means and prices of all months that each holds.",
        "People are not matched: whether the two feeds hold the same stays cannot be told from counts.",
    ]
