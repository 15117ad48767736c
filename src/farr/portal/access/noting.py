"""What is noted of each request for the log: its number, which its lines of the audit hold too, and what was refused of it as wrong. Names
that the code gave, and no value of what was sent."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_log = logging.getLogger(__name__)
_REFUSED = range(400, 500)


@dataclass
class _Noted:
    number: str
    mistakes: list[dict[str, Any]] = field(default_factory=list)


_noted: ContextVar[_Noted | None] = ContextVar("farr_noted", default=None)


def number() -> str:
    """Of the request that is being answered; empty outside one."""
    noted = _noted.get()
    return "" if noted is None else noted.number


def note(of: str, fields: Mapping[str, Sequence[str]]) -> None:
    """Notes that something was wrong in a form, a query or a call: `of` what, and of each field the kinds of mistake. The names must be
    the code's own, never a sender's."""
    noted = _noted.get()
    if noted is not None:
        noted.mistakes.append({"of": of, "fields": {name: list(kinds) for name, kinds in fields.items()}})


def note_error(error: Exception) -> None:
    """Notes an error that the portal answered with: its kind, and the field that it names, if it does."""
    named = getattr(error, "field", "")
    note(type(error).__name__, {named: ["refused"]} if named else {})


class NotingMiddleware:
    """Numbers each request, and writes one line to the log where it was refused or something in it was wrong."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponse]") -> None:
        self._get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        noted = _Noted(number=secrets.token_hex(8))
        token = _noted.set(noted)
        try:
            response = self._get_response(request)
            if noted.mistakes or response.status_code in _REFUSED:
                view = "" if request.resolver_match is None else request.resolver_match.view_name
                said = {"view": view, "status": response.status_code, "mistakes": noted.mistakes}
                _log.warning("input was refused" if noted.mistakes else "a request was refused", extra={"farr": said})
            return response
        finally:
            _noted.reset(token)
