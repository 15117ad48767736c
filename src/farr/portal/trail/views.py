"""The audit on a page, for those who answer for the data."""

from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from farr.lab.model.durable.chain import ChainError, Link
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.trail.recording import record, trail
from farr.portal.trail.trail import What

_SHOWN = 200
_SEARCHED = 20_000
_WHATS = frozenset(each.value for each in What)


@needs(Permission.SEE_AUDIT)
def audit(request: Any) -> HttpResponse:
    """Of the latest lines those that fit what is sought, and whether they follow from each other."""
    sought, what = request.GET.get("q", "").strip().lower(), request.GET.get("what", "")
    what = what if what in _WHATS else ""
    record(request, What.READ_AUDIT, "audit", detail={"what": what})
    broken, found, read, first = None, list[Link](), 0, 1
    try:
        for link in trail().recent(_SEARCHED):
            first, read = (link.number if read == 0 else first), read + 1
            if _fits(link, sought, what):
                found.append(link)
    except ChainError:
        broken = "The audit is not whole: it was edited or cut. Nothing of it is shown; in the zone, type: farr audit verify"
        found = []
    shown = list(islice(reversed(found), _SHOWN))
    said = {"links": shown, "found": len(found), "broken": broken, "q": sought, "what": what, "whats": list(What)}
    return render(request, "audit.html", {**said, "read": read, "all": first == 1})


def _fits(link: Link, sought: str, what: str) -> bool:
    said = link.content
    return (not what or said.get("what") == what) and (not sought or sought in f"{said.get('name')} {said.get('about')}".lower())
