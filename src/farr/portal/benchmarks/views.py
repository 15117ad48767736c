"""Benchmark pages: an organisation's overview, a measure, its files, and the definitions."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods

from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Chart, Page
from farr.portal.access.denied import Denied
from farr.portal.access.needs import needs
from farr.portal.access.noting import note_error
from farr.portal.access.roles import Permission
from farr.portal.access.unsafe import is_of_the_server
from farr.portal.agreements.grants import NATIONAL
from farr.portal.benchmarks.asking.asking import RETRY_AFTER, BeingAsked, Busy
from farr.portal.benchmarks.choices import DEFAULT_NORM, beside, norms_at, periods, read_view
from farr.portal.benchmarks.downloads import CHARTS, TABLES, as_file, file_name
from farr.portal.benchmarks.drawing import Drawing, drawing
from farr.portal.benchmarks.finding import find, within
from farr.portal.benchmarks.parts import extract, one_of, parts
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.benchmarks.showing import LOOK, can_ask, downloaded, granted, listed, overview_of, page_of, seen, status_of
from farr.portal.review.release import Waiting

_SEARCHED = 60
_LONGEST = 2_000  # characters of a reason
_TESTED = 1  # of `Summary.certainty`: outliers, and what chance can explain; the others were not tested, or are hidden
_SECONDS = 3600  # that parts of a page are kept written out
_AT_ONCE = 1.0  # seconds that a page waits for an answer, before it says that one is being asked for
_TOLD = 15  # seconds between two lines that a screen reader says of how long it takes
_MANY = 1_000  # organisations from which they are not: one page of England's practices is ten megabytes of charts


@needs(Permission.SEE_FIGURES, Permission.SEE_ACCESS, Permission.MANAGE_PEOPLE, Permission.CHECK_OUTPUT)
def home(request: Any) -> HttpResponse:
    """The organisations that the person may see; straight to the only one. Who sees no figures is shown what they do here."""
    if Permission.SEE_FIGURES not in request.permissions:
        return render(request, "home.html", {"listed": [], "figures": False})
    contents = PUBLISHED.contents()
    granted = listed(request.user, contents)
    own = [each for each in granted if each.level != NATIONAL]
    if len(own) == 1 and "list" not in request.GET:
        return redirect("overview", own[0].level, own[0].code)
    sought = request.GET.get("q", "").strip()
    found = find(granted, sought)
    shown = [(each, contents.levels[each.level][0]) for each in found[:_SEARCHED]]
    context = {"listed": shown, "more": max(len(found) - _SEARCHED, 0), "q": sought, "figures": True}
    return render(request, "_organisations.html" if request.htmx else "home.html", context)


def in_turn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Has a page that must be asked for say so, and come by itself; and one for which there is no room now say when to come again."""

    @wraps(view)
    def shown(request: Any, *args: Any, **more: Any) -> HttpResponse:
        try:
            found = view(request, *args, **more)
        except BeingAsked as asked:
            return _being_asked(request, asked)
        except Busy as busy:
            return _busy(request, busy)
        except FarrError as error:
            # Who only looks whether it is there yet is told so, by the page itself.
            if not request.htmx or isinstance(error, Denied):
                raise
            found = HttpResponse()
        return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else found

    return shown


def _being_asked(request: Any, asked: BeingAsked) -> HttpResponse:
    if request.method == "POST":
        return redirect(request.get_full_path())
    contents, wanted = PUBLISHED.contents(), asked.question.request
    step = asked.seconds // _TOLD * _TOLD
    card = next((each for each in contents.measures if each.name == getattr(wanted, "measure", "")), None)
    norm = next((each.title for each in contents.norms if each.name == wanted.norm), wanted.norm)
    title = next((each.name for each in contents.organisations if (each.level, each.code) == (wanted.level, wanted.organisation)), "")
    by: str = getattr(wanted, "by", None) or ""
    context = {
        "asked": asked, "wanted": wanted, "card": card, "norm_title": norm, "organisation": title or wanted.organisation, "step": step,
        "by": DIMENSIONS[by].title if by in DIMENSIONS else "",
        "is_news": request.htmx and request.headers.get("Farr-Told") != str(step), "here": request.get_full_path(),
    }  # fmt: skip
    said = render(request, "_being_asked.html" if request.htmx else "being_asked.html", context, status=200 if request.htmx else 202)
    said["Retry-After"] = "2"
    return said


def _busy(request: Any, busy: Busy) -> HttpResponse:
    said = render(request, "problem.html", {"why": str(busy)}, status=503)
    said["Retry-After"] = str(RETRY_AFTER)
    return said


@in_turn
@needs(Permission.SEE_FIGURES)
def overview(request: Any, level: str, organisation: str) -> HttpResponse:
    """Where the organisation is an outlier, the most certain first; then every measure by theme, and what lies within it."""
    contents = PUBLISHED.contents()
    wanted = request.GET.get("norm", DEFAULT_NORM)
    found, grant = overview_of(request, contents, level, organisation, wanted, patience=_patience(request))
    outliers = sorted((each for each in found.summaries if each.is_outlier), key=_most_at_stake)
    made = {each.measure for each in found.summaries}
    tested = sum(each.certainty[0] <= _TESTED for each in found.summaries)
    themes: dict[str, list[Any]] = {card.theme: [] for card in contents.measures if card.name in made}
    for each in found.summaries:
        themes.setdefault(each.theme, []).append(each)
    return render(
        request, "overview.html",
        {"page": found, "outliers": outliers, "themes": themes, "contents": contents, "grant": grant, "level": level, "code": organisation,
         "tested": tested, "untested": len(found.summaries) - tested,
         "norms": [each for each in norms_at(contents, level) if each.name in contents.ahead],
         "has_statements": PUBLISHED.has_statements(level, organisation),
         "within": within(listed(request.user, contents), contents, level, organisation)},
    )  # fmt: skip


