"""Who asks for what is not registered: by the name that they give, or that they are logged in by."""

from farr.lab.disclosure.review import item
from farr.lab.disclosure.review.item import Asking, ReviewError


def asking(why: str | None, asker: str | None = None, login: str | None = None) -> Asking | None:
    """None where nobody says why. `login` is the account, where another program vouches for it. Nothing proves the name: a checker's is
    proven by their key."""
    if why is None:
        return None
    if not why.strip():
        raise ReviewError("a question for review must say why it is needed; write it: why=…, or --why of the command")
    account = login or item.login()
    return Asking(who=asker or account, why=why, login=account)
