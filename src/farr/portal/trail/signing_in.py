"""Signing in and out, and failures of it, written to the audit as they happen. A new password is written down before it is one, in
people/adapters.py, and so is a change of a second factor, in people/factors.py."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authentication_failed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver

from farr.portal.trail.recording import record_of
from farr.portal.trail.trail import What


@receiver(user_logged_in)
def signed_in(request: Any, user: Any, sociallogin: Any = None, **_: Any) -> None:
    by = {} if sociallogin is None else {"sign-on": sociallogin.account.provider}
    record_of(user, What.SIGNED_IN, request, detail=by)


@receiver(user_logged_out)
def signed_out(request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        record_of(user, What.SIGNED_OUT, request)


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    # The address that was typed may be a password put in the wrong field: it is not written down.
    record_of(None, What.SIGN_IN_FAILED, request)


@receiver(user_locked_out)
def locked_out(request: Any = None, **_: Any) -> None:
    record_of(None, What.LOCKED_OUT, request)


@receiver(authentication_failed)
def wrong_code(request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """The password was right, or a session was there: it is known whose code was wrong."""
    record_of(user, What.CODE_FAILED, request, str(authenticator.type))
