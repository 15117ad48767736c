"""Whether somebody has a second factor: an authenticator app or a security key. Recovery codes alone are none, for signing in asks for
nothing where there is nothing else."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled


def has_second_factor(user: Any) -> bool:
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
