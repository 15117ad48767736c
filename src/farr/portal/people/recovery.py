"""Recovery codes, hashed as passwords are. allauth keeps the seed of which they are made, and makes short ones by HMAC-SHA-1: its class is
replaced by one that keeps hashes. Sets that allauth made before go on working until their owner makes new ones."""

import secrets
from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from farr.portal.installation import InstallationError

_MADE_BY_ALLAUTH = auth.RecoveryCodes
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_RANDOM = 12  # letters and digits: 59 bits
_UNSEEN = "farr.recovery_codes"
_HASHES = "hashes"


class HashedRecoveryCodes(_MADE_BY_ALLAUTH):
    """A code begins with its number, so that one hash is tried and not ten. Codes are shown once, in the session in which they were made:
    until then, or until it ends, it holds them, encrypted as secrets of second factors are."""

    def __init__(self, instance: Authenticator) -> None:
        super().__init__(instance)
        self._shown: list[str] | None = None

    @classmethod
    def activate(cls, user: Any) -> "HashedRecoveryCodes":
        held = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
        if held is not None:
            return cls(held)
        codes = [_new_code(number) for number in range(app_settings.RECOVERY_CODE_COUNT)]
        hashes = [make_password(normalize_user_code(each)) for each in codes]
        made = cls(Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={_HASHES: hashes}))
        if (request := context.request) is not None:
            request.session[_UNSEEN] = {"of": made.instance.pk, "codes": get_adapter().encrypt(" ".join(codes))}
        return made

    @property
    def is_hashed(self) -> bool:
        return _HASHES in self.instance.data

    @property
    def did_view(self) -> bool:
        """Also where nobody can show them any more, for the session in which they were made has ended."""
        return self._unseen() is None if self.is_hashed else super().did_view

    def mark_as_viewed(self) -> None:
        if not self.is_hashed:
            super().mark_as_viewed()
        elif (shown := self._unseen()) is not None:
            self._shown = shown
            request: Any = context.request
            request.session.pop(_UNSEEN)

    def get_unused_codes(self) -> list[str]:
        """The codes themselves while they are shown; later something for each, for the library counts them."""
        if not self.is_hashed:
            return super().get_unused_codes()
        return self._shown or ["…" for each in self.instance.data[_HASHES] if each]

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        if not self.is_hashed:
            return super().validate_code(code)
        typed = normalize_user_code(code)
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        hashes: list[str | None] = self.instance.data[_HASHES]
        number = "0123456789".find(typed[:1])
        held = hashes[number] if len(typed) == _RANDOM + 1 and 0 <= number < len(hashes) else None
        if held is None or not check_password(typed, held):
            return False
        hashes[number] = None
        self.instance.save(update_fields=["data"])
        return True

    def _unseen(self) -> list[str] | None:
        request = context.request
        held = None if request is None else request.session.get(_UNSEEN)
        if not held or held["of"] != self.instance.pk:
            return None
        try:
            return get_adapter().decrypt(held["codes"]).split()
        except InstallationError:  # their key was forgotten meanwhile: nobody can show them any more
            return None


def keep_hashed() -> None:
    """From here on the library makes, checks and shows such codes. It has no setting for it."""
    auth.RecoveryCodes = flows.RecoveryCodes = HashedRecoveryCodes  # type: ignore[misc]


def has_older_codes(user: Any) -> bool:
    """Whether somebody's recovery codes are of those that are encrypted and not hashed."""
    held = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return held is not None and _HASHES not in held.data


def _new_code(number: int) -> str:
    """'3-abcd-efgh-jkmn'"""
    letters = "".join(secrets.choice(_READABLE) for _ in range(_RANDOM))
    return "-".join((str(number), *(letters[at : at + 4] for at in range(0, _RANDOM, 4))))
