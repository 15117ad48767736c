"""Challenge: a rule that says of a bill why it may be asked to be changed, and what that is worth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

import ibis.expr.types as ir

from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError


class ChallengeError(FarrError):
    """A challenge that is not known; the message says which there are."""


class Standing(Enum):
    """How sure the rule is of itself. An error contradicts the record or the tariff as they were sent; a query may be right, and its
    amount is the most that looking into it can bring."""

    ERROR = "error"
    QUERY = "query"


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """`where` says of each row of `bills` whether the rule holds, `amount` what is at stake: pounds, market forces included; where that is
    null or no more than nothing, nobody is challenged. `amount` may look at the price book too, which stands beside the rows for which
    `where` held. What is said in words goes into every pack: why, its source, what each side must bring, how the amount is reckoned, and
    what is left out. `signed_off_by`: who of the contract's clinicians or accountants agreed to the rule; None: nobody yet."""

    name: str = ""
    title: str
    standing: Standing
    why: str
    source: str
    evidence: str
    worth: str
    exceptions: tuple[str, ...]
    where: Callable[[ir.Table], ir.BooleanValue]
    amount: Callable[[ir.Table], ir.Value]
    signed_off_by: str | None = None


@cache
def declared() -> Mapping[str, Challenge]:
    """Every challenge of the folder, by name."""
    return discover("farr.lab.marts.challenges", Challenge)


def challenge(name: str) -> Challenge:
    """The challenge of that name. Raises ChallengeError."""
    if name not in declared():
        raise ChallengeError(f"there is no challenge '{name}'; type: farr challenges. Known: {', '.join(declared())}")
    return declared()[name]


def in_words(name: str) -> list[str]:
    """The rule in words, a line each. Raises ChallengeError."""
    rule = challenge(name)
    return [
        f"{name}: {rule.title} ({rule.standing.value})",
        f"Why: {rule.why}",
        f"Source: {rule.source}",
        f"Evidence needed: {rule.evidence}",
        f"Worth: {rule.worth}",
        *(f"Left out: {each}" for each in rule.exceptions),
        f"Signed off by: {rule.signed_off_by or 'nobody yet'}",
    ]
