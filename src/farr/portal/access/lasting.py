"""How long a session lasts: so long without a request, and so long in all."""

import time
from typing import Any

from django.conf import settings

_BEGAN, _SEEN = "farr.began", "farr.seen"
_EVERY = 60  # seconds between two notes of a session's last request


def is_over(session: Any) -> bool:
    """Whether the session of somebody signed in has ended. Notes that it was used."""
    now = int(time.time())
    began, seen = session.get(_BEGAN, now), session.get(_SEEN, now)
    if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
        return True
    if _SEEN not in session or now - seen >= _EVERY:
        session[_BEGAN], session[_SEEN] = began, now
    return False
