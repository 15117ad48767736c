"""The API, version 1: what the pages show, as JSON and CSV, by token."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from ninja import Field, NinjaAPI, Path, Query, Schema
from ninja.errors import AuthenticationError

from farr.portal.access.denied import Denied
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.api import answers
from farr.portal.api.bearer import ByToken, EachToken
from farr.portal.api.refusals import UNKNOWN, answer_errors, refusal_of, refused
from farr.portal.benchmarks.asking.asking import RETRY_AFTER, WHOLE, BeingAsked, Busy
from farr.portal.benchmarks.choices import DEFAULT_NORM, ChoiceError, View, read_view
from farr.portal.benchmarks.downloads import TABLES, as_file, file_name
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.benchmarks.showing import downloaded, granted, listed, overview_of, page_of, seen

_NAME = r"^[a-z][a-z0-9_]{0,62}$"
_CODE = r"^[A-Za-z0-9_.\- ]{1,40}$"
_MOST = 500
_REFUSED: dict[Any, Any] = dict.fromkeys((401, 403, 404, 422, 429, 500, 503), answers.Refusal)
_ASKED: dict[Any, Any] = {202: answers.NotYet, **_REFUSED}
_ASYNC, _WAIT = (
    re.compile(r"(^|[,\s])respond-async($|[,;\s])", re.IGNORECASE),
    re.compile(r"(^|[,\s])wait=(\d{1,3})($|[,;\s])", re.IGNORECASE),
)
_AT_ONCE = 1.0  # seconds that a call waits that would rather come again
_CSV = {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}


class Farr(NinjaAPI):
    """No answer is kept by a browser or a proxy."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "private, no-store"
        return response


def schema_needs(view: Any) -> Any:
    """The description of the API is for those who may use it: by token, or signed in."""

    def checked(request: Any, **more: Any) -> HttpResponse:
        try:
            by_token = ByToken()(request) is not None
        except (AuthenticationError, Denied) as error:
            return refusal_of(request, error)
        signed_in = Permission.USE_API in getattr(request, "permissions", frozenset()) and request.second_factor
        return view(request, **more) if by_token or signed_in else refusal_of(request, AuthenticationError())

    checked.needs = frozenset({Permission.USE_API})
    return checked


api = Farr(
    title="Farr", version="1", urls_namespace="api", auth=ByToken(), throttle=[EachToken()], docs_url=None, docs_decorator=schema_needs,
    description="Benchmarks that were released, for the organisations granted to whoever asks. Small numbers are hidden.",
)  # fmt: skip
answer_errors(api)


@api.exception_handler(BeingAsked)
def _not_yet(request: HttpRequest, asked: BeingAsked) -> HttpResponse:
    """Where the call said that it would rather come again (RFC 7240): when, and to which address."""
    said = JsonResponse(answers.not_yet(asked).model_dump(), status=202)
    said["Location"], said["Retry-After"] = request.get_full_path(), "2"
    said["Preference-Applied"], said["Cache-Control"] = "respond-async", "private, no-store"
    return said


@api.exception_handler(Busy)
def _busy(request: HttpRequest, busy: Busy) -> HttpResponse:
    said = refused(str(busy), 503)
    said["Retry-After"] = str(RETRY_AFTER)
    return said


class Place(Schema):
    level: str = Field(pattern=_NAME, description="commissioner, provider, region …")
    organisation: str = Field(pattern=_CODE, description="Its code")


class Which(Place):
    measure: str = Field(pattern=_NAME, description="The measure's name: see /measures")


class Part(Schema):
    limit: int = Field(100, ge=1, le=_MOST, description="How many at most")
    offset: int = Field(0, ge=0, le=1_000_000, description="How many to leave out first")


class Sought(Part):
    level: str | None = Field(None, pattern=_NAME, description="Only organisations of this level")
    q: str = Field("", max_length=100, description="Part of a name or code")


class Against(Schema):
    norm: str = Field(DEFAULT_NORM, pattern=_NAME, description="The norm to compare with: see /norms")
    purpose: str = Field("", max_length=200, description="For what, where you have access for several purposes: see `shown`")


class Chosen(Against):
    """As on the pages: what was not published ahead is asked of the release service."""

    period: str = Field("", pattern=r"^(\d{4}-\d{2}(\.\.\d{4}-\d{2})?)?$", description="2024-04..2025-03; by default the latest year")
    by: str = Field("", pattern=r"^([a-z][a-z0-9_]{0,62})?$", description="What to take the figure apart by: see `drills`")
    peers: str = Field("", max_length=4000, pattern=r"^[A-Za-z0-9_.\-, ]*$", description="Codes, for the norm own_list")
    count: int | None = Field(None, ge=1, le=50, description="How many peers a norm of similar organisations takes")


class ChosenPage(Chosen):
    charts: bool = Field(False, description="With the charts' specifications")


@api.get("/edition", response={200: answers.Edition, **_REFUSED}, operation_id="edition", summary="What is published")
@needs(Permission.SEE_FIGURES)
def edition(request: Any) -> answers.Edition:
    """When it was made, under which agreement, and of which months."""
    _check_known(request, Schema)
    return answers.edition(PUBLISHED.contents())


