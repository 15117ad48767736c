"""What pages and API have in common: the grant is checked, the audit written and the page found in one place, whoever asks."""

from functools import partial
from typing import Any, NoReturn, TypeVar, cast

from farr.lab.model.asking.client import ServiceHeld
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest, OverviewRequest
from farr.lab.model.showing.page import Contents, Listed, Overview, Page
from farr.lab.model.showing.signed import NotSigned
from farr.portal.access.denied import Denied
from farr.portal.access.needs import check_permission
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import Grant, check_granted, grants
from farr.portal.benchmarks.asking.asking import WHOLE, Asker, Asking, BeingAsked, Busy, Held
from farr.portal.benchmarks.asking.question import Question
from farr.portal.benchmarks.choices import DEFAULT_NORM, ChoiceError, View, norms_at
from farr.portal.benchmarks.published import PUBLISHED, NotPublished
from farr.portal.benchmarks.service import SERVICE
from farr.portal.people.models import User
from farr.portal.review.models import State
from farr.portal.review.release import Waiting, check_why, waits
from farr.portal.settings import FARR
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

P = TypeVar("P", Page, Overview)
ASKING = Asking(FARR)
_NOT_RELEASED = "two checkers approved this, and it is not released in the lab yet; ask the same again once it is"
LOOK = None
"""Instead of a patience: whether it is still being asked, and nothing else."""


def listed(user: Any, contents: Contents) -> list[Listed]:
    """The organisations that the person may see, as they were published. Raises Denied without this year's training."""
    held = [each for each in grants(user) if each.agreement == contents.agreement]
    return [each for each in contents.organisations if any(grant.covers(each.level, each.code) for grant in held)]


def overview_of(
    request: Any, contents: Contents, level: str, organisation: str, norm: str, *, patience: float | None = WHOLE
) -> tuple[Overview, Grant]:
    """The overview, written to the audit as seen; against the default norm where this one is none of the standard ones of the level. Of
    smaller organisations the release service makes it, of what was published. Raises Denied, NotPublished, BeingAsked after so much
    patience, Busy, and of what the service says."""
    grant = check_granted(request.user, contents.agreement, level, organisation)
    standard = [each.name for each in norms_at(contents, level) if each.name in contents.ahead]
    against, about = norm if norm in standard else DEFAULT_NORM, f"overview {level} {organisation}"
    if level in contents.periods:
        found = _asked_overview(request, contents, grant, OverviewRequest(organisation=organisation, level=level, norm=against), patience)
    else:
        found = PUBLISHED.overview(level, organisation, against)
    record(request, What.SAW, about, purpose=grant.purpose, detail={"norm": found.norm})
    return found, grant


def granted(request: Any, view: View, contents: Contents) -> Grant:
    """The grant by which the person may see the view. Raises Denied."""
    return check_granted(request.user, contents.agreement, view.level, view.organisation)


def seen(request: Any, view: View, grant: Grant, **more: str) -> None:
    """Writes to the audit that the person sees the view, just before they do, and what `more` is to be said of it. Raises as the audit
    does: then it is not shown."""
    about = f"{view.measure} {view.level} {view.organisation}"
    record(request, What.SAW, about, purpose=grant.purpose, detail={"view": view.query, **more})


def downloaded(request: Any, view: View, what: str) -> Page:
    """The page of a view, of which the file `what` is about to be made; written to the audit. Raises as `page_of` does, and Denied."""
    contents = PUBLISHED.contents()
    grant = granted(request, view, contents)
    page = page_of(request, view, contents, grant)
    about = f"{view.measure} {view.level} {view.organisation}"
    record(request, What.DOWNLOADED, about, purpose=grant.purpose, detail={"file": what, "view": view.query})
    return page


