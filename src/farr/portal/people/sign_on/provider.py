"""allauth's OpenID Connect, held to what it leaves open: see the folder's own words."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest
from requests import RequestException

from farr.portal.people.sign_on.asking import Refused, check_place
from farr.portal.people.sign_on.token import nonce_of, verified
from farr.portal.settings import FARR

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class StrictFlow(OpenIDConnectOAuth2Adapter):
    """Of one request. Which sign-on it is stands in the address."""

    def __init__(self, request: HttpRequest, provider_id: str | None = None) -> None:
        match = request.resolver_match
        super().__init__(request, provider_id or (match.kwargs["provider_id"] if match else ""))
        self._nonce: str | None = None
        self._description: Any = None

    def get_provider(self) -> Any:
        """Raises Http404 for a sign-on that portal.toml does not name."""
        try:
            return super().get_provider()
        except (SocialApp.DoesNotExist, SocialApp.MultipleObjectsReturned):
            raise Http404 from None

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the sign-on says of itself. Raises allauth's ImmediateHttpResponse, which ends the request, where it is not what portal.toml
        names."""
        if self._description is None:
            provider = self.get_provider()
            try:
                said = self._asked(provider.server_url)
                _check_description(said, provider.app.settings["issuer"])
            except (OAuth2Error, RequestException) as error:
                raise ImmediateHttpResponse(render_authentication_error(self.request, provider, exception=error)) from None
            self._description = said
        return self._description

    def get_access_token_data(self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None) -> Any:
        """Raises Refused where the answer is not what it should be, and requests' RequestException."""
        self._nonce = None if pkce_code_verifier is None else nonce_of(pkce_code_verifier)
        try:
            given = super().get_access_token_data(request, app, client, pkce_code_verifier)
        except (KeyError, TypeError, AttributeError, UnicodeError, RecursionError):
            given = None
        if not isinstance(given, dict) or not isinstance(given.get("access_token"), str):
            raise Refused("its answer to the code is no token")
        return given

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=data["access_token"])  # it serves this once, and is not kept

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> Any:
        """Raises Refused, and requests' RequestException."""
        given = kwargs["response"].get("id_token")
        if not isinstance(given, str) or self._nonce is None:
            raise Refused("it gave no ID token")
        claims = verified(
            given, self._asked(self.openid_config["jwks_uri"]), issuer=app.settings["issuer"], client=app.client_id, nonce=self._nonce
        )
        told = self._asked(self.profile_url, {"Authorization": f"Bearer {token.token}"})
        if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
            raise Refused("it tells of somebody else than its ID token names")
        _check_letters(told.get("email"))
        try:
            return self.get_provider().sociallogin_from_response(request, {"userinfo": told, "id_token": claims})
        except (TypeError, ValueError, AttributeError):
            raise Refused("what it tells of somebody cannot be read") from None

    def _asked(self, url: str, headers: dict[str, str] | None = None) -> Any:
        with get_adapter().get_requests_session() as asking:
            answer = asking.get(url, headers=headers)
            answer.raise_for_status()
        try:
            return answer.json()
        except RecursionError:
            raise Refused("its answer is nested too deep") from None


class StrictProvider(OpenIDConnectProvider):
    """Takes no wish from the address by which it is begun, and sends a nonce with every request."""

    oauth2_adapter_class = StrictFlow
    supports_token_authentication = False

    def get_pkce_params(self) -> dict[str, Any]:
        said = super().get_pkce_params()
        return {**said, "nonce": nonce_of(said["code_verifier"])}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        return self.get_auth_params()

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()


def _check_letters(email: Any) -> None:
    """Raises Refused for a letter that becomes one of ASCII when it is made small, as the sign of kelvin becomes a k: the address would be
    somebody else's."""
    if isinstance(email, str) and any(not each.isascii() and each.lower().isascii() for each in email):
        raise Refused("the address that it tells is written so as to be taken for another")


def _check_description(said: Any, issuer: str) -> None:
    """Raises Refused."""
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        raise Refused("it calls itself by another name than portal.toml does: its issuer is not the setting's")
    for each in _ENDPOINTS:
        check_place(str(said.get(each, "")), https=FARR.https)
