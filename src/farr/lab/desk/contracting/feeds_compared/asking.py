"""Comparing two feeds: the same questions are put to each home, which lets out what its own gate and policy allow; no record of the one is
ever beside a record of the other, and nothing is joined by person.

What is set side by side is only what both let out. Two homes hide by secrets of their own: what the one hides, the other may show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released
from farr.lab.measures.released_rows import UNKNOWN, in_grouping
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.feeds_compared.check import FeedCheck, Judged, Pair
from farr.lab.planning.feeds_compared.questions import LEVELS, MONTHS, compared_questions, months_question
from farr.lab.planning.feeds_compared.side import Side, read_side
from farr.lab.planning.feeds_compared.trust import checked, deliveries_table, months_table, trust

NATIONAL, CLIENT = "the national feed", "the client's feed"


class FeedsError(FarrError):
    """Two feeds that cannot be compared; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the checks found, most of it in `checks`; `trust` in sentences; `deliveries` and `months` as tables (planning/feeds_compared/
    trust.py); `releases` of each side, by the feed's name; `notes` what was left out."""

    organisation: str
    level: str
    period: Period
    pair: Pair
    checks: tuple[tuple[FeedCheck, Judged], ...]
    trust: tuple[str, ...]
    deliveries: pa.Table
    months: pa.Table
    releases: Mapping[str, tuple[Released, ...]]
    notes: tuple[str, ...]

    @property
    def provenance(self) -> list[tuple[str, str]]:
        """Of each release, whose it is and what it rests on."""
        return [
            (name.capitalize(), f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}")
            for name, released in self.releases.items()
            for each in released
        ]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What one home let out: the answers by name, and why others were refused."""

    released: Mapping[str, Released]
    refused: Mapping[str, str]

    def side(self, level: str, organisation: str) -> Side:
        """One organisation's side."""
        return read_side({name: each.table for name, each in self.released.items()}, level, organisation)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Both homes' answers about a level, by the names of the feeds: of every organisation of it."""

    level: str
    period: Period
    answers: Mapping[str, Answers]

    @property
    def organisations(self) -> tuple[str, ...]:
        """The known codes of which the client's feed holds spells in some month."""
        return _codes(self.answers[CLIENT].released[MONTHS], self.level)


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of spells, or what is held of it. Raises FeedsError where none is."""
    held = desk.store.months(APC_SPELL.name)
    if not held:
        raise FeedsError(f"no spells are held in {desk.home.folder}; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def client_level(client: Desk, period: Period) -> str:
    """Of which level a client's feed is: that at which it holds fewest organisations, for the others hold a part of theirs alone. Raises
    as `ask`."""
    held = {level: _codes(client.released(months_question(level, _within(client, period))), level) for level in LEVELS}
    return min(LEVELS, key=lambda level: len(held[level]))


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
    """One organisation's feeds over a period. Raises as `ask` and `compared` do."""
    return compared(ask(national, client, level=level, period=period, said=said), organisation, tolerances)


def ask(national: Desk, client: Desk, *, level: str, period: Period, said: Callable[[str], None] = lambda _: None) -> Asked:
    """The questions of a level, put to both homes. Raises FeedsError where the two are one, or an agreement covers nothing of the period,
    QuestionError for a level at which feeds are not compared; else as Desk.released."""
    if national.home.folder == client.home.folder and national.agreement == client.agreement:
        raise FeedsError("both are the same home and agreement; name the client's with --with-home (or --with-agreement)")
    answers = dict[str, Answers]()
    for name, desk in {NATIONAL: national, CLIENT: client}.items():
        said(f"asking the gate of {name}")
        answers[name] = _answers(desk, _within(desk, period), level)
    return Asked(level=level, period=period, answers=answers)


def compared(asked: Asked, organisation: str, tolerances: Mapping[str, float] | None = None) -> Compared:
    """One organisation's feeds, of what was asked. Raises FeedsError where a feed has nothing of it, CheckError for a tolerance of no
    check."""
    sides = {name: each.side(asked.level, organisation) for name, each in asked.answers.items()}
    for name, side in sides.items():
        if not side.months:
            raise FeedsError(
                f"{name} holds no spells of the {asked.level} '{organisation}' in {asked.period}; choose other months with --period"
            )
    one, two = sides[NATIONAL], sides[CLIENT]
    shared = tuple(sorted(set(one.months) & set(two.months)))
    if not shared:
        raise FeedsError(f"no month is held by both: {NATIONAL} {', '.join(one.months)}; {CLIENT} {', '.join(two.months)}")
    pair = Pair(national=one, client=two, shared=shared)
    checks = checked(pair, tolerances)
    return Compared(
        organisation=organisation, level=asked.level, period=asked.period, pair=pair, checks=tuple(checks), trust=tuple(trust(checks)),
        deliveries=deliveries_table(pair), months=months_table(pair),
        releases={name: tuple(each.released.values()) for name, each in asked.answers.items()}, notes=tuple(_notes(asked)),
    )  # fmt: skip


def _within(desk: Desk, period: Period) -> Period:
    """What the home's agreement covers of it. Raises FeedsError where it covers nothing."""
    covered = desk.home.agreement(desk.agreement).terms.period
    first, last = max(period.first, covered.first), min(period.last, covered.last)
    if last < first:
        raise FeedsError(f"the agreement '{desk.agreement}' of {desk.home.folder} covers {covered}, and nothing of {period}")
    return Period(first, last)


def _answers(desk: Desk, period: Period, level: str) -> Answers:
    """Raises as Desk.released where the months are not let out; what else is not is left out, with the reason."""
    questions = compared_questions(level, period)
    prepared = desk.releases.prepare(questions.values())
    released, refused = dict[str, Released](), dict[str, str]()
    for name, question in questions.items():
        answer = prepared[question.identity]
        if not isinstance(answer, FarrError):
            released[name] = answer
        elif name == MONTHS:
            raise answer.with_traceback(None)
        else:
            refused[name] = str(answer)
    return Answers(released=released, refused=refused)


def _codes(months: Released, level: str) -> tuple[str, ...]:
    return tuple(sorted({code for code in in_grouping(months.table, 0)[level].to_pylist() if code not in (None, "", UNKNOWN)}))


def _notes(asked: Asked) -> list[str]:
    notes = [f"Of {name} not compared, {which}: {why}" for name, each in asked.answers.items() for which, why in each.refused.items()]
    return [
        *notes,
        "Totals are of the months that both hold; shares, means and prices of all months that each holds.",
        "People are not matched: whether the two feeds hold the same stays cannot be told from counts.",
    ]
