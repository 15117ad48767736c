"""How allauth is kept to the house: nobody signs up by themselves, and an organisation's sign-on finds accounts and makes none."""

import time
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect

from farr.portal.access.factor import has_second_factor
from farr.portal.installation import InstallationError
from farr.portal.people.models import User
from farr.portal.people.passwords import was_breached
from farr.portal.people.recovery import has_older_codes
from farr.portal.people.sign_on import asking
from farr.portal.settings import FARR
from farr.portal.trail.recording import record, record_of
from farr.portal.trail.trail import What

_LAPSED = "Your first password has lapsed. Ask an administrator of the portal for a new one."
_NO_ACCOUNT = "No account is held for this address. Ask an administrator of the portal for one."
_ANOTHERS = (
    "The account of this address is known by somebody else of your organisation's sign-on. If it is yours, ask an administrator of the "
    "portal to replace its password: the sign-on then finds it anew."
)
_TYPED = "farr.typed"
"""Of a session in which a password was typed, and signing in goes on with a second factor: whose, and what Django makes of it."""


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not of a session that signed in within the last minutes: that is as good as doing it again."""
        request: Any = self.request
        if request is not None and request.user.is_authenticated:
            latest = max((float(each["at"]) for each in get_authentication_records(request, request.user)), default=0.0)
            if time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
                return False
        return super().is_reauthentication_required(app=app, **more)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """After the right password: raises ValidationError where it is a first one that lapsed; and one that was breached since it was set
        must be changed before anything else."""
        user: Any = super().authenticate(request, **credentials)
        if user is None:
            return None
        if user.first_password_lapsed:
            record_of(user, What.DENIED, request, "first password", detail={"why": "it lapsed"})
            raise ValidationError(_LAPSED)
        if not request.user.is_authenticated:
            request.session[_TYPED] = {"of": user.pk, "hash": user.get_session_auth_hash()}
        if not user.breached_password and was_breached(credentials.get("password", "")):
            record_of(user, What.CHANGED_ACCOUNT, request, user.email, detail={"password": "breached"})
            user.breached_password = True
            user.save(update_fields=["breached_password"])
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Raises allauth's ImmediateHttpResponse where the password that was typed is the account's no more: it was replaced or changed
        before the second factor was given."""
        typed = request.session.pop(_TYPED, None)
        held = User.objects.get(pk=user.pk)
        if typed is not None and typed["of"] == held.pk and typed["hash"] != held.get_session_auth_hash():
            record_of(held, What.DENIED, request, "sign-in", detail={"why": "the password was changed meanwhile"})
            messages.error(request, "The password of this account was changed meanwhile. Sign in with the new one.")
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> Any:
        if has_older_codes(user):
            messages.info(request, "Your recovery codes are of an older kind. Make new ones: your name, Second factors, Recovery codes.")
        return super().post_login(request, user, **more)

    def clean_password(self, password: str, user: Any = None) -> str:
        """Raises ValidationError, also for the password that the account has: it may be the one that an administrator gave. An e-mail is no
        proof of who somebody is: it gives no new password where the first has lapsed, nor where no second factor is asked for after it."""
        if user is not None and user.pk is not None:
            if user.first_password_lapsed:
                raise ValidationError(_LAPSED)
            if self.request is not None and not self.request.user.is_authenticated and not has_second_factor(user):
                raise ValidationError("This account has no second factor. Ask an administrator of the portal for a new first password.")
        cleaned = super().clean_password(password, user)
        if user is not None and user.pk is not None and user.check_password(cleaned):
            raise ValidationError("Choose another than the one you have.")
        return cleaned

    def set_password(self, user: Any, password: str) -> None:
        """However it comes to be: changed, set, or chosen anew by mail. It is written down first, and is then the person's own."""
        record_of(user, What.PASSWORD, self.request)
        user.set_password(password)
        user.first_password, user.first_password_until, user.breached_password = False, None, False
        user.save(update_fields=["password", "first_password", "first_password_until", "breached_password"])


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie in the database encrypted, with a key that lies in the portal's folder: who reads the one alone, or a
    backup of it, can make no code."""

    def encrypt(self, text: str) -> str:
        return FARR.factor_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InstallationError where it was encrypted with another key."""
        try:
            return FARR.factor_cipher().decrypt(encrypted_text.encode()).decode()
        except (InvalidToken, ValueError):
            raise InstallationError("a second factor was encrypted with another key: restore factors.key of the portal's folder") from None


class SignOnAdapter(DefaultSocialAccountAdapter):
    """A verified address of an organisation's sign-on is the account's of that address, which an administrator made."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> Any:
        return asking.session(https=FARR.https)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        """The browser is told in general words; why is for the audit. Who calls again and again writes down no more than sixty a minute."""
        if ratelimit.consume(request, app="allauth.account", action="login", limit_get=True):
            record(request, What.DENIED, request.path, detail={"sign-on": provider.sub_id, "why": asking.why(more.get("exception"))})

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Raises allauth's ImmediateHttpResponse, which ends the request, where the sign-on says who somebody is and the portal does not
        take it."""
        name = sociallogin.account.provider
        if sociallogin.is_existing:
            if not _vouches(name, sociallogin.user.email):
                _refuse(request, name, "the account's address is none of its domains any more", _NO_ACCOUNT)
            return
        verified = [each.email.lower() for each in sociallogin.email_addresses if each.verified and _vouches(name, each.email)]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None:
            _refuse(request, name, "no account is held for the address that it vouches for", _NO_ACCOUNT)
        elif SocialAccount.objects.filter(user=user, provider=name).exists():
            # Who leaves has an address that somebody else is given; a sign-on's name for them is not (OpenID Connect Core 1.0, 5.7).
            _refuse(request, name, "the account of the address that it vouches for is somebody else's, by what it calls them", _ANOTHERS)
        else:
            sociallogin.connect(request, user)


def _refuse(request: HttpRequest, sign_on: str, why: str, told: str) -> NoReturn:
    record(request, What.DENIED, request.path, detail={"sign-on": sign_on, "why": why})
    messages.error(request, told)
    raise ImmediateHttpResponse(redirect("account_login"))


def _vouches(sign_on: str, email: str) -> bool:
    """Whether the sign-on may vouch for the address: one organisation's does not say who another's people are."""
    domains = next((each.domains for each in FARR.sign_on if each.name == sign_on), None)
    return domains is not None and (not domains or email.lower().rpartition("@")[2] in domains)
