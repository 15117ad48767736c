"""What every template knows: the permissions of who is looking, by name, and the portal's name."""

from typing import Any

from django.http import HttpRequest

from farr.portal.settings import FARR


def access(request: HttpRequest) -> dict[str, Any]:
    permissions = getattr(request, "permissions", frozenset())
    return {"may": {each.name.lower(): True for each in permissions}, "site_name": FARR.name}
