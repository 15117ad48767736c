"""Vega, Vega-Lite and Vega-Embed, as vl-convert carries them, served by the portal itself: no page asks another host for anything."""

import hashlib
from functools import cache

import vl_convert
from django.http import Http404, HttpRequest, HttpResponse

from farr.portal.access.needs import is_open

_YEAR = 31_536_000


@cache
def bundle() -> tuple[bytes, str]:
    """The script, and a name for its version."""
    content: bytes = vl_convert.javascript_bundle().encode()
    return content, hashlib.sha256(content).hexdigest()[:12]


@is_open
def script(request: HttpRequest, version: str) -> HttpResponse:
    content, present = bundle()
    if version != present:
        raise Http404
    response = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response
