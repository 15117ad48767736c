"""Voting on output: two checkers who know nothing of each other's vote, neither its author; a third where the two disagree."""

from django.db import transaction
from django.http import HttpRequest

from farr.portal.access.denied import Denied
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import check_trained
from farr.portal.people.models import User
from farr.portal.review.models import Comment, Output, State, Vote, Withdrawal, decided
from farr.portal.review.store import remove_refused
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

MOST_WAITING = 20
"""Outputs of one person that may wait at once."""
_OPEN = (State.WAITING, State.SPLIT)
_DECIDED = {State.APPROVED: What.APPROVED, State.REFUSED: What.REFUSED}


def check_room(user: User) -> None:
    """Raises Denied where so many of the person's outputs wait that they may send no more."""
    own = Output.objects.filter(author=user, withdrawal__isnull=True).select_related("withdrawal").prefetch_related("votes")
    if sum(each.state in _OPEN for each in own) >= MOST_WAITING:
        raise Denied(f"{MOST_WAITING} outputs of yours wait already; withdraw what you no longer need, or wait until some are decided")


def check_may_vote(
    output: Output, user: User, *, permissions: frozenset[Permission] | None = None, sent: frozenset[str] | None = None
) -> None:
    """Raises Denied, with the reason that also stands on the disabled button. It tells nothing of other votes while they are hidden.
    `permissions` of the person, and what they `sent`, are looked up where they are not known yet."""
    permissions = user.permissions if permissions is None else permissions
    if Permission.CHECK_OUTPUT not in permissions:
        raise Denied("only output checkers vote on output")
    if output.author_id == user.pk or output.contents & (sent_by(user) if sent is None else sent):  # type: ignore[attr-defined]
        raise Denied("this output is your own, or you sent the same; two others must look at it")
    if Permission.SEE_AUDIT in permissions:
        raise Denied("you may read the audit, which says who voted already; a checker who cannot must look at this")
    check_trained(user)
    if any(vote.by_id == user.pk for vote in output.cast):  # type: ignore[attr-defined]
        raise Denied("you have voted on this already, and a vote is not changed")
    if output.state not in _OPEN:
        raise Denied(f"this output is {output.state}, and nothing is left to vote on")


def sent_by(user: User) -> frozenset[str]:
    """The contents of all that the person ever sent."""
    return frozenset().union(*(each.contents for each in Output.objects.filter(author=user)))


def vote(request: HttpRequest, output: Output, user: User, outcome: Vote.Outcome, reason: str) -> State:
    """Casts it, and writes it down before; where it refuses, the file is removed. Raises Denied."""
    state = _cast(request, output, user, outcome, reason)
    if state is State.REFUSED:
        remove_refused()  # once it is decided for good
    return state


@transaction.atomic
def _cast(request: HttpRequest, output: Output, user: User, outcome: Vote.Outcome, reason: str) -> State:
    """What came of it is written down with the vote that decides, and not before: the audit tells nobody how a first vote went."""
    locked = Output.objects.select_for_update().get(pk=output.pk)
    check_may_vote(locked, user)
    cast = locked.cast
    state = decided([*(each.outcome for each in cast), outcome])
    record(request, What.VOTED, f"output {locked.pk}", purpose=locked.purpose)
    if state in _DECIDED:
        votes = {each.by.email: each.outcome for each in cast} | {user.email: outcome.value}
        record(request, _DECIDED[state], f"output {locked.pk}", purpose=locked.purpose, detail=votes)
    Vote.objects.create(output=locked, place=len(cast) + 1, by=user, outcome=outcome, reason=reason)
    return state


def withdraw(request: HttpRequest, output: Output, user: User) -> None:
    """Nobody votes on it any more, and its file is removed. Raises Denied."""
    with transaction.atomic():
        locked = Output.objects.select_for_update().get(pk=output.pk)
        if locked.author_id != user.pk:  # type: ignore[attr-defined]
            raise Denied("only its author withdraws an output")
        if locked.state not in _OPEN:
            raise Denied(f"this output is {locked.state}, and cannot be withdrawn")
        record(request, What.WITHDREW, f"output {locked.pk}", purpose=locked.purpose)
        Withdrawal.objects.create(output=locked, by=user)
    remove_refused()


def comment(request: HttpRequest, output: Output, user: User, text: str) -> Comment:
    """Raises Denied. That something was said of an output is no vote, but tells who looked at it: of a checker's comment the audit holds
    no more than of a vote."""
    if Permission.CHECK_OUTPUT not in user.permissions and output.author_id != user.pk:  # type: ignore[attr-defined]
        raise Denied("only its author and the checkers say something of an output")
    record(request, What.COMMENTED, f"output {output.pk}", purpose=output.purpose)
    return Comment.objects.create(output=output, by=user, text=text)
