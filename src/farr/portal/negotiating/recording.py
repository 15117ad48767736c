"""Recording a negotiation: the audit first, then a row that nobody changes."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from farr.lab.model.showing.statement import Statement
from farr.portal.access.denied import Denied
from farr.portal.agreements.grants import Grant, check_granted, check_trained
from farr.portal.negotiating.models import Entry, Negotiation, Step
from farr.portal.people.models import User
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What


@transaction.atomic
def begin(request: Any, found: Statement, grant: Grant, said: dict[str, Any]) -> Entry:
    """A negotiation about a statement, with its first entry."""
    about = f"negotiation about {found.kind} {found.name} {found.level} {found.organisation}"
    record(request, What.WROTE, about, purpose=grant.purpose)
    made = Negotiation.objects.create(
        level=found.level, organisation=found.organisation, kind=found.kind, name=found.name, title=found.title, finding=found.finding,
        made_at=found.made_at, releases=[str(each["release_id"]) for each in found.releases], agreement=found.agreement,
        author=request.user,
    )  # fmt: skip
    return _entry(made, 1, request.user, said)


@transaction.atomic
def add(request: Any, negotiation: Negotiation, grant: Grant, said: dict[str, Any]) -> Entry:
    """Its next entry. Raises Denied where another was written meanwhile, after which this one does not come."""
    locked = Negotiation.objects.select_for_update().get(pk=negotiation.pk)
    entries = locked.every
    check_step(Step(said["step"]), {entry.step for entry in entries})
    number = entries[-1].number + 1
    record(request, What.WROTE, f"negotiation {locked.pk} entry {number}", purpose=grant.purpose)
    return _entry(locked, number, request.user, said)


def check_step(step: Step, done: set[str]) -> None:
    """Raises Denied where a step comes before the one that it rests on."""
    before = {Step.AGREED: Step.PROPOSED, Step.DELIVERED: Step.AGREED}.get(step)
    if before is not None and before.value not in done:
        raise Denied(f"nothing was {before.value} yet, and so nothing can be {step.value}")


def opened(number: int, user: User) -> tuple[Negotiation, Grant]:
    """Raises Denied, in the same words whether there is none or the person may not open it."""
    check_trained(user)
    refused = Denied(f"there is no negotiation {number} that you may open")
    found = _negotiations().filter(pk=number).first()
    if found is None:
        raise refused
    try:
        return found, check_granted(user, found.agreement, found.level, found.organisation)
    except Denied:
        raise refused from None


def all_opened(user: User, held: list[Grant]) -> list[Negotiation]:
    """Those about organisations that the person was granted, the newest first."""
    check_trained(user)
    return [
        found
        for found in _negotiations().order_by("-pk")
        if any(grant.agreement == found.agreement and grant.covers(found.level, found.organisation) for grant in held)
    ]


def _negotiations():  # noqa: ANN202  a query set
    return Negotiation.objects.select_related("author").prefetch_related(Prefetch("entries", queryset=Entry.objects.select_related("by")))


def _entry(negotiation: Negotiation, number: int, user: User, said: dict[str, Any]) -> Entry:
    return Entry.objects.create(
        negotiation=negotiation, number=number, step=said["step"], on=said["on"], text=said["text"], pounds=said["pounds"], by=user
    )  # fmt: skip
