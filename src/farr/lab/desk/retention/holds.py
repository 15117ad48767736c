"""Legal holds: what may not be destroyed, whatever the retention, until the one who held it (or a peer) lets it go.

Each is a signed line of a hash chain, `holds/<agreement>.jsonl` of the home folder. A line that does not fit, or was not signed by a
trusted guardian or risk owner, stops every destruction: what cannot be read may be a hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.home import Home, today
from farr.lab.desk.retention.errors import HoldError
from farr.lab.model.agreement import Signatory, read_agreement
from farr.lab.model.durable.chain import Chain
from farr.lab.model.period import Month, Period
from farr.lab.model.signing import is_signed, signed


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Months of some datasets (none named: of all) that may not be destroyed; `released` says by whom and when it was lifted."""

    id: str
    agreement: str
    datasets: tuple[str, ...]
    months: Period
    reason: str
    by: str
    role: str
    on: str
    released: str | None = None

    def covers(self, datasets: Sequence[str], before: Month) -> bool:
        """Whether it stands against destroying what these datasets hold before a month."""
        named = not self.datasets or bool(set(self.datasets) & set(datasets))
        return self.released is None and named and self.months.first < before


def holds(home: Home, agreement: str) -> list[Hold]:
    """Every hold ever placed on an agreement's records, oldest first. Raises ChainError and HoldError where one cannot be trusted."""
    found: dict[str, Hold] = {}
    for link in _chain(home, agreement).links():
        said = _trusted(home, agreement, link.number, link.content)
        if said["event"] == "hold":
            found[said["id"]] = _hold(said)
        elif said["id"] in found:
            released = f"{said['name']} as {said['role']}, {said['on']}: {said['reason']}"
            found[said["id"]] = replace(found[said["id"]], released=released)
    return list(found.values())


def place(
    home: Home, agreement: str, *, datasets: Sequence[str], months: Period, reason: str, role: Signatory, key: Ed25519PrivateKey
) -> Hold:
    """Places a hold, signed. Raises HoldError without a reason, or for a dataset that the agreement does not name."""
    terms = read_agreement(home.agreement_path(agreement)).terms
    unknown = [name for name in datasets if name not in terms.datasets]
    if unknown:
        raise HoldError(f"agreement '{agreement}' has no dataset '{unknown[0]}'; it has: {', '.join(terms.datasets)}")
    number = len(holds(home, agreement)) + 1
    said = _said(home, "hold", f"{agreement}-{number}", agreement, reason, role, key)
    said |= {"datasets": list(datasets), "months": str(months)}
    _chain(home, agreement).append({**said, "signed": signed(said, key)})
    return _hold(said)


def lift(home: Home, agreement: str, hold: str, *, reason: str, role: Signatory, key: Ed25519PrivateKey) -> Hold:
    """Lifts a hold, signed. Raises HoldError where there is none of that name that stands."""
    standing = [each.id for each in holds(home, agreement) if each.released is None]
    if hold not in standing:
        raise HoldError(f"no hold '{hold}' stands on agreement '{agreement}'; those that stand: {', '.join(standing) or 'none'}")
    said = _said(home, "release", hold, agreement, reason, role, key)
    _chain(home, agreement).append({**said, "signed": signed(said, key)})
    return next(each for each in holds(home, agreement) if each.id == hold)


def _said(home: Home, event: str, id: str, agreement: str, reason: str, role: Signatory, key: Ed25519PrivateKey) -> dict[str, Any]:
    if not reason.strip():
        raise HoldError('a hold is placed and lifted for a reason; write it: --reason "REASON"')
    name = home.signatory_name(role, key)
    who = {"name": name, "role": role.value, "on": today().isoformat()}
    return {"event": event, "id": id, "agreement": agreement, "reason": reason.strip(), **who}


def _trusted(home: Home, agreement: str, number: int, content: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in content.items() if name != "signed"}
    signature = content.get("signed", {})
    trusted = {each for keys in home.trusted_signatories().values() for each in keys}
    if said.get("agreement") != agreement or signature.get("public_key") not in trusted or not is_signed(said, signature):
        raise HoldError(
            f"line {number} of {_chain(home, agreement).path} was not signed by a guardian or risk owner that this installation trusts; "
            "nothing is destroyed before it is cleared up; restore the file from a backup"
        )
    return said


def _hold(said: dict[str, Any]) -> Hold:
    return Hold(
        id=said["id"], agreement=said["agreement"], datasets=tuple(said["datasets"]), months=Period.parse(said["months"]),
        reason=said["reason"], by=said["name"], role=said["role"], on=said["on"],
    )  # fmt: skip


def _chain(home: Home, agreement: str) -> Chain:
    return Chain(home.folder / "holds" / f"{agreement}.jsonl")
