"""Before any page: signed in, with a second factor, from a place that the role may be used from. After a denial: said, and written down."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from farr.lab.model.errors import FarrError
from farr.portal.access.denied import Denied
from farr.portal.access.factor import has_second_factor
from farr.portal.access.forms import NotedForm, note_mistakes
from farr.portal.access.lasting import is_over
from farr.portal.access.limits import COUNTING, limited, seconds_left
from farr.portal.access.needs import OPEN
from farr.portal.access.noting import note_error
from farr.portal.access.places import address, admitted, country
from farr.portal.access.roles import permissions_of
from farr.portal.access.unsafe import INSTEAD, is_of_the_server
from farr.portal.benchmarks.published import NotPublished
from farr.portal.people.again import follow
from farr.portal.people.models import User
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

_log = logging.getLogger(__name__)
_METHODS = ("GET", "HEAD", "POST")
_ALLAUTH = "/accounts/"
_ENROL = "/accounts/2fa/"
_API = "/api/"
_OWN_PASSWORD = "/accounts/password/change/"  # noqa: S105  an address
_LEAVE = "/accounts/logout/"
_AGAIN = "/accounts/reauthenticate/"
PURPOSE = "farr.purpose"
"""Of a session: the purpose that was chosen in it."""


class AccessMiddleware:
    """Sets `request.roles` and `request.permissions`: those that the person may use from where they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.method not in _METHODS and not request.path.startswith(_API):
            return HttpResponseNotAllowed(_METHODS)
        if settings.SECURE_SSL_REDIRECT and request.path.startswith(_API) and not request.is_secure():
            return JsonResponse({"detail": "ask over https; a token that was sent without it may have been read: end it"}, status=403)
        user: Any = request.user
        if user.is_authenticated:
            follow(request)
        roles = admitted(user.roles, address(request), country(request)) if isinstance(user, User) else set()
        request.roles, request.permissions = roles, permissions_of(roles)
        request.second_factor = has_second_factor(user)
        if isinstance(user, User):
            user.chosen_purpose = request.session.get(PURPOSE, "")
        response = self._stopped(request, user) or self._get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"  # figures of one person are no other's who uses the same browser
        if request.path == _LEAVE and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'  # pages that were open do not come back after signing out
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Nobody is given more in a minute than a person can look at; the audit says so once."""
        user: Any = request.user
        kind = limited(request, view)
        if not isinstance(user, User) or kind is None or COUNTING.is_within(kind, user.pk, kind.most):
            return None
        seconds, most = seconds_left(), kind.most
        detail = {"why": f"more than {most} {kind.value} in a minute"}
        try:
            COUNTING.tell_once(kind, user.pk, lambda: record(request, What.DENIED, request.path, detail=detail))
        except FarrError as error:
            return self.process_exception(request, error)
        response = render(request, "too_many.html", {"most": most, "kind": kind.value, "seconds": seconds}, status=429)
        response["Retry-After"] = str(seconds)
        return response

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Notes what was wrong in a form of allauth's; those of the portal note it themselves."""
        form = (response.context_data or {}).get("form")
        if isinstance(form, BaseForm) and not isinstance(form, NotedForm):
            note_mistakes(form)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Denied):
            record(request, What.DENIED, request.path, detail={"why": str(error)})
            return render(request, "denied.html", {"why": str(error)}, status=403)
        if is_of_the_server(error):
            _log.error("a page failed", exc_info=error)
            return render(request, "problem.html", {"why": INSTEAD}, status=503)
        if isinstance(error, FarrError):  # says what to do, and never a figure
            note_error(error)
            return render(request, "problem.html", {"why": str(error)}, status=404 if isinstance(error, NotPublished) else 422)
        return None

    def _stopped(self, request: Any, user: Any) -> HttpResponse | None:
        """Where the request goes instead; None where it may go on."""
        path = request.path
        if path.startswith((settings.STATIC_URL, _API)) or _is_open(path):
            return None
        if user.is_authenticated and is_over(request.session):
            logout(request)
            user = request.user
        if not user.is_authenticated:
            after = urlencode({"next": request.get_full_path()})
            return None if path.startswith(_ALLAUTH) else redirect(f"{reverse('account_login')}?{after}")
        if not path.startswith((_ENROL, _LEAVE, _AGAIN)) and not request.second_factor:
            return redirect("mfa_activate_totp")
        if (why := user.must_choose) and not path.startswith((_OWN_PASSWORD, _ENROL, _LEAVE, _AGAIN)):
            messages.info(request, why)
            return redirect("account_change_password")
        return None


def _is_open(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "needs", None) == OPEN
    except Resolver404:
        return False
