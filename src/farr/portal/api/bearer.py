"""Who asks the API: the owner of a live token, from a place that their roles may be used from. A session's cookie opens nothing here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from farr.portal.access.denied import Denied
from farr.portal.access.factor import has_second_factor
from farr.portal.access.needs import check_permission
from farr.portal.access.places import address, admitted, country
from farr.portal.access.roles import Permission, permissions_of
from farr.portal.agreements.grants import check_trained
from farr.portal.api.models import Token
from farr.portal.api.tokens import count, find
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

REFUSED = "send a live token in the header Authorization: Bearer …; make one on the portal's page Tokens"


class ByToken(HttpBearer):
    """Sets user, roles and permissions of the request to those of the token's owner, as AccessMiddleware does for a session."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Raises AuthenticationError for a token that is no longer good, and Denied where its owner may not use it."""
        found = find(token)
        if found is None:
            return None
        return accept(request, count(found))


def accept(request: Any, token: Token) -> Token:
    """The token, if its owner may use it now, from here. Raises AuthenticationError and Denied."""
    user = token.user
    roles = admitted(user.roles, address(request), country(request))
    request.user, request.token, request.roles, request.permissions = user, token, roles, permissions_of(roles)
    user.chosen_purpose = request.GET.get("purpose", "")
    if token.state != "live" or not user.is_active:
        record(request, What.DENIED, request.path, detail={"why": f"the token is {token.state}" if user.is_active else "disabled account"})
        raise AuthenticationError(message=REFUSED)
    if not has_second_factor(user):
        raise Denied("your account has no second factor; sign in to the portal and set it up: your tokens then work again")
    check_permission(request, Permission.USE_API)
    check_trained(user)
    return token


class EachToken(BaseThrottle):
    """So many calls a minute of each token, whichever process answers them: they were counted in the database."""

    def allow_request(self, request: Any) -> bool:
        calls, most = request.token.calls, settings.API_CALLS_A_MINUTE
        if calls == most + 1:
            record(request, What.DENIED, request.path, detail={"why": f"more than {most} calls in a minute"})
        return calls <= most

    def wait(self) -> float:
        """Until the next minute begins, at most."""
        return 60.0
