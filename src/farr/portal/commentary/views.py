"""Pages of commentary: what waits for approval, one commentary with its versions, writing, deciding, and packs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Contents, Page
from farr.portal.access.denied import Denied
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import Grant, check_granted, grants
from farr.portal.agreements.models import Outcome
from farr.portal.benchmarks.choices import View, read_view
from farr.portal.benchmarks.downloads import as_file
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.benchmarks.showing import page_of
from farr.portal.commentary.forms import DecideForm, TextForm
from farr.portal.commentary.markup import rendered
from farr.portal.commentary.models import Commentary, Version
from farr.portal.commentary.pack import as_html, as_zip, name_of
from farr.portal.commentary.placeholders import MEANING, facts_of
from farr.portal.commentary.writing import all_opened, check_may_decide, check_may_write, decide, opened, releases_of, start, write
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

_BOTH = (Permission.WRITE_COMMENTARY, Permission.APPROVE_COMMENTARY)
_PACKS = {"html": ("text/html; charset=utf-8", as_html), "zip": ("application/zip", as_zip)}


@needs(*_BOTH)
def commentaries(request: Any) -> HttpResponse:
    """What waits for one's decision, what one wrote, and the rest that one may open."""
    held = grants(request.user)
    found = all_opened(request.user, request.permissions, held)
    waiting = [(each, versions) for each, versions in found if _why_not(versions[0], request, held) is None]
    own = [(each, versions) for each, versions in found if each.author == request.user]
    others = [pair for pair in found if pair not in waiting and pair not in own]
    return render(request, "commentaries.html", {"waiting": waiting, "own": own, "others": others})


@needs(Permission.WRITE_COMMENTARY)
@require_http_methods(["GET", "POST"])
def commentary_new(request: Any, level: str, organisation: str, measure: str) -> HttpResponse:
    """The first version, on a view."""
    view = read_view(level, organisation, measure, request.GET)
    page, grant = _present(request, view)
    form = TextForm(page, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _written(request, start(request, view, page, grant, form.cleaned_data["text"]))
    return _writing(request, form, page, view.url)


@needs(Permission.WRITE_COMMENTARY)
@require_http_methods(["GET", "POST"])
def commentary_write(request: Any, number: int) -> HttpResponse:
    """A further version, on the page as it stands now."""
    commentary, versions, _ = opened(number, request.user, request.permissions)
    check_may_write(commentary, request.user)
    page, grant = _present(request, _view(commentary))
    form = TextForm(page, request.POST or None, initial={"text": versions[0].text})
    if request.method == "POST" and form.is_valid():
        return _written(request, write(request, commentary, page, grant, form.cleaned_data["text"]))
    return _writing(request, form, page, commentary.url)


@needs(Permission.SEE_FIGURES)
def commentary(request: Any, number: int, version: int | None = None) -> HttpResponse:
    """One version, by default the newest that the person may open."""
    found, versions, grant = opened(number, request.user, request.permissions)
    shown = _chosen(versions, version)
    record(request, What.SAW, f"commentary {number} version {shown.number}", purpose=grant.purpose)
    return _shown(request, found, versions, shown)


@needs(Permission.APPROVE_COMMENTARY)
@require_http_methods(["POST"])
def commentary_decide(request: Any, number: int, version: int) -> HttpResponse:
    """A second person's decision on the very version that they read."""
    found, versions, _ = opened(number, request.user, request.permissions)
    shown = _chosen(versions, version)
    check_may_decide(shown, request.user)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, versions, shown, form)
    shown.shown()  # what it rests on is whole
    decide(request, shown, request.user, Outcome(form.cleaned_data["outcome"]), form.cleaned_data["reason"])
    messages.success(request, f"Version {version} is {form.cleaned_data['outcome']}.")
    return redirect("commentary_version", number, version)


@needs(Permission.DOWNLOAD)
def commentary_pack(request: Any, number: int, version: int, kind: str) -> HttpResponse:
    """A version as a pack. A draft says DRAFT, and goes to its author and those who may approve it."""
    if kind not in _PACKS:
        raise Http404
    found, versions, grant = opened(number, request.user, request.permissions)
    shown = _chosen(versions, version)
    record(request, What.DOWNLOADED, f"commentary {number} version {version}", purpose=grant.purpose, detail={"file": kind})
    media, make = _PACKS[kind]
    return as_file(make(shown, _notes(found, shown)), media, name_of(shown, f".{kind}"))


def _present(request: Any, view: View) -> tuple[Page, Grant]:
    """The page of a view as it stands now, and by which grant it is seen. Raises FarrError of some kind."""
    contents: Contents = PUBLISHED.contents()
    grant = check_granted(request.user, contents.agreement, view.level, view.organisation)
    record(request, What.SAW, f"{view.measure} {view.level} {view.organisation}", purpose=grant.purpose, detail={"view": view.query})
    return page_of(request, view, contents, grant), grant


def _view(commentary: Commentary) -> View:
    return read_view(commentary.level, commentary.organisation, commentary.measure, QueryDict(commentary.query))


def _written(request: Any, version: Version) -> HttpResponse:
    messages.success(request, f"Kept as version {version.number}. It is a draft until a second person approves it.")
    return redirect("commentary_version", version.commentary.pk, version.number)


def _writing(request: Any, form: TextForm, page: Page, back: str) -> HttpResponse:
    facts = facts_of(page)
    offered = [(f"{{{{{name}}}}}", meaning, facts[name]) for name, meaning in MEANING.items() if name in facts]
    context = {"form": form, "page": page, "offered": offered, "back": back}
    return render(request, "commentary_write.html", context, status=422 if request.method == "POST" else 200)


def _chosen(versions: list[Version], number: int | None) -> Version:
    found = next((each for each in versions if number is None or each.number == number), None)
    if found is None:
        raise Denied(f"there is no version {number} that you may open")
    return found


def _shown(request: Any, found: Commentary, versions: list[Version], shown: Version, form: DecideForm | None = None) -> HttpResponse:
    context = {
        "about": found, "versions": versions, "version": shown, "page": shown.shown(), "text": rendered(shown.text, shown.figures),
        "notes": _notes(found, shown), "form": form or DecideForm(), "why_not": _why_not(shown, request),
        "is_author": found.author == request.user,
    }  # fmt: skip
    return render(request, "commentary.html", context, status=200 if form is None else 422)


def _notes(found: Commentary, version: Version) -> list[str]:
    """What must be said today of something written earlier."""
    contents = PUBLISHED.contents()
    notes = [contents.notices[name] for name in version.releases if name in contents.notices]
    view = _view(found)
    if view.is_ahead(contents):
        try:
            present = PUBLISHED.page(view.level, view.organisation, view.measure, view.norm)
        except FarrError:
            return [*notes, "The page that this was written of is not published any more."]
        if set(releases_of(present)) != set(version.releases):
            notes.append(
                f"The page was published anew on {present.made_at[:10]}: this was written of the figures of {version.made_at[:10]}."
            )
    return notes


def _why_not(version: Version, request: Any, held: list[Grant] | None = None) -> str | None:
    try:
        check_may_decide(version, request.user, permissions=request.permissions, held=held)
    except Denied as denied:
        return str(denied)
    return None
