"""What changed for somebody since the edition that they were last told of: which measures are newly, or no longer, beyond what chance can
explain. An e-mail is read on any screen and kept by any server: it names measures and leads to pages, and holds no figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from urllib.parse import urlencode

from django.template.loader import render_to_string

from farr.lab.model.asking.client import ServiceRefused
from farr.lab.model.errors import FarrError
from farr.lab.model.request import OverviewRequest
from farr.lab.model.showing.page import Contents, Overview, Summary
from farr.lab.model.showing.signed import NotSigned
from farr.portal.access.denied import Denied
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import EVERY, NATIONAL, Grant, grants
from farr.portal.benchmarks.choices import DEFAULT_NORM, View
from farr.portal.benchmarks.published import PUBLISHED, NotPublished
from farr.portal.benchmarks.service import SERVICE, NoService
from farr.portal.commentary.models import Edition, SavedView, Told
from farr.portal.people.models import User
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from farr.portal.trail.trail import Event, What

_HIDDEN = "*"


class Verdict(Enum):
    BEYOND = "beyond chance"
    WITHIN = "within chance"
    HIDDEN = "not shown"


class Kind(Enum):
    """How a measure changed, as the e-mail says it."""

    NEWLY = "newly beyond what chance can explain"
    NO_LONGER = "no longer beyond what chance can explain"
    NOT_SHOWN = "was beyond what chance can explain, and is not shown now"


class _Unread(FarrError):
    """What is published or answered of one organisation cannot be read now."""


@dataclass(frozen=True, kw_only=True)
class Target:
    level: str
    organisation: str
    norm: str


@dataclass(frozen=True, kw_only=True)
class Change:
    title: str
    kind: Kind
    url: str


@dataclass(frozen=True, kw_only=True)
class News:
    """What is new of one organisation against one norm, and the edition, not kept yet. No changes: there is nothing to tell."""

    edition: Edition
    organisation_name: str
    level_title: str
    norm_title: str
    published: date
    url: str
    changes: tuple[Change, ...]


def news_for(user: User, unread: set[Target] | None = None) -> list[News]:
    """What the person was not told of yet, with editions without a change to begin with; nothing for who sees no figures today. What could
    not be read is added to `unread`, and told the next time. Raises NotPublished and NotSigned of the contents, and as the audit does."""
    if Permission.SEE_FIGURES not in user.permissions:
        return []
    try:
        held = grants(user)
    except Denied:  # their training has lapsed
        return []
    contents = PUBLISHED.contents()
    found: list[News | None] = []
    for target in targets(user, held, contents):
        try:
            found.append(_news(user, target, _overview(user, target, held, contents)))
        except _Unread:
            if unread is not None:
                unread.add(target)
    return [each for each in found if each is not None]


def targets(user: User, held: list[Grant], contents: Contents) -> list[Target]:
    """The organisations granted by their code against the default norm, and those of saved views against the view's own. Who was granted
    every organisation of a level hears of those alone that they saved."""
    live = [grant for grant in held if grant.agreement == contents.agreement]
    found = [
        Target(level=grant.level, organisation=grant.organisation, norm=DEFAULT_NORM)
        for grant in live
        if grant.organisation != EVERY and grant.level != NATIONAL
    ]
    for view in SavedView.objects.filter(user=user).order_by("pk"):
        if any(grant.covers(view.level, view.organisation) for grant in live):
            norm = view.norm if view.norm in contents.ahead else DEFAULT_NORM
            found.append(Target(level=view.level, organisation=view.organisation, norm=norm))
    return list(dict.fromkeys(found))


def verdicts(overview: Overview) -> dict[str, dict[str, str]]:
    """What is kept of an edition: titles and verdicts by measure."""
    return {each.measure: {"title": each.title, "verdict": _verdict(each).value} for each in overview.summaries}


def compared(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]], target: Target) -> tuple[Change, ...]:
    """What changed between two editions, by title."""
    found: list[Change] = []
    for name in sorted(before.keys() | now.keys(), key=lambda name: (now.get(name) or before[name])["title"]):
        was = Verdict(before[name]["verdict"]) if name in before else Verdict.HIDDEN
        present = Verdict(now[name]["verdict"]) if name in now else Verdict.HIDDEN
        if (was is Verdict.BEYOND) == (present is Verdict.BEYOND):
            continue
        kind = Kind.NEWLY if present is Verdict.BEYOND else Kind.NO_LONGER if present is Verdict.WITHIN else Kind.NOT_SHOWN
        view = View(level=target.level, organisation=target.organisation, measure=name, norm=target.norm)
        found.append(Change(title=(now.get(name) or before[name])["title"], kind=kind, url=_address(view.url)))
    return tuple(found)


def letter(user: User, news: list[News]) -> str:
    """The e-mail's text."""
    return render_to_string("digest.txt", {"user": user, "news": [each for each in news if each.changes], "site": FARR.name,
                                           "home": _address("/views/")})  # fmt: skip


