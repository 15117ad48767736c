"""Who may read a statement: whoever sees its organisation under every agreement that it rests on."""

from farr.lab.model.showing.statement import Statement, StatementCard
from farr.portal.access.denied import Denied
from farr.portal.agreements.grants import Grant, check_granted, check_granted_also
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.people.models import User


def granted(user: User, level: str, organisation: str) -> Grant:
    """The grant by which somebody sees an organisation under the agreement that is published. Raises Denied."""
    return check_granted(user, PUBLISHED.contents().agreement, level, organisation)


def readable(user: User, level: str, organisation: str, kind: str, name: str) -> tuple[Statement, Grant]:
    """The statement and the grant by which it is shown. Raises Denied, and NotPublished where there is none."""
    grant = granted(user, level, organisation)
    found = PUBLISHED.statement(level, organisation, kind, name)
    check_granted_also(user, found.also, grant, level, organisation)
    return found, grant


def may_list(user: User, card: StatementCard, grant: Grant, level: str, organisation: str) -> bool:
    """Whether a card, which says what was found, is for somebody who has the grant."""
    try:
        check_granted_also(user, card.also, grant, level, organisation)
    except Denied:
        return False
    return True