def page_of(request: Any, view: View, contents: Contents, grant: Grant, *, patience: float | None = WHOLE) -> Page:
    """The page of a view: as published ahead, else as the release service answers. A standard view of a smaller organisation is asked for
    whoever sees it: of what was published, and nothing is released for it; who may ask for more is given what is released now. Raises
    FarrError of some kind; BeingAsked where there is no answer after so many seconds of patience; Waiting where the answer is held, and
    the checkers now have it before them."""
    year = view.year_published(contents)
    if view.is_ahead(contents) and year is None:
        try:
            return PUBLISHED.page(view.level, view.organisation, view.measure, view.norm)
        except NotPublished:
            if not can_ask(request):
                raise
    if year is None:
        check_permission(request, Permission.ASK)
        _check_own_wish(request)
    asked = view.request() if year is None else view.other(period=year).request()
    check_why(asked)
    question = Question(
        request=asked, agreement=grant.agreement, purpose=grant.purpose, edition=contents.made_at,
        nothing_new=Permission.ASK not in request.permissions,
    )  # fmt: skip
    about = f"{view.measure} {view.level} {view.organisation}"
    try:
        found = cast("Page", _answer(request, question, partial(_record_asked, request, about, grant, {"view": view.query}), patience))
    except Held as held:
        return _held(request, view, asked, grant, held)
    _check_still_granted(request, view.level, view.organisation, grant)
    return _of_the_grant(found, grant)


def _held(request: Any, view: View, asked: BenchmarkRequest, grant: Grant, held: Held) -> NoReturn:
    """Raises Waiting, or ServiceHeld where it does not wait for the checkers."""
    said = asked if asked.why or not held.why else asked.model_copy(update={"why": held.why})
    found = waits(request, said, view.url, held, agreement=grant.agreement, purpose=grant.purpose)
    if isinstance(found, Waiting) and found.output.state is State.APPROVED:
        found = Waiting(ServiceHeld(_NOT_RELEASED, found.ids), found.output)
    raise found from None


def _asked_overview(request: Any, contents: Contents, grant: Grant, asked: OverviewRequest, patience: float | None) -> Overview:
    about = f"overview {asked.level} {asked.organisation}"
    question = Question(request=asked, agreement=grant.agreement, purpose=grant.purpose, edition=contents.made_at)
    found = _answer(request, question, partial(_record_asked, request, about, grant, {"norm": asked.norm}), patience)
    _check_still_granted(request, asked.level, asked.organisation, grant)
    return _of_the_grant(cast("Overview", found), grant)


def _check_still_granted(request: Any, level: str, organisation: str, grant: Grant) -> None:
    """Asking takes as long as it takes: what decided on access when it began is looked at again. Raises Denied."""
    user = User.objects.get(pk=request.user.pk)
    user.chosen_purpose = request.user.chosen_purpose
    if not user.is_active or Permission.SEE_FIGURES not in user.permissions:
        raise Denied("your account does not show you figures any more")
    if check_granted(user, grant.agreement, level, organisation).purpose != grant.purpose:
        raise Denied(f"your access for {grant.purpose} has ended meanwhile; ask the same again, for a purpose that you still have")


def _answer(request: Any, question: Question, record_asked: Any, patience: float | None) -> Page | Overview:
    if patience is LOOK:
        ASKING.look(question, SERVICE)
    asker = Asker(number=request.user.pk, email=request.user.email, record=record_asked)
    return ASKING.found(question, SERVICE, asker, patience=WHOLE if patience is None else patience)


def _record_asked(request: Any, about: str, grant: Grant, detail: dict[str, str]) -> None:
    record(request, What.ASKED, about, purpose=grant.purpose, detail=detail)


def _of_the_grant(found: P, grant: Grant) -> P:
    if found.agreement != grant.agreement:
        raise NotSigned("what the release service answered is of another agreement; do not use it, and ask who runs the service")
    return found


def _check_own_wish(request: Any) -> None:
    """What is asked for the first time stays in the lab's ledger, and counts: a link on somebody else's page must not ask it. Browsers say
    where a request comes from (Fetch Metadata, W3C); other programs send no such header, and have a token."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise ChoiceError("this view is not published, and a link from elsewhere does not ask for it; press Show to ask for it yourself")


def can_ask(request: Any) -> bool:
    return SERVICE.is_there and Permission.ASK in request.permissions


def status_of(error: FarrError) -> int:
    """The status of an answer that is such an error."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)


_STATUS: dict[type[FarrError], int] = {NotPublished: 404, Waiting: 202, BeingAsked: 202, Busy: 503}