def tell(user: User, news: list[News]) -> None:
    """Writes down that the person knows of these editions, and what stood in them."""
    for each in news:
        shown = each.edition
        kept, _ = Edition.objects.get_or_create(
            agreement=shown.agreement, level=shown.level, organisation=shown.organisation, norm=shown.norm, made_at=shown.made_at,
            defaults={"verdicts": shown.verdicts},
        )  # fmt: skip
        Told.objects.create(user=user, edition=kept)


def _overview(user: User, target: Target, held: list[Grant], contents: Contents) -> Overview | None:
    """The overview that stands; of smaller organisations the release service makes it, dated by what was published: that it is asked is
    written down before. None where there is none. Raises _Unread."""
    if target.level not in contents.periods:
        try:
            return PUBLISHED.overview(target.level, target.organisation, target.norm)
        except NotPublished:
            return None
        except (NotSigned, OSError):
            raise _Unread from None
    grant = next(each for each in held if each.agreement == contents.agreement and each.covers(target.level, target.organisation))
    asked = OverviewRequest(organisation=target.organisation, level=target.level, norm=target.norm)
    detail = {"overview": f"{target.level} {target.organisation}", "norm": target.norm}
    trail().record(Event(what=What.ASKED, user=user.pk, name=user.email, about="digest", purpose=grant.purpose, detail=detail))
    try:
        found = SERVICE.overview(asked, agreement=grant.agreement, purpose=grant.purpose, user=user.email, edition=contents.made_at)
    except (NoService, ServiceRefused, NotSigned):
        raise _Unread from None
    if found.agreement != grant.agreement:
        raise _Unread
    return found.model_copy(update={"made_at": contents.made_at})


def _news(user: User, target: Target, overview: Overview | None) -> News | None:
    if overview is None:
        return None
    of = {"agreement": overview.agreement, "level": target.level, "organisation": target.organisation, "norm": target.norm}
    told = Told.objects.filter(user=user, **{f"edition__{name}": value for name, value in of.items()})
    last = told.select_related("edition").order_by("-pk").first()
    if last is not None and last.edition.made_at == overview.made_at:
        return None
    edition = Edition(**of, made_at=overview.made_at, verdicts=verdicts(overview))
    query = "" if target.norm == DEFAULT_NORM else urlencode({"norm": target.norm})
    shown = SavedView(level=target.level, organisation=target.organisation, query=query)
    return News(
        edition=edition, organisation_name=overview.organisation_name, level_title=overview.level_title, norm_title=overview.norm_title,
        published=date.fromisoformat(overview.made_at[:10]), url=_address(shown.url),
        changes=() if last is None else compared(last.edition.verdicts, edition.verdicts, target),
    )  # fmt: skip


def _verdict(summary: Summary) -> Verdict:
    if summary.figure == _HIDDEN:
        return Verdict.HIDDEN
    return Verdict.BEYOND if summary.is_outlier else Verdict.WITHIN


def _address(path: str) -> str:
    return FARR.address.rstrip("/") + path
