"""What somebody may know of an output: the one place that decides on it, for its page, the lists and the files.

A checker knows their own vote alone until two have voted. Its author knows that it waits until it is decided. Whoever else was granted
something under its agreement knows of it once it is approved."""

from dataclasses import dataclass
from enum import Enum

from farr.lab.model.agreement import AgreementError
from farr.portal.access.denied import Denied
from farr.portal.access.roles import Permission
from farr.portal.agreements.files import live
from farr.portal.agreements.grants import check_trained, grants
from farr.portal.people.models import User
from farr.portal.review.models import ENOUGH, Comment, Output, State, Vote
from farr.portal.review.voting import check_may_vote, sent_by

_OPEN = (State.WAITING, State.SPLIT)


class AsWhom(Enum):
    AUTHOR = "author"
    CHECKER = "checker"
    READER = "reader"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An output as one person may see it. `state` is what they are told; `why_not` why they cannot vote, None where they can."""

    output: Output
    whom: AsWhom
    state: State
    votes: tuple[Vote, ...]
    comments: tuple[Comment, ...]
    own: Vote | None
    why_not: str | None

    @property
    def is_author(self) -> bool:
        return self.whom is AsWhom.AUTHOR

    @property
    def is_checker(self) -> bool:
        return self.whom is AsWhom.CHECKER

    @property
    def is_approved(self) -> bool:
        return self.state is State.APPROVED

    @property
    def may_withdraw(self) -> bool:
        return self.is_author and self.state is State.WAITING

    @property
    def may_comment(self) -> bool:
        return self.whom is not AsWhom.READER

    @property
    def waits_for_me(self) -> bool:
        return self.is_checker and self.why_not is None


def seen(number: int, user: User, permissions: frozenset[Permission]) -> Seen:
    """The output for this person. Raises Denied, in the same words whether there is none or they may not open it."""
    output = _outputs().filter(pk=number).first()
    found = None if output is None else _Eyes(user, permissions).see(output)
    if found is None:
        raise Denied(f"there is no output {number} that you may open")
    check_trained(user)
    return found


def all_seen(user: User, permissions: frozenset[Permission]) -> list[Seen]:
    """Everything that the person may open, the newest first. Raises Denied where their training has lapsed."""
    check_trained(user)
    eyes = _Eyes(user, permissions)
    found = (eyes.see(output) for output in _outputs().order_by("-pk"))
    return [each for each in found if each is not None]


def check_may_download(found: Seen, user: User) -> None:
    """Raises Denied unless it is approved, and released under an agreement that runs."""
    if not found.output.is_file or not found.is_approved:
        raise Denied(f"output {found.output.pk} is handed out once two checkers approved it, and never before")
    if found.whom is AsWhom.CHECKER:
        raise Denied("checkers look at output on its page; it is handed out to its author, and to who has access under its agreement")
    try:
        live(found.output.agreement, found.output.purpose)
    except AgreementError as error:
        raise Denied(str(error)) from None
    if found.output.agreement not in {grant.agreement for grant in grants(user)}:
        raise Denied(f"you have no access under agreement {found.output.agreement} any more")


def earlier(output: Output) -> list[Output]:
    """Files of the same agreement that were decided on before, the newest first: beside them this one is released."""
    others = _outputs().filter(agreement=output.agreement, pk__lt=output.pk).order_by("-pk")
    return [each for each in others if each.state in (State.APPROVED, State.REFUSED)]


def _outputs():  # noqa: ANN202  a query set
    return Output.objects.select_related("author", "withdrawal", "removal").prefetch_related("votes__by", "comments__by")


def _agreements(user: User, permissions: frozenset[Permission]) -> frozenset[str]:
    """Agreements under which the person may see figures now."""
    if Permission.DOWNLOAD not in permissions:
        return frozenset()
    try:
        return frozenset(grant.agreement for grant in grants(user))
    except Denied:
        return frozenset()


class _Eyes:
    """Who looks: what they may do, what they sent, and under which agreements they see figures; asked once, for however many outputs."""

    def __init__(self, user: User, permissions: frozenset[Permission]) -> None:
        self._user, self._permissions = user, permissions
        self._sends, self._checks = Permission.SUBMIT_OUTPUT in permissions, Permission.CHECK_OUTPUT in permissions
        self._sent, self._agreements = sent_by(user), _agreements(user, permissions)

    def see(self, output: Output) -> Seen | None:
        whom, user = self._whom(output), self._user
        if whom is AsWhom.READER and not (output.is_file and output.state is State.APPROVED and output.agreement in self._agreements):
            return None
        return Seen(
            output=output, whom=whom, state=_state(output, whom), votes=_votes(output, user, whom),
            comments=_comments(output, user, whom), own=next((vote for vote in output.cast if vote.by == user), None),
            why_not=self._why_not(output) if whom is AsWhom.CHECKER else None,
        )  # fmt: skip

    def _whom(self, output: Output) -> AsWhom:
        is_own = output.author == self._user
        if is_own and self._sends:
            return AsWhom.AUTHOR
        # Who sent the same another time has a copy of their own, and learns nothing from this one.
        return AsWhom.CHECKER if self._checks and not is_own and not output.contents & self._sent else AsWhom.READER

    def _why_not(self, output: Output) -> str | None:
        if output.state not in _OPEN:
            return f"this output is {output.state}"
        try:
            check_may_vote(output, self._user, permissions=self._permissions, sent=self._sent)
        except Denied as denied:
            return str(denied)
        return None


def _state(output: Output, whom: AsWhom) -> State:
    """Its author is not told that two disagree: that says how one of them voted."""
    return State.WAITING if whom is AsWhom.AUTHOR and output.state is State.SPLIT else output.state


def _votes(output: Output, user: User, whom: AsWhom) -> tuple[Vote, ...]:
    cast = output.cast
    if whom is AsWhom.CHECKER:
        return tuple(vote for vote in cast if len(cast) >= ENOUGH or vote.by == user)
    return tuple(cast) if output.state in (State.APPROVED, State.REFUSED) else ()


def _comments(output: Output, user: User, whom: AsWhom) -> tuple[Comment, ...]:
    """What its author says is for all who look at it. What a checker says is their own until two have voted, and its author's to read when
    it is decided: an answer to it would tell the other."""
    if whom is AsWhom.READER:
        return ()
    is_told = len(output.cast) >= ENOUGH if whom is AsWhom.CHECKER else output.state in (State.APPROVED, State.REFUSED)
    every = sorted(output.comments.all(), key=lambda each: each.pk)  # type: ignore[attr-defined]
    return tuple(each for each in every if is_told or each.by in (user, output.author))
