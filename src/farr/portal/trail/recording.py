"""Writing to the audit from a request: who and from where come of the request itself."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest

from farr.portal.access.places import address
from farr.portal.people.models import User
from farr.portal.settings import FARR
from farr.portal.trail.trail import Event, Trail, What

Recorded = Callable[[], object]
"""Writes a line to the audit. What it tells of calls it after every check and before it is kept, in one transaction: a line says what was
done, and what cannot be written down is not done."""


def unrecorded() -> None:
    """For tests and demonstrations: nothing is written down."""


@cache
def trail() -> Trail:
    """The audit of this installation."""
    return Trail(FARR)


def record(request: HttpRequest, what: What, about: str, *, purpose: str = "", detail: dict[str, Any] | None = None) -> None:
    """Writes down what the signed-in person does, before it is done; of a call of the API, by which token. Raises ChainError and OSError:
    then it must not be done."""
    user: Any = getattr(request, "user", None)
    known = isinstance(user, User)
    token: Any = getattr(request, "token", None)
    by = {} if token is None else {"by token": token.name}
    trail().record(
        Event(
            what=what, user=user.pk if known else None, name=user.email if known else "", about=about, address=address(request),
            purpose=purpose, detail={**(detail or {}), **by},
        )
    )  # fmt: skip


def record_of(user: Any, what: What, request: Any, about: str = "", *, detail: dict[str, Any] | None = None) -> None:
    """Writes down what happens to an account where nobody need be signed in. Raises ChainError and OSError, as `record`."""
    known = user if isinstance(user, User) else None
    number, name = (None, "") if known is None else (known.pk, known.email)
    place = "" if request is None else address(request)
    trail().record(Event(what=what, user=number, name=name, about=about, address=place, detail=detail))
