"""How a sign-on is asked: over TLS, without following anybody elsewhere, not for long, and not for much."""

import time
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from farr.portal.hosts import is_of_this_machine

_MOST = 256 * 1024  # bytes: descriptions, keys and claims take a few thousand
_WAIT = 5  # seconds for a connection, and for each piece of an answer
_LONGEST = 10.0  # seconds for an answer in all
_PIECE = 16 * 1024


class Refused(OAuth2Error):
    """What a sign-on said is not accepted. The message names no value of what it said: it is written to the audit."""


def why(error: Exception | None) -> str:
    """Why somebody was not signed in, for the audit: in the house's own words, or by the kind of error."""
    if isinstance(error, Refused):
        return str(error)
    if error is None:
        return "this browser did not ask it, or it was cancelled there"
    return f"it did not answer as it should ({type(error).__name__})"


def session(*, https: bool) -> requests.Session:
    """For questions to a sign-on. Where the portal itself answers without TLS, so may a sign-on of this machine, and no other."""
    asking = requests.Session()
    asking.mount("https://", _Guarded(https=https))
    asking.mount("http://", _Guarded(https=https))
    asking.headers["Accept-Encoding"] = "identity"  # what is compressed small may be large
    return asking


def check_place(url: str, *, https: bool) -> None:
    """Raises Refused unless what goes there is encrypted, or stays on this machine where the portal does so too."""
    try:
        parts = urlsplit(url)
        is_fit = bool(parts.hostname) and (parts.scheme == "https" or (not https and parts.scheme == "http" and _is_here(parts.hostname)))
    except ValueError:
        is_fit = False
    if not is_fit:
        raise Refused("it names an address without TLS")


def _is_here(host: str | None) -> bool:
    return host is not None and is_of_this_machine(host)


class _Guarded(HTTPAdapter):
    """Below requests' own session, so that whatever asks through it is held."""

    def __init__(self, *, https: bool) -> None:
        super().__init__()
        self._https = https

    def send(self, request: Any, stream: bool = False, timeout: Any = None, **more: Any) -> Any:
        """Raises Refused and requests' RequestException."""
        check_place(request.url or "", https=self._https)
        began = time.monotonic()
        answer = super().send(request, stream=True, timeout=_WAIT, **more)
        try:
            if HTTPStatus.MULTIPLE_CHOICES <= answer.status_code < HTTPStatus.BAD_REQUEST:
                raise Refused("it answered with a redirect")
            read = _read(answer.raw, began + _LONGEST)
        except HTTPError as error:  # urllib3's, below requests: it broke off, or fell silent
            raise Refused(f"its answer breaks off ({type(error).__name__})") from None
        finally:
            answer.close()
        answer.raw = BytesIO(read)
        return answer


def _read(raw: Any, until: float) -> bytes:
    """Raises Refused where the answer is too long or takes too long."""
    read = bytearray()
    while piece := raw.read1(_PIECE, decode_content=False):
        read += piece
        if len(read) > _MOST:
            raise Refused("its answer is too long")
        if time.monotonic() > until:
            raise Refused("its answer takes too long")
    return bytes(read)
