"""Who asks for what is not registered: by the name that they give, or that they are logged in by."""

import getpass
import os

from farr.lab.disclosure.review.item import Asking


def asking(why: str | None, asker: str | None = None) -> Asking | None:
    """None where nobody says why. Nothing proves the name: a checker's is proven by their key."""
    return None if why is None else Asking(who=asker or _logged_in(), why=why)


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user has no name
        return f"user {os.getuid()}"
