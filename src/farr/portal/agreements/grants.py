"""Grants: which organisations somebody may see now, and why not, where they may not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from farr.lab.model.agreement import AgreementError
from farr.lab.model.showing.statement import Also
from farr.portal.access.denied import Denied
from farr.portal.agreements.files import live, today
from farr.portal.agreements.models import AccessRequest
from farr.portal.people.models import User

EVERY = "*"
"""Of a level: all its organisations."""
NATIONAL = "national"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A live access: approved by both, in its dates, under a live agreement."""

    request: int
    agreement: str
    purpose: str
    level: str
    organisation: str
    until: date

    def covers(self, level: str, organisation: str) -> bool:
        """The nation's figures are no organisation's, and open to whoever sees any."""
        return level == NATIONAL or (level == self.level and self.organisation in (EVERY, organisation))


def grants(user: User) -> list[Grant]:
    """What the person may see today. Raises Denied where their yearly training has lapsed: then nothing."""
    check_trained(user)
    found: list[Grant] = []
    asked = AccessRequest.objects.filter(user=user, until__gte=today()).select_related("ending").prefetch_related("decisions")
    for request in asked.order_by("pk"):
        if request.state == "approved" and _is_live(request):
            found.append(
                Grant(
                    request=request.pk, agreement=request.agreement, purpose=request.purpose, level=request.level,
                    organisation=request.organisation, until=request.until,
                )
            )  # fmt: skip
    return found


def check_granted(user: User, agreement: str, level: str, organisation: str) -> Grant:
    """The grant by which the person sees the organisation: of several one of the purpose that they chose, else the oldest. Raises Denied;
    the same whether the organisation exists or not."""
    found = [grant for grant in grants(user) if grant.agreement == agreement and grant.covers(level, organisation)]
    if not found:
        raise Denied(f"you have no access to {organisation}; ask for it under Access; the Guardian and the risk owner approve it")
    return next((grant for grant in found if grant.purpose == user.chosen_purpose), found[0])


def check_granted_also(user: User, also: Collection[Also], grant: Grant, level: str, organisation: str) -> None:
    """Raises Denied unless the person sees the organisation under each further agreement as well, for the purpose of `grant`: under the
    very terms on which it was released, and not others of the same id."""
    for each in also:
        found = [one for one in grants(user) if one.agreement == each.agreement and one.covers(level, organisation)]
        if not any(one.purpose == grant.purpose for one in found) or live(each.agreement).terms.sha256() != each.terms_sha256:
            raise Denied(
                f"this rests on the agreement '{each.agreement}' too, under which you have no access to {organisation} for "
                f"{grant.purpose}; ask for it under Access; the Guardian and the risk owner approve it"
            )


def purposes(user: User) -> list[str]:
    """Those of the person's live access, that of the oldest first. Raises Denied as `grants` does."""
    return list(dict.fromkeys(grant.purpose for grant in grants(user)))


def check_trained(user: User) -> None:
    until = user.trained_until
    if until is None or until < today():
        when = "is not recorded" if until is None else f"lapsed on {until:%-d %B %Y}"
        raise Denied(f"your yearly training in data security {when}; do it, and have an administrator record it: your access is then back")


def _is_live(request: AccessRequest) -> bool:
    try:
        live(request.agreement, request.purpose)
    except AgreementError:
        return False
    return True
