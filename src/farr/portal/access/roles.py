"""Roles and their permissions: the one declaration, from which pages, API, tests and the documentation are made."""

from dataclasses import dataclass
from enum import Enum


class Permission(Enum):
    """What may be done. The value is what a page says of it."""

    SEE_FIGURES = "see benchmarks of the organisations granted"
    DOWNLOAD = "download tables and charts"
    ASK = "ask for figures that were not published ahead"
    USE_API = "use the API by token"
    WRITE_COMMENTARY = "write commentary on released figures"
    APPROVE_COMMENTARY = "approve commentary that somebody else wrote"
    NEGOTIATE = "record what was negotiated and delivered"
    REQUEST_ACCESS = "ask for access to an organisation's figures"
    APPROVE_AS_GUARDIAN = "approve access as Caldicott Guardian"
    APPROVE_AS_RISK_OWNER = "approve access as senior information risk owner"
    SUBMIT_OUTPUT = "send output of one's own to the output checkers"
    CHECK_OUTPUT = "vote on output that waits for review"
    SEE_ACCESS = "see who has access, for which purpose, until when"
    REVOKE_ACCESS = "end somebody's access"
    SEE_AUDIT = "read the audit"
    MANAGE_PEOPLE = "make, change and disable accounts"


class Role(Enum):
    """Who somebody is in the portal. A person may have several, but see CONFLICTS."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ASSET_OWNER = "information-asset-owner"
    GUARDIAN = "caldicott-guardian"
    RISK_OWNER = "risk-owner"
    CHECKER = "output-checker"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, kw_only=True)
class Declared:
    title: str
    does: str
    permissions: frozenset[Permission]


_READS = frozenset({Permission.SEE_FIGURES, Permission.DOWNLOAD, Permission.REQUEST_ACCESS})
_ANSWERS = frozenset({Permission.SEE_ACCESS, Permission.REVOKE_ACCESS, Permission.SEE_AUDIT})

ROLES: dict[Role, Declared] = {
    Role.VIEWER: Declared(title="Viewer", does="reads and downloads what was published about their organisations", permissions=_READS),
    Role.ANALYST: Declared(
        title="Analyst",
        does="asks for more, writes commentary, records negotiations, and uses the API",
        permissions=_READS
        | {
            Permission.ASK,
            Permission.USE_API,
            Permission.WRITE_COMMENTARY,
            Permission.APPROVE_COMMENTARY,
            Permission.NEGOTIATE,
            Permission.SUBMIT_OUTPUT,
        },
    ),
    Role.ASSET_OWNER: Declared(
        title="Information-asset owner", does="answers for the data: who has access, and what was done with it", permissions=_ANSWERS
    ),
    Role.GUARDIAN: Declared(
        title="Caldicott Guardian",
        does="approves each access with the risk owner",
        permissions=_ANSWERS | {Permission.APPROVE_AS_GUARDIAN},
    ),
    Role.RISK_OWNER: Declared(
        title="Senior information risk owner",
        does="approves each access with the Guardian",
        permissions=_ANSWERS | {Permission.APPROVE_AS_RISK_OWNER},
    ),
    Role.CHECKER: Declared(
        title="Output checker",
        does="looks at what the gate cannot judge, with a second checker",
        permissions=frozenset({Permission.CHECK_OUTPUT}),
    ),
    Role.ADMINISTRATOR: Declared(
        title="Administrator",
        does="makes accounts; sees no figures",
        permissions=frozenset({Permission.MANAGE_PEOPLE, Permission.SEE_ACCESS}),
    ),
}

# One person must not be both sides of a rule that asks for two.
CONFLICTS: tuple[tuple[Role, Role], ...] = (
    (Role.GUARDIAN, Role.RISK_OWNER),
    (Role.ADMINISTRATOR, Role.GUARDIAN),
    (Role.ADMINISTRATOR, Role.RISK_OWNER),
    (Role.ADMINISTRATOR, Role.VIEWER),
    (Role.ADMINISTRATOR, Role.ANALYST),
    (Role.ADMINISTRATOR, Role.CHECKER),  # who makes accounts makes no second checker of themselves
    # Who reads the audit sees that checkers voted, and when: not on output of one's own.
    (Role.ANALYST, Role.ASSET_OWNER),
    (Role.ANALYST, Role.GUARDIAN),
    (Role.ANALYST, Role.RISK_OWNER),
)


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    return frozenset().union(*(ROLES[role].permissions for role in roles))


def conflict(roles: set[Role]) -> tuple[Role, Role] | None:
    """Two of the roles that one person may not have together; None where there are none."""
    return next((pair for pair in CONFLICTS if set(pair) <= roles), None)
