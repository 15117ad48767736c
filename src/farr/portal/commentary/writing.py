"""Writing commentary and deciding on it: every version is kept, and a second person who wrote none of it approves."""

import gzip
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from farr.lab.model.showing.page import Page
from farr.lab.model.showing.typed import typed_figures
from farr.portal.access.denied import Denied
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import Grant, check_granted, check_trained
from farr.portal.agreements.models import Outcome
from farr.portal.benchmarks.choices import View
from farr.portal.commentary.models import Commentary, CommentaryDecision, Version
from farr.portal.commentary.placeholders import facts_of, used, without
from farr.portal.people.models import User
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What


def releases_of(page: Page) -> list[str]:
    return list(dict.fromkeys(str(each["release_id"]) for each in page.releases))


def rests_on(page: Page) -> str:
    """By what it is noticed that a page was published anew while somebody wrote."""
    return hashlib.sha256(" ".join([page.made_at, *releases_of(page)]).encode()).hexdigest()[:16]


def numbers_in(text: str, page: Page) -> tuple[str, ...]:
    """The numbers that were typed into it."""
    known = {page.measure.title, page.organisation, page.organisation_name, page.norm_title, page.period_title, page.level_title}
    return typed_figures(without(text), known | {line.code for line in page.table.lines} | {line.name for line in page.table.lines})


@transaction.atomic
def start(request: Any, view: View, page: Page, grant: Grant, text: str) -> Version:
    """The first version of a new commentary. Raises PlaceholderError."""
    figures = used(text, facts_of(page))
    record(request, What.WROTE, f"commentary on {view.measure} {view.level} {view.organisation}", purpose=grant.purpose)
    made = Commentary.objects.create(
        level=view.level, organisation=view.organisation, measure=view.measure, query=view.other(beside="").query,
        agreement=grant.agreement, author=request.user,
    )  # fmt: skip
    return _version(made, 1, request.user, page, text, figures)


@transaction.atomic
def write(request: Any, commentary: Commentary, page: Page, grant: Grant, text: str) -> Version:
    """Its next version. Raises Denied and PlaceholderError."""
    locked = Commentary.objects.select_for_update().get(pk=commentary.pk)
    check_may_write(locked, request.user)
    figures = used(text, facts_of(page))
    number = locked.every[0].number + 1
    record(request, What.WROTE, f"commentary {locked.pk} version {number}", purpose=grant.purpose)
    return _version(locked, number, request.user, page, text, figures)


def check_may_write(commentary: Commentary, user: User) -> None:
    if commentary.author != user:
        raise Denied("only its author writes further versions; write a commentary of your own, and this one stays as it is")


def check_may_decide(
    version: Version, user: User, *, permissions: frozenset[Permission] | None = None, held: list[Grant] | None = None
) -> Grant:
    """The grant by which the person decides. Raises Denied, with the reason that also stands on the disabled button. Their `permissions`,
    and the grants they have (`held`), are looked up where they are not known yet."""
    commentary = version.commentary
    if Permission.APPROVE_COMMENTARY not in (user.permissions if permissions is None else permissions):
        raise Denied(f"your roles do not allow you to {Permission.APPROVE_COMMENTARY.value}")
    if any(each.author == user for each in commentary.every):
        raise Denied("you wrote this yourself; a second person must decide on it")
    if hasattr(version, "decision"):
        raise Denied(f"this version is {version.state} already")
    if version.number != commentary.every[0].number:
        raise Denied("there is a newer version; decide on that one")
    for grant in held or ():
        if grant.agreement == commentary.agreement and grant.covers(commentary.level, commentary.organisation):
            return grant
    return check_granted(user, commentary.agreement, commentary.level, commentary.organisation)


@transaction.atomic
def decide(request: Any, version: Version, user: User, outcome: Outcome, reason: str) -> CommentaryDecision:
    """Raises Denied."""
    # The commentary is held, not the version, so that no newer one is written meanwhile.
    commentary = Commentary.objects.select_for_update().get(pk=version.commentary.pk)
    locked = commentary.versions.get(pk=version.pk)  # type: ignore[attr-defined]
    grant = check_may_decide(locked, user)
    what = What.APPROVED if outcome is Outcome.APPROVED else What.REFUSED
    record(request, what, f"commentary {commentary.pk} version {locked.number}", purpose=grant.purpose)
    return CommentaryDecision.objects.create(version=locked, by=user, outcome=outcome, reason=reason)


def opened(number: int, user: User, permissions: frozenset[Permission]) -> tuple[Commentary, list[Version], Grant]:
    """The commentary, and those of its versions that the person may open, the newest first: an approved one who sees the figures, any
    other its author and those who may approve. Raises Denied, in the same words whether there is none or they may not open it."""
    check_trained(user)
    refused = Denied(f"there is no commentary {number} that you may open")
    commentary = _commentaries().filter(pk=number).first()
    if commentary is None:
        raise refused
    try:
        grant = check_granted(user, commentary.agreement, commentary.level, commentary.organisation)
    except Denied:
        raise refused from None
    versions = [version for version in commentary.every if not version.is_draft or may_see_drafts(commentary, user, permissions)]
    if not versions or Permission.SEE_FIGURES not in permissions:
        raise refused
    return commentary, versions, grant


def may_see_drafts(commentary: Commentary, user: User, permissions: frozenset[Permission]) -> bool:
    return Permission.APPROVE_COMMENTARY in permissions or (commentary.author == user and Permission.WRITE_COMMENTARY in permissions)


def all_opened(user: User, permissions: frozenset[Permission], held: list[Grant]) -> list[tuple[Commentary, list[Version]]]:
    """Every commentary of organisations that the person was granted, with the versions they may open; the newest first."""
    found = [
        (commentary, [version for version in commentary.every if not version.is_draft or may_see_drafts(commentary, user, permissions)])
        for commentary in _commentaries().order_by("-pk")
        if any(grant.agreement == commentary.agreement and grant.covers(commentary.level, commentary.organisation) for grant in held)
    ]
    return [(commentary, versions) for commentary, versions in found if versions]


def approved_on(level: str, organisation: str, measure: str, query: str, agreement: str) -> list[Version]:
    """What is shown with a view: of each commentary on it the latest approved version, the newest first."""
    about = _commentaries().filter(level=level, organisation=organisation, measure=measure, query=query, agreement=agreement)
    found = [version for commentary in about if (version := commentary.approved) is not None]
    return sorted(found, key=lambda version: version.written_at, reverse=True)


def _commentaries():  # noqa: ANN202  a query set
    # The page that a version rests on is large, and read only where it is shown.
    versions = Version.objects.select_related("author", "decision__by").defer("page")
    return Commentary.objects.select_related("author").prefetch_related(Prefetch("versions", queryset=versions))


def _version(commentary: Commentary, number: int, user: User, page: Page, text: str, figures: dict[str, str]) -> Version:
    raw = gzip.compress(page.model_dump_json().encode(), mtime=0)
    return Version.objects.create(
        commentary=commentary, number=number, text=text, author=user, made_at=page.made_at, releases=releases_of(page), figures=figures,
        typed=list(numbers_in(text, page)), page=raw, page_sha256=hashlib.sha256(raw).hexdigest(),
    )  # fmt: skip
