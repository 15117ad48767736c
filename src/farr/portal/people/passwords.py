"""What a password must not be, besides short, common and like its owner; and first passwords, which the portal makes."""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from farr.portal.installation import InstallationError
from farr.portal.people.breached import is_breached
from farr.portal.people.words import guessable, known_words
from farr.portal.settings import FARR

_log = logging.getLogger(__name__)
# Small letters and digits that are not mistaken for each other when they are read out or copied by hand.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS = 5, 4


class KnownWordValidator:
    """Refuses passwords that are mostly made of words that are tried first here."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError, which names the words."""
        if found := guessable(password, known_words(FARR)):
            words = ", ".join(f"“{word}”" for word in found[:3])
            raise ValidationError(
                f"Most of this password is what is tried first here ({words}). Take other words, or add more of them.", code="known_word"
            )

    def get_help_text(self) -> str:
        return "Your password can’t be mostly made of names of the portal, of organisations, of agreements or of roles."


class BreachedPasswordValidator:
    """Refuses passwords on the list of breached ones, where portal.toml names one."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError; and InstallationError where the list cannot be read: then no password is set."""
        if FARR.breached_passwords is not None and is_breached(password, FARR.place(FARR.breached_passwords)):
            raise ValidationError(
                "This password is on a list of passwords that were stolen elsewhere, which are tried first. Choose another; it is not "
                "safe anywhere.",
                code="breached",
            )

    def get_help_text(self) -> str:
        return "Your password can’t be one that was stolen elsewhere."


def was_breached(password: str) -> bool:
    """For a password that is right: whether the list holds it by now. Where the list cannot be read its owner is let in, and the log says
    so: it was looked at when it was set."""
    if FARR.breached_passwords is None:
        return False
    try:
        return is_breached(password, FARR.place(FARR.breached_passwords))
    except InstallationError:
        _log.exception("the list of breached passwords cannot be read: signing in goes on without it")
        return False


def new_first_password() -> str:
    """At random, of 98 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(_LETTERS)) for _ in range(_GROUPS))


def lapses_at() -> datetime:
    """When a first password that is given now opens nothing any more."""
    return timezone.now() + timedelta(days=FARR.first_password_days)
