"""Challenges: the questions of a scope are asked, and what was released of it is listed, most at stake first.

Every list is derived from released tables alone, and so can be made again from those that were published (see challenge_pack.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.released_rows import in_grouping, numbers, texts, worst
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.question import Question
from farr.lab.model.tables.challenge import SPELL_CHALLENGE
from farr.lab.planning.challenge_questions import (
    CHALLENGE,
    NATIONAL,
    SPELLS,
    STAKE,
    listed_question,
    monthly_question,
    once_question,
    pairs_question,
    shared_question,
    within_question,
)

_NOT_BUILT = "challenges were not worked out yet; ingest admitted care and the tariff (farr tariff --help), and type: farr build"
LISTED, SHARED, ONCE, MONTHLY, WITHIN, PAIRS = "listed", "shared", "once", "monthly", "within", "pairs"
RULES, PARTNERS, MONTHS, TOTAL = "rules", "partners", "months", "total"
_MAY_BE_REFUSED = (PAIRS, SHARED, MONTHLY)  # small numbers of few people: the rest then stands without them


class ChallengesError(FarrError):
    """Challenges that cannot be listed; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose bills: of a commissioner, a provider, or what the one sends the other; of everybody where neither is named."""

    commissioner: str | None = None
    provider: str | None = None
    period: Period

    @property
    def level(self) -> str:
        """The level of the one that is named; of a pair the commissioner's."""
        return "commissioner" if self.commissioner else "provider" if self.provider else NATIONAL

    @property
    def code(self) -> str | None:
        return self.commissioner or self.provider

    @property
    def is_pair(self) -> bool:
        return bool(self.commissioner and self.provider)

    @property
    def partner_level(self) -> str:
        """The level of those on the other side of the bills."""
        return "commissioner" if self.level == "provider" else "provider"


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Derived from what was released; null where it is hidden, and `status` says so. `rules`: challenge, spells, stake (pounds), shared (of
    the spells those under another rule too). `partners`: code, spells, stake, each spell once. `months`: challenge, month, spells, stake.
    `total`: spells and stake, each spell once. None: not asked, or refused (`refused` says why)."""

    scope: Scope
    rules: Released | None
    partners: Released | None
    months: Released | None
    total: Released
    refused: Mapping[str, str]


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month in which anything is challenged, or what is held of it. Raises ChallengesError."""
    held = desk.store.months(SPELL_CHALLENGE.name)
    if not held:
        raise ChallengesError(_NOT_BUILT)
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def questions_of(scope: Scope, *, monthly: bool) -> dict[str, Question]:
    """What must be asked for the lists of the scope, by name; the months, of which a screen has no room, only where they are wanted."""
    period, level = scope.period, scope.level
    if scope.is_pair:
        return {WITHIN: within_question(period=period), PAIRS: pairs_question(period=period)}
    asked = {LISTED: listed_question(level=level, period=period), ONCE: once_question(level=level, period=period)}
    others = {PARTNERS: once_question(level="provider", period=period)} if level == NATIONAL else {WITHIN: within_question(period=period)}
    months = {MONTHLY: monthly_question(level=level, period=period)} if monthly else {}
    return {**asked, **others, SHARED: shared_question(level=level, period=period), **months}


def challenged(
    desk: Desk, scope: Scope, said: Callable[[str], None] = lambda _: None, *, monthly: bool = False
) -> tuple[Lists, dict[str, Released]]:
    """The lists, and the releases that they rest on by the name of the question. Raises ChallengesError where nothing was built, and
    as Desk.released."""
    if desk.store.version(SPELL_CHALLENGE.name) is None:
        raise ChallengesError(_NOT_BUILT)
    answers, refused = dict[str, Released](), dict[str, str]()
    for name, question in questions_of(scope, monthly=monthly).items():
        said(f"asking the gate: {question.name}")
        try:
            answers[name] = desk.released(question)
        except Refused as refusal:
            if name not in _MAY_BE_REFUSED:
                raise
            refused[name] = str(refusal)
    return listed(scope, answers, refused), answers