@api.get("/organisations", response={200: answers.Organisations, **_REFUSED}, operation_id="organisations", summary="Organisations granted")
@needs(Permission.SEE_FIGURES)
def organisations(request: Any, sought: Query[Sought]) -> answers.Organisations:
    """Those that you were granted, in the order in which they were published."""
    _check_known(request, Sought)
    words = sought.q.strip().lower()
    found = [
        each
        for each in listed(request.user, PUBLISHED.contents())
        if (sought.level is None or each.level == sought.level) and words in f"{each.code} {each.name}".lower()
    ]
    return answers.Organisations(items=_part(found, sought), count=len(found))


@api.get("/measures", response={200: answers.Measures, **_REFUSED}, operation_id="measures", summary="What is measured")
@needs(Permission.SEE_FIGURES)
def measures(request: Any, part: Query[Part]) -> answers.Measures:
    """What each measure means, who owns it and whether a clinician signed it off."""
    _check_known(request, Part)
    found = PUBLISHED.contents().measures
    return answers.Measures(items=_part(found, part), count=len(found))


@api.get("/norms", response={200: answers.Norms, **_REFUSED}, operation_id="norms", summary="What may be compared with")
@needs(Permission.SEE_FIGURES)
def norms(request: Any) -> answers.Norms:
    """What an organisation may be compared with."""
    _check_known(request, Schema)
    return answers.Norms(items=list(PUBLISHED.contents().norms))


@api.get(
    "/organisations/{level}/{organisation}/overview", response={200: answers.OverviewAnswer, **_ASKED}, operation_id="overview",
    summary="Every measure of an organisation",
)  # fmt: skip
@needs(Permission.SEE_FIGURES)
def overview(request: Any, place: Path[Place], against: Query[Against]) -> answers.OverviewAnswer:
    """In a few words each. Where no overview against the norm was published, that against the default one: see `norm` of the answer."""
    _check_known(request, Against)
    found, grant = overview_of(
        request, PUBLISHED.contents(), place.level, place.organisation, against.norm, patience=_patience(request)
    )  # fmt: skip
    return answers.overview_answer(found, grant)


@api.get(
    "/organisations/{level}/{organisation}/measures/{measure}", response={200: answers.BenchmarkAnswer, **_ASKED},
    operation_id="benchmark", summary="One measure of one organisation",
)  # fmt: skip
@needs(Permission.SEE_FIGURES)
def benchmark(request: Any, which: Path[Which], chosen: Query[ChosenPage]) -> answers.BenchmarkAnswer:
    """The figure beside its norm, the tables, and all that must be said of them. With the header `Prefer: respond-async` a question that
    takes long is answered with 202: ask the same again, where Location says, after Retry-After seconds."""
    _check_known(request, ChosenPage)
    contents = PUBLISHED.contents()
    view = _view(which, chosen)
    grant = granted(request, view, contents)
    page = page_of(request, view, contents, grant, patience=_patience(request))
    seen(request, view, grant)
    return answers.benchmark_answer(page, grant, charts=chosen.charts)


@api.get(
    "/organisations/{level}/{organisation}/measures/{measure}/table.csv", response={200: None, **_REFUSED}, operation_id="table",
    summary="The tables as a file", openapi_extra={"responses": _CSV},
)  # fmt: skip
@needs(Permission.DOWNLOAD)
def table(request: Any, which: Path[Which], chosen: Query[Chosen]) -> HttpResponse:
    """Every table of the benchmark, its notes and its provenance, as CSV."""
    _check_known(request, Chosen)
    page = downloaded(request, _view(which, chosen), "csv")
    media, make = TABLES["csv"]
    return as_file(make(page), media, file_name(page, ".csv"))


def _patience(request: HttpRequest) -> float:
    """Seconds that the call waits: to the end, unless it prefers to come again, at once or after as long as it says."""
    prefers = request.headers.get("Prefer", "")
    if _ASYNC.search(prefers) is None:
        return WHOLE
    wait = _WAIT.search(prefers)
    return min(float(wait[2]), 60.0) if wait else _AT_ONCE


def _check_known(request: HttpRequest, query: type[Schema]) -> None:
    """Raises ChoiceError for a parameter that there is not, or that is said twice: otherwise another figure than was meant would be
    given."""
    known = query.model_fields
    for name, said in request.GET.lists():
        if name not in known:
            raise ChoiceError(f"there is no such parameter as one of yours; there are: {', '.join(known) or 'none'}", field=UNKNOWN)
        if len(said) > 1:
            raise ChoiceError(f"'{name}' is said more than once", field=name)


def _view(which: Which, chosen: Chosen) -> View:
    """The view as a page's address would say it. Raises ChoiceError."""
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in chosen.model_dump(exclude={"charts", "purpose"}).items() if value})
    return read_view(which.level, which.organisation, which.measure, query)


def _part(found: Any, part: Part) -> list[Any]:
    return list(found[part.offset : part.offset + part.limit])
