"""Making, finding, counting and ending tokens."""

import hashlib
import secrets
import time
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from farr.portal.access.denied import Denied
from farr.portal.agreements.files import today
from farr.portal.api.models import Token
from farr.portal.people.models import User
from farr.portal.trail.recording import Recorded, unrecorded

PREFIX = "farr_"
"""By which scanners of secrets find a token that somebody published by mistake."""
LONGEST = timedelta(days=90)
MOST = 10
_BYTES = 32
_LONGEST_TEXT = 200


@transaction.atomic
def new_token(user: User, name: str, until: date, record: Recorded = unrecorded) -> tuple[str, Token]:
    """The token, which is shown once and not stored, and what is stored of it. Raises Denied."""
    if not today() <= until <= today() + LONGEST:
        raise Denied(f"a token works for {LONGEST.days} days at most")
    User.objects.select_for_update().get(pk=user.pk)  # held, so that two at once are not both the tenth
    if Token.objects.filter(user=user, ended_at=None, until__gte=today()).count() >= MOST:
        raise Denied(f"you have {MOST} tokens already; end one of them first")
    record()
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    return text, Token.objects.create(user=user, name=name, digest=digest(text), until=until)


def digest(text: str) -> str:
    """Of 256 random bits a plain hash is enough: there is nothing to guess from."""
    return hashlib.sha256(text.encode()).hexdigest()


def find(text: str) -> Token | None:
    """The token, whatever its state; None where there is none."""
    if not text.startswith(PREFIX) or len(text) > _LONGEST_TEXT or not text.isascii():
        return None
    return Token.objects.select_related("user").filter(digest=digest(text)).first()


@transaction.atomic
def count(token: Token) -> Token:
    """The token, this call counted in its minute and its day of last use written down."""
    locked = Token.objects.select_for_update().select_related("user").get(pk=token.pk)
    minute = int(time.time()) // 60
    locked.minute, locked.calls = minute, (locked.calls + 1 if locked.minute == minute else 1)
    locked.last_used_on = today()
    locked.save(update_fields=["minute", "calls", "last_used_on"])
    return locked


@transaction.atomic
def end(token: Token, record: Recorded = unrecorded) -> None:
    """From now on it is refused. Nothing where it was ended already."""
    locked = Token.objects.select_for_update().get(pk=token.pk)
    if locked.ended_at is None:
        record()
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
