"""Decision: what a checker says of one held table, signed. It fits that table, that file and that agreement, and no other."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.review.docket import HeldEntry, State
from farr.lab.disclosure.review.item import ReviewError, is_same_person
from farr.lab.model.signing import is_signed, signed

_LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`sha256` is of the file that was looked at; `signature` (public key and signature, base64) is over all the rest. `login` is the
    account that the checker decided by."""

    held: str
    agreement: str
    sha256: str
    approved: bool
    checker: str
    reason: str
    on: str
    login: str = ""
    signature: Mapping[str, str]

    def content(self) -> dict[str, Any]:
        """What is signed."""
        return {name: value for name, value in asdict(self).items() if name != "signature"} | {"what": "farr output check"}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def decided(
    entry: HeldEntry, *, approved: bool, checker: str, reason: str, on: date, key: Ed25519PrivateKey, login: str = ""
) -> Decision:  # fmt: skip
    """The checker's decision, signed with their key."""
    unsigned = Decision(
        held=entry.id, agreement=entry.agreement, sha256=entry.sha256, approved=approved, checker=checker, reason=reason.strip(),
        on=on.isoformat(), login=login, signature={},
    )  # fmt: skip
    return replace(unsigned, signature=signed(unsigned.content(), key))


def check_decision(decision: Decision, entry: HeldEntry, checkers: Mapping[str, str], *, approved: bool) -> None:
    """Raises ReviewError unless a trusted checker, who is not the asker, signed this very decision about this very table, and none was made
    before. `checkers` are names by public key."""
    if entry.state is not State.WAITING:
        raise ReviewError(f"{entry.id} {_SAID[entry.state]}; nothing is left to decide")
    if (decision.held, decision.agreement, decision.sha256) != (entry.id, entry.agreement, entry.sha256):
        raise ReviewError(f"the decision is about another table than the one that is held as {entry.id}; look at it, and decide again")
    if decision.approved is not approved:
        raise ReviewError(f"the decision about {entry.id} says the opposite; decide again")
    if checkers.get(decision.signature.get("public_key", "")) != decision.checker:
        raise ReviewError(
            f"the key is not registered for a checker named '{decision.checker}'; type: farr review checker --name '{decision.checker}' "
            "--out KEYFILE --as guardian --key GUARDIANS-KEY"
        )
    if not is_signed(decision.content(), decision.signature):
        raise ReviewError(f"the decision about {entry.id} was changed after it was signed; decide again")
    _check_another_person(decision, entry)
    if not decision.reason or len(decision.reason) > _LONGEST or not decision.reason.replace("\n", " ").isprintable():
        raise ReviewError('a decision needs a reason, in words that the asker may read; write it: --reason "REASON"')
    if any(character.isnumeric() for character in decision.reason):
        raise ReviewError("others read the reason of a decision, which must hold no figure; write it in words, without digits")


def check_apart(decision: Decision, first: Decision) -> None:
    """Raises ReviewError unless two people approve, by two keys, from two accounts."""
    keys = {each.signature.get("public_key") for each in (decision, first)}
    names = ((decision.checker, first.checker), (decision.checker, first.login), (decision.login, first.checker))
    if len(keys) == 1 or any(is_same_person(one, other) for one, other in names):
        raise ReviewError(f"you approved {decision.held} already; a second checker decides too")
    if decision.login == first.login:
        raise ReviewError(
            f"{decision.held} needs two checkers, each by an account of their own, and '{decision.login}' is not yours alone; approve it "
            "logged in by another account"
        )


def standing(entry: HeldEntry, checkers: Mapping[str, str]) -> Decision | None:
    """The first approval, if it would count now as well: its checker is trusted still, and has not asked for the same since. By an account
    that is not known it is none."""
    if entry.first is None or not entry.first["login"]:
        return None
    first = Decision(**entry.first)
    try:
        check_decision(first, entry, checkers, approved=True)
    except ReviewError:
        return None
    return first


def _check_another_person(decision: Decision, entry: HeldEntry) -> None:
    for asking in entry.askings:
        if is_same_person(decision.checker, asking.who) or is_same_person(decision.checker, asking.login):
            raise ReviewError(f"{entry.id} was asked for by {asking.who}, who cannot decide on it; another checker must")
        # A refusal lets nothing out: where people share an account, what waits can still be removed.
        if decision.approved and decision.login and decision.login == asking.login:
            raise ReviewError(
                f"{entry.id} was asked for by {asking.who} from the account '{asking.login}', from which it cannot be approved; another "
                "checker must, logged in by another account"
            )


_SAID = {
    State.APPROVED: "was approved before",
    State.REFUSED: "was refused before",
    State.DESTROYED: "rests on records that were destroyed since, and went with them",
}
