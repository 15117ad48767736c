"""Typing the password, or giving the second factor, again within a session: it gets a new name, and sessions are ended only after it."""

from collections.abc import Iterable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.signals import authentication_step_completed
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import list_usersessions
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from farr.portal.access.needs import signed_in
from farr.portal.trail.recording import record_of
from farr.portal.trail.trail import What


@receiver(authentication_step_completed)
def new_name(request: Any, reauthenticated: bool = False, **_: Any) -> None:
    """Who knew the session's name before is out: from now on it does more than it did."""
    if not reauthenticated:
        return
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def follow(request: Any) -> None:
    """Under a new key of sessions Django gives each a new name at its next request: the list has it too, or ending the session would end
    nothing."""
    before, now = request.COOKIES.get(settings.SESSION_COOKIE_NAME), request.session.session_key
    if before and now and before != now:
        UserSession.objects.filter(session_key=before, user=request.user).update(session_key=now)


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """Each is written down before it ends. Raises ChainError and OSError: then it goes on."""
        for session in sessions:
            record_of(session.user, What.SIGNED_OUT, self.request, "another session")
            session.end()


@signed_in
@require_http_methods(["POST"])
def session_end(request: Any, number: int) -> HttpResponse:
    """Ends a session of one's own. Somebody else's is not there."""
    ending: Any = reauthentication_required(_end)
    return ending(request, get_object_or_404(UserSession, pk=number, user=request.user))


def _end(request: Any, session: UserSession) -> HttpResponse:
    end_sessions(request, [session])
    messages.success(request, "Ended the session.")
    return redirect("usersessions_list")


_sessions: Any = reauthentication_required(list_usersessions, allow_get=True)  # seeing them asks for nothing
urlpatterns = [
    path("accounts/sessions/", _sessions, name="usersessions_list"),
    path("sessions/<int:number>/end/", session_end, name="session_end"),
]