@in_turn
@needs(Permission.SEE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Any, level: str, organisation: str, measure: str) -> HttpResponse:
    """One measure of one organisation against a norm: in words, charts and tables. Posted: why codes of one's own are needed, for the
    output checkers."""
    contents = PUBLISHED.contents()
    view = read_view(level, organisation, measure, request.GET).fitting(contents)
    if request.method == "POST":
        view = view.other(why=request.POST.get("why", "").strip()[:_LONGEST])
    grant = granted(request, view, contents)
    card = next((each for each in contents.measures if each.name == measure), None)
    context: dict[str, Any] = {
        "view": view, "contents": contents, "grant": grant, "periods": periods(contents, level, view.period), "card": card,
        "code_choices": [] if card is None else [(name, dict(view.codes).get(name, "")) for name in card.choices],
        "norms": norms_at(contents, level),
        "norm": next((each for each in contents.norms if each.name == view.norm), None), "level": level, "code": organisation,
        "can_ask": can_ask(request),
    }  # fmt: skip
    try:
        page = page_of(request, view, contents, grant, patience=_patience(request))
        drawings: Any = SimpleLazyObject(lambda: _drawings(page))  # parts that are kept need none
        keep = _SECONDS if len(page.table.lines) <= _MANY else 0
        context |= {
            "page": page,
            "beside": beside(page, view.beside),
            "key": f"{_key(page)} {view.other(beside='').query}",
            "keep": keep,
            "drawings": drawings,
            "specs": lambda: {chart.name: drawn.spec for chart, drawn in drawings},
            "extract": extract(page.table),
        }
    except FarrError as error:
        if isinstance(error, Denied | BeingAsked | Busy) or is_of_the_server(error):
            raise
        note_error(error)
        waiting = error.output if isinstance(error, Waiting) else None
        return render(request, "measure_refused.html", context | {"why": str(error), "waiting": waiting}, status=status_of(error))
    if not request.htmx:
        seen(request, view, grant)
    return render(request, "measure.html", context)


@in_turn
@needs(Permission.SEE_FIGURES)
def rows(request: Any, level: str, organisation: str, measure: str) -> HttpResponse:
    """A part of a table that is too long for the measure's page."""
    contents = PUBLISHED.contents()
    view = read_view(level, organisation, measure, request.GET).fitting(contents)
    grant = granted(request, view, contents)
    page = page_of(request, view, contents, grant, patience=_patience(request))
    places = parts(page.table)
    number = one_of(places, request.GET.get("part", ""))
    first, last = places[number - 1]
    if not request.htmx:
        seen(request, view, grant, rows=f"{first} to {last}")
    kept = parse_qsl(view.query)
    before, after = (f"?{urlencode([*kept, ('part', at)])}" if 1 <= at <= len(places) else "" for at in (number - 1, number + 1))
    return render(
        request, "measure_rows.html",
        {"view": view, "page": page, "grant": grant, "level": level, "code": organisation, "lines": page.table.lines[first - 1 : last],
         "first": first, "last": last, "number": number, "places": list(enumerate(places, start=1)), "kept": kept, "before": before,
         "after": after},
    )  # fmt: skip


@in_turn
@needs(Permission.DOWNLOAD)
def table(request: Any, level: str, organisation: str, measure: str, kind: str) -> HttpResponse:
    """Every table of the view as CSV or Excel."""
    if kind not in TABLES:
        raise Http404
    page = downloaded(request, read_view(level, organisation, measure, request.GET), kind)
    media, make = TABLES[kind]
    return as_file(make(page), media, file_name(page, f".{kind}"))


@in_turn
@needs(Permission.DOWNLOAD)
def chart(request: Any, level: str, organisation: str, measure: str, name: str, kind: str) -> HttpResponse:
    """One chart of the view as SVG or PNG."""
    if kind not in CHARTS:
        raise Http404
    page = downloaded(request, read_view(level, organisation, measure, request.GET), f"{name}.{kind}")
    drawn = next((each for each in page.charts if each.name == name), None)
    if drawn is None:
        raise Http404
    media, make = CHARTS[kind]
    return as_file(make(page, drawn), media, file_name(page, f"-{name}.{kind}"))


@needs(Permission.SEE_FIGURES)
def definitions(request: HttpRequest) -> HttpResponse:
    """What every measure means, by theme."""
    themes: dict[str, list[Any]] = {}
    for each in PUBLISHED.contents().measures:
        themes.setdefault(each.theme, []).append(each)
    return render(request, "definitions.html", {"themes": themes})


def _patience(request: Any) -> float | None:
    """htmx asks for these pages only to look whether they are there."""
    return LOOK if request.htmx else _AT_ONCE


def _most_at_stake(summary: Any) -> tuple[Any, ...]:
    """Concerns before what is good or merely different; among them what is worth most, then the most certain."""
    return (summary.tone != "concern", -(summary.value_at_stake or 0.0), summary.certainty)


def _drawings(page: Page) -> list[tuple[Chart, Drawing]]:
    return [(chart, drawing(chart, page.level_plural)) for chart in page.charts]


def _key(page: Page) -> str:
    """What is the same for the same page alone: the parts of it that were written out are kept under it."""
    releases = ",".join(str(each.get("release_id")) for each in page.releases)
    return f"{page.agreement} {page.made_at} {page.request.model_dump_json()} {releases}"
