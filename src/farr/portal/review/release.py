"""Answers that the lab holds: what waits becomes an output to vote on, and what was voted is typed in the lab, for the portal cannot."""

import re
import shlex
from typing import Any

from django.db import transaction

from farr.lab.model.asking.client import ServiceHeld
from farr.lab.model.request import BenchmarkRequest
from farr.portal.access.denied import Denied
from farr.portal.people.models import User
from farr.portal.review.models import Kind, Output, State
from farr.portal.review.screen import check_text
from farr.portal.review.seeing import Seen
from farr.portal.review.voting import check_room
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DOES = {State.APPROVED: "approve", State.REFUSED: "refuse"}


class Waiting(ServiceHeld):
    """An answer is held, and waits for the checkers as `output`."""

    def __init__(self, held: ServiceHeld, output: Output) -> None:
        super().__init__(str(held), held.ids)
        self.output = output


def check_why(asked: BenchmarkRequest) -> None:
    """Raises LooksPersonal where the reason points to a person: checkers would read it, and the service would keep it."""
    check_text(asked.why or "", "why you need this")


@transaction.atomic
def waits(request: Any, asked: BenchmarkRequest, view: str, held: ServiceHeld, *, agreement: str, purpose: str) -> ServiceHeld:
    """What to raise of a held answer: with an output for the checkers, that of before where the person asked the same before. `view` is
    the address by which it is asked again. Without one where checkers refused it, where too many of the person's wait, and where the
    service says no id that it knows, so that it cannot be looked up."""
    ids = sorted({each for each in held.ids if _ID.fullmatch(each)})
    if not ids:
        return held
    user: User = User.objects.select_for_update().get(pk=request.user.pk)  # two clicks make one output
    before = Output.objects.filter(author=user, kind=Kind.HELD, agreement=agreement).select_related("withdrawal").prefetch_related("votes")
    for each in before:
        if sorted(each.held) == ids and each.state is not State.WITHDRAWN:
            return _refused(held, each) if each.state is State.REFUSED else Waiting(held, each)
    try:
        check_room(user)
    except Denied as full:
        return ServiceHeld(f"this is held for the output checkers, and was not sent to them: {full}", held.ids)
    title = f"{asked.measure} of {asked.level} {asked.organisation}"
    record(request, What.SUBMITTED, f"held {' '.join(ids)}", purpose=purpose, detail={"view": view})
    made = Output.objects.create(
        author=user, kind=Kind.HELD, title=title[:200], why=asked.why or "", agreement=agreement, purpose=purpose, held=ids,
        asked={"view": view, "request": asked.model_dump(mode="json")},
    )  # fmt: skip
    return Waiting(held, made)


def _refused(held: ServiceHeld, output: Output) -> ServiceHeld:
    return ServiceHeld(f"output checkers refused this; why stands under Review, output {output.pk}: ask for something coarser", held.ids)


def commands(found: Seen) -> list[str]:
    """What a checker types in the zone once it is decided here; for those who checked it alone."""
    does = _DOES.get(found.state)
    if does is None or found.output.is_file or not found.is_checker:
        return []
    return [
        f'farr review {does} {shlex.quote(id)} --checker "YOUR NAME" --key YOUR-KEY.pem --reason "YOUR REASON"' for id in found.output.held
    ]
