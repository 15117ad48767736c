"""Every refusal of the API as {"detail": …}: why, and nothing of the server."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Throttled, ValidationError

from farr.lab.model.errors import FarrError
from farr.portal.access.denied import Denied
from farr.portal.access.needs import is_open
from farr.portal.access.noting import note, note_error
from farr.portal.access.unsafe import INSTEAD, is_of_the_server
from farr.portal.api.bearer import REFUSED
from farr.portal.benchmarks.showing import status_of
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

_log = logging.getLogger(__name__)
UNKNOWN = "(unknown)"
NO_SUCH = "there is no such endpoint; /api/v1/openapi.json lists them"
_KNOWN: dict[type[Exception], tuple[str, int]] = {
    AuthenticationError: (REFUSED, 401),
    Throttled: ("too many calls; wait for as long as Retry-After says", 429),
    Http404: (NO_SUCH, 404),
}


def refused(detail: str, status: int) -> HttpResponse:
    response = JsonResponse({"detail": detail}, status=status)
    response["Cache-Control"] = "private, no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="farr"'
    return response


@is_open
def no_such(request: HttpRequest, rest: str = "") -> HttpResponse:
    return refused(NO_SUCH, 404)


def refusal_of(request: HttpRequest, error: Any) -> HttpResponse:
    """The answer to an error. A denial is written to the audit first; where that fails, nothing is told of it."""
    if isinstance(error, ValidationError):
        note("call", _kinds(error.errors))
        return refused(_words(error.errors), 422)
    if known := next((said for kind, said in _KNOWN.items() if isinstance(error, kind)), None):
        return refused(*known)
    if isinstance(error, Denied):
        try:
            record(request, What.DENIED, request.path, detail={"why": str(error)})
        except (FarrError, OSError) as failed:
            return refusal_of(request, failed)
        return refused(str(error), 403)
    if isinstance(error, FarrError) and not is_of_the_server(error):
        note_error(error)
        return refused(str(error), status_of(error))
    # The formatter of the log keeps of it the kind and the place.
    _log.error("the API failed", exc_info=error)
    return refused(INSTEAD, 503 if isinstance(error, FarrError) else 500)


def answer_errors(api: NinjaAPI) -> None:
    """Has `api` answer every error like this."""
    for kind in (Exception, ValidationError, *_KNOWN):
        api.add_exception_handler(kind, refusal_of)


def _words(errors: list[dict[str, Any]]) -> str:
    """What is wrong with each parameter. What was sent is not repeated."""
    return "; ".join(f"{'.'.join(str(part) for part in each['loc'][1:] if part != 'chosen')}: {each['msg']}" for each in errors)


def _kinds(errors: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The kinds of mistake by parameter, for the log. The name of one that there is not is the sender's, and is not repeated."""
    kinds: dict[str, list[str]] = {}
    for each in errors:
        names = [str(part) for part in each["loc"][1:] if part != "chosen"]
        name = names[0] if names and each["type"] != "extra_forbidden" else UNKNOWN
        kinds.setdefault(name, []).append(str(each["type"]))
    return kinds
