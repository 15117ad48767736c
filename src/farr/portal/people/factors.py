"""What becomes of second factors, and of links to sign-ons, is written down: a change of one before it is kept, and what did not fit or
came too often."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.views import add_webauthn, remove_webauthn
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.urls import path

from farr.portal.people.models import User
from farr.portal.trail.recording import record, record_of
from farr.portal.trail.trail import What

_TOO_MANY = "too_many_login_attempts"


@receiver(pre_save, sender=Authenticator)
def added(instance: Authenticator, **_: Any) -> None:
    if instance._state.adding:  # and not that it was used, or named otherwise
        _changed(instance, "added")


@receiver(pre_delete, sender=Authenticator)
def removed(instance: Authenticator, **_: Any) -> None:
    _changed(instance, "removed")


@receiver(pre_save, sender=SocialAccount)
def linked(instance: SocialAccount, **_: Any) -> None:
    if instance._state.adding:  # and not that it was used
        _linked(instance, "linked")


@receiver(pre_delete, sender=SocialAccount)
def unlinked(instance: SocialAccount, **_: Any) -> None:
    _linked(instance, "unlinked")


def _linked(way: SocialAccount, change: str) -> None:
    """Another way into an account, or one less. Raises as `_changed`."""
    request: Any = context.request
    if request is None:
        return
    owner, detail = User.objects.get(pk=way.user_id), {"sign-on": way.provider, "change": change}  # type: ignore[attr-defined]
    if isinstance(request.user, User):
        record(request, What.CHANGED_ACCOUNT, owner.email, detail=detail)
    else:
        record_of(owner, What.CHANGED_ACCOUNT, request, owner.email, detail=detail)


def _changed(factor: Authenticator, change: str) -> None:
    """Raises ChainError and OSError: then nothing is changed. Without a request it is a command of whoever runs the portal."""
    request: Any = context.request
    if request is None:
        return
    by, owner = request.user, User.objects.get(pk=factor.user_id)  # type: ignore[attr-defined]
    if isinstance(by, User) and by.pk != owner.pk:
        record(request, What.SECOND_FACTOR, owner.email, detail={"factor": factor.type, "change": change})
    else:
        record_of(owner, What.SECOND_FACTOR, request, factor.type, detail={"change": change})


class _CodeCounted:
    """A code that is refused unseen, for too many were wrong, leaves a line too; of a wrong one allauth tells (trail/signing_in.py)."""

    user: Any

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == _TOO_MANY:
                record_of(self.user, What.LOCKED_OUT, context.request, "second factor")
            raise


class CodeForm(_CodeCounted, AuthenticateForm):
    """Signing in by a code."""


class CodeAgainForm(_CodeCounted, ReauthenticateForm):
    """A code again, within a session."""


class _KeyCounted:
    """A security key that does not fit leaves a line, whatever of it did not fit."""

    user: Any

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        form: Any = self
        if form.is_bound and form.errors:
            too_many = any(error.code == _TOO_MANY for errors in form.errors.as_data().values() for error in errors)
            what, about = (What.LOCKED_OUT, "second factor") if too_many else (What.CODE_FAILED, Authenticator.Type.WEBAUTHN.value)
            record_of(self.user, what, context.request, about)


class KeyForm(_KeyCounted, AuthenticateWebAuthnForm):
    """Signing in by a security key."""


class KeyAgainForm(_KeyCounted, ReauthenticateWebAuthnForm):
    """A security key again, within a session."""


# Pages of allauth that change a factor and whatever hangs on it step by step: here wholly, or not at all.
urlpatterns = [
    path("accounts/2fa/totp/deactivate/", transaction.atomic(deactivate_totp), name="mfa_deactivate_totp"),
    path("accounts/2fa/webauthn/add/", transaction.atomic(add_webauthn), name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", transaction.atomic(remove_webauthn), name="mfa_remove_webauthn"),
]
