"""What an endpoint needs: declared on it, checked before it runs, and read by the tests of the whole matrix."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest

from farr.portal.access.denied import Denied
from farr.portal.access.roles import Permission

View = Callable[..., Any]
OPEN = "open"
SIGNED_IN = "signed in"


def needs(*permissions: Permission) -> Callable[[View], View]:
    """The view runs for who has one of these permissions from where they are. Raises Denied otherwise."""

    def declared(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **more: Any) -> Any:
            check_permission(request, *permissions)
            return view(request, *args, **more)

        checked.needs = frozenset(permissions)  # type: ignore[attr-defined]
        return checked

    return declared


def signed_in(view: View) -> View:
    """The view runs for everybody who is signed in with their second factor."""
    view.needs = SIGNED_IN
    return view


def is_open(view: View) -> View:
    """The view runs for everybody, and shows nothing that is not public."""
    view.needs = OPEN
    return view


def check_permission(request: HttpRequest, *permissions: Permission) -> None:
    """Raises Denied unless the person has one of the permissions from where they are (set by AccessMiddleware, else by the API)."""
    held: frozenset[Permission] = getattr(request, "permissions", frozenset())
    if not held & set(permissions):
        raise Denied(f"your roles do not allow you to {permissions[0].value}")
