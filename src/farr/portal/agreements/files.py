"""The signed agreements, as the lab wrote them: read anew when a file changes, and checked each time that something rests on one."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from farr.lab.model.agreement import Agreement, AgreementError, Signatory, read_agreement
from farr.portal.installation import Installation
from farr.portal.settings import FARR

_read: dict[Path, tuple[int, Agreement]] = {}


def today() -> date:
    """The civil date, by which agreements and access begin and end."""
    return timezone.localdate()


@dataclass(frozen=True, kw_only=True)
class Held:
    """The agreements that are held, live or not, by the names of their files; and how many files could not be read as one."""

    agreements: list[Agreement]
    unreadable: int


def held(settings: Installation = FARR) -> Held:
    """File by file: what is wrong with one hides no other."""
    found, unreadable = list[Agreement](), 0
    for path in sorted(settings.place(settings.agreements).glob("*.json")):
        try:
            found.append(_agreement(path))
        except (AgreementError, OSError):
            unreadable += 1
    return Held(agreements=found, unreadable=unreadable)


def live(id: str, purpose: str | None = None, settings: Installation = FARR) -> Agreement:
    """The agreement, if two trusted signatories signed it, it runs today, and it is for the purpose. Raises AgreementError."""
    path = settings.place(settings.agreements) / f"{id}.json"
    if not id or Path(id).name != id or not path.is_file():
        raise AgreementError(f"no agreement '{id}' is held here")
    agreement = _agreement(path)
    if agreement.terms.id != id:
        raise AgreementError(f"the file of agreement '{id}' holds another: its name must be the agreement's id")
    agreement.check_approved(trusted(settings))
    agreement.check_live(today())
    if purpose is not None:
        agreement.check_purpose(purpose)
    return agreement


def is_live(agreement: Agreement, settings: Installation = FARR) -> bool:
    """Whether it is in force: this one, and not another file that says it is the same."""
    try:
        return live(agreement.terms.id, settings=settings) == agreement
    except AgreementError:
        return False


def trusted(settings: Installation = FARR) -> dict[Signatory, frozenset[str]]:
    """Public keys trusted to sign agreements, by role. Raises AgreementError."""
    path = settings.place(settings.signatories)
    try:
        known: dict[str, list[dict[str, str]]] = json.loads(path.read_text(encoding="utf-8"))
        return {role: frozenset(entry["public_key"] for entry in known.get(role.value, [])) for role in Signatory}
    except (OSError, ValueError, KeyError, TypeError):
        raise AgreementError(f"{path} cannot be read: without it no agreement is known to be signed") from None


def _agreement(path: Path) -> Agreement:
    changed = path.stat().st_mtime_ns
    held = _read.get(path)
    if held is None or held[0] != changed:
        held = _read[path] = (changed, read_agreement(path))
    return held[1]
