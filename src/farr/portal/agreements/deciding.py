"""Deciding on access: the Guardian and the risk owner, two people, neither the one who asks."""

from django.db import transaction

from farr.portal.access.denied import Denied
from farr.portal.access.roles import Permission
from farr.portal.agreements.models import AccessRequest, AsWhom, Decision, Ending, Outcome
from farr.portal.people.models import User
from farr.portal.trail.recording import Recorded, unrecorded

PERMISSION = {AsWhom.GUARDIAN: Permission.APPROVE_AS_GUARDIAN, AsWhom.RISK_OWNER: Permission.APPROVE_AS_RISK_OWNER}


def as_whom(permissions: frozenset[Permission]) -> AsWhom | None:
    """As whom somebody with these permissions decides; None where they do not."""
    return next((whom for whom, permission in PERMISSION.items() if permission in permissions), None)


def check_may_decide(request: AccessRequest, user: User, whom: AsWhom) -> None:
    """Raises Denied, with the reason that also stands on the disabled button."""
    if request.user.pk == user.pk:
        raise Denied("you asked for this access yourself; another Guardian or risk owner must decide on it")
    if request.state != "waiting":
        raise Denied(f"this request is {request.state}, and nothing is left to decide")
    if request.decisions.filter(as_whom=whom).exists():  # type: ignore[attr-defined]
        raise Denied(f"the {whom.label} has decided on this already")
    if request.decisions.filter(by=user).exists():  # type: ignore[attr-defined]
        raise Denied("you have decided on this already; a second person must")


@transaction.atomic
def decide(request: AccessRequest, user: User, whom: AsWhom, outcome: Outcome, reason: str, record: Recorded = unrecorded) -> Decision:
    """Raises Denied."""
    locked = AccessRequest.objects.select_for_update().get(pk=request.pk)
    check_may_decide(locked, user, whom)
    record()
    return Decision.objects.create(request=locked, as_whom=whom, by=user, outcome=outcome, reason=reason)


@transaction.atomic
def end(request: AccessRequest, user: User, reason: str, record: Recorded = unrecorded) -> Ending:
    """Ends an access before its date. Raises Denied where there is none to end."""
    locked = AccessRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state not in {"approved", "waiting"}:
        raise Denied(f"this access is {locked.state}, and cannot be ended")
    record()
    return Ending.objects.create(request=locked, by=user, reason=reason)