def listed(scope: Scope, answers: Mapping[str, Released], refused: Mapping[str, str]) -> Lists:
    """The lists of the scope, from the answers to its questions."""
    by_rule = [answers[name] for name in (PAIRS if scope.is_pair else LISTED, SHARED) if name in answers]
    rules, partners, months = None, None, None
    if by_rule and not (scope.is_pair and PAIRS not in answers):
        rules = derive(f"{CHALLENGE}.{RULES}", partial(_rules, scope), *by_rule)
    if not scope.is_pair:
        others = answers[PARTNERS if scope.level == NATIONAL else WITHIN]
        partners = derive(f"{CHALLENGE}.{PARTNERS}", partial(_partners, scope), others)
    if MONTHLY in answers:
        months = derive(f"{CHALLENGE}.{MONTHS}", partial(_months, scope), answers[MONTHLY])
    total = derive(f"{CHALLENGE}.{TOTAL}", partial(_total, scope), answers[WITHIN if scope.is_pair else ONCE])
    return Lists(scope=scope, rules=rules, partners=partners, months=months, total=total, refused=refused)


def _rules(scope: Scope, found: pa.Table, shared: pa.Table | None = None) -> pa.Table:
    also = None if shared is None else {row[CHALLENGE]: row for row in _rows(scope, shared)}
    rows: list[dict[str, Any]] = []
    for row in _rows(scope, found):
        both = {SPELLS: 0.0} if also is not None else {SPELLS: None}
        rows.append({**row, "shared": (also or {}).get(row[CHALLENGE], both)[SPELLS]})
    return _table(sorted(rows, key=_most), [CHALLENGE], [SPELLS, STAKE, "shared"])


def _partners(scope: Scope, found: pa.Table) -> pa.Table:
    rows = [{**row, "code": row[scope.partner_level]} for row in _rows(scope, found)]
    return _table(sorted(rows, key=_most), ["code"], [SPELLS, STAKE])


def _months(scope: Scope, found: pa.Table) -> pa.Table:
    rows = sorted(_rows(scope, found), key=lambda row: (row[CHALLENGE], row["month"]))
    return _table(rows, [CHALLENGE, "month"], [SPELLS, STAKE])


def _total(scope: Scope, found: pa.Table) -> pa.Table:
    if scope.level == NATIONAL:
        found = in_grouping(found, max(found["grouping"].to_pylist(), default=0))
    return _table(_rows(scope, found), [], [SPELLS, STAKE])


def _rows(scope: Scope, found: pa.Table) -> list[dict[str, Any]]:
    """The rows of the first grouping (of the nation: of that which is asked) that are the scope's, hidden numbers null."""
    wanted = {"commissioner": scope.commissioner, "provider": scope.provider}
    named = {level: code for level, code in wanted.items() if code is not None}
    if named:
        found = in_grouping(found, 0)
    elif "provider" in found.column_names:
        found = found.filter(pa.array([code is not None for code in found["provider"].to_pylist()], pa.bool_()))
    rows = found.to_pylist()
    statuses = zip(*(texts(found, f"{name}__status") for name in (SPELLS, STAKE)), strict=True)
    spells, stakes = numbers(found, SPELLS), numbers(found, STAKE)
    for row, status, number, pounds in zip(rows, statuses, spells, stakes, strict=True):
        row |= {"status": worst(status), SPELLS: _known(number), STAKE: _known(pounds)}
    return [row for row in rows if all(row[level] == code for level, code in named.items())]


def _known(figure: float) -> float | None:
    return float(figure) if figure == figure else None  # noqa: PLR0124  what is hidden is no number


def _most(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    """Most at stake first; what is hidden last."""
    return row[STAKE] is None, -(row[STAKE] or 0.0), row.get(CHALLENGE) or row.get("code") or ""


def _table(rows: list[dict[str, Any]], words: list[str], figures: list[str]) -> pa.Table:
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in words}
    columns |= {name: pa.array([row[name] for row in rows], pa.float64()) for name in figures}
    return pa.table({**columns, "status": pa.array([row["status"] for row in rows], pa.string())})
