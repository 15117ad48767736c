"""The whole matrix: every address of the portal and every operation of the API, for every role, with objects of one's own and of others.

What is expected is derived of access/roles.py and of what each endpoint says that it needs; what depends on the object is written in TABLE,
once. An address without a row fails the test: add one to TABLE."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from farr.portal.access.needs import OPEN, SIGNED_IN
from farr.portal.access.roles import Permission, Role, permissions_of
from farr.portal.agreements.files import today
from farr.portal.api.endpoints import api
from farr.portal.api.models import Token
from farr.portal.api.tokens import new_token
from farr.portal.assets import bundle
from farr.portal.people.models import User
from tests.web.installing import PURPOSE, sign_agreement
from tests.web.publishing import MEASURE, SCENARIO
from tests.web.things import all_of

P = Permission
ALLOWED, DENIED, ABSENT = "allowed", "denied", "not there"


@dataclass(frozen=True, kw_only=True)
class Who:
    """Somebody who comes: with which roles, trained or not, with a second factor or without. `signed_in` False: nobody."""

    name: str
    roles: frozenset[Role] = frozenset()
    signed_in: bool = True
    trained: bool = True
    factor: bool = True

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(set(self.roles))


ANYBODY = Who(name="anybody", signed_in=False)
WHOS = (
    ANYBODY,
    Who(name="no role"),
    *(Who(name=role.value, roles=frozenset({role})) for role in Role),
    Who(name="untrained analyst", roles=frozenset({Role.ANALYST}), trained=False),
    Who(name="untrained checker", roles=frozenset({Role.CHECKER}), trained=False),
    Who(name="analyst without a second factor", roles=frozenset({Role.ANALYST}), factor=False),
    Who(name="administrator without a second factor", roles=frozenset({Role.ADMINISTRATOR}), factor=False),
    Who(name="analyst and checker", roles=frozenset({Role.ANALYST, Role.CHECKER})),
)

Rule = Callable[[Who], str]


def allowed(_: Who) -> str:
    return ALLOWED


def denied(_: Who) -> str:
    return DENIED


def absent(_: Who) -> str:
    return ABSENT


def trained(who: Who) -> str:
    return ALLOWED if who.trained else DENIED


def reads(who: Who) -> str:
    """A file that was approved is for who has access under its agreement; a checker looks at it on its page."""
    return ALLOWED if who.trained and P.DOWNLOAD in who.permissions and P.CHECK_OUTPUT not in who.permissions else DENIED


def holding(*permissions: Permission) -> Rule:
    """Allowed for who has one of these, besides what the endpoint needs."""
    return lambda who: ALLOWED if who.permissions & set(permissions) else DENIED


def both(*rules: Rule) -> Rule:
    """Allowed where all allow it."""
    return lambda who: next((said for rule in rules if (said := rule(who)) != ALLOWED), ALLOWED)


@dataclass(frozen=True, kw_only=True)
class Row:
    """How an endpoint is called, and for each object (a name in World) what becomes of who passes what it needs. The object stands in the
    address, or where `says` is given in what is posted."""

    method: str = "get"
    objects: dict[str, Rule] = field(default_factory=lambda: {"": allowed})
    fixed: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    says: Callable[[dict[str, Any]], dict[str, Any]] | None = None


# The one rule of figures: one's own organisation, by an access that both approved, that runs, under the agreement of what is published,
# while this year's training is done. Everything else is refused.
FIGURES: dict[str, Rule] = {
    "granted": trained, "not granted": denied, "lapsed": denied, "of another agreement": denied, "waiting": denied, "refused": denied,
    "ended": denied, "of another level": denied,
}  # fmt: skip
REQUESTS: dict[str, Rule] = {"request of one's own": allowed, "request of somebody's": holding(P.SEE_ACCESS)}
ENDINGS: dict[str, Rule] = {"request of one's own": allowed, "request of somebody's": holding(P.REVOKE_ACCESS)}
TOKENS: dict[str, Rule] = {"token of one's own": allowed, "token of somebody's": absent}
ACCOUNTS: dict[str, Rule] = {"oneself": denied, "somebody": allowed}
OUTPUTS: dict[str, Rule] = {
    "output of one's own": both(holding(P.SUBMIT_OUTPUT), trained),
    "output of somebody's": both(holding(P.CHECK_OUTPUT), trained),
    "output approved": both(holding(P.CHECK_OUTPUT, P.DOWNLOAD), trained),
    "output approved under another agreement": both(holding(P.CHECK_OUTPUT), trained),
    "no output": denied,
}
DRAFTS = both(holding(P.WRITE_COMMENTARY, P.APPROVE_COMMENTARY), trained)
COMMENTARIES: dict[str, Rule] = {
    "draft of one's own": DRAFTS, "draft of somebody's": both(holding(P.APPROVE_COMMENTARY), trained), "approved commentary": trained,
    "commentary on an organisation not granted": denied, "no commentary": denied,
}  # fmt: skip
VERSIONS: dict[str, Rule] = {f"{name}, version 1": rule for name, rule in COMMENTARIES.items()}
NEGOTIATIONS: dict[str, Rule] = {
    "negotiation": trained, "negotiation about an organisation not granted": denied, "no negotiation": denied,
}  # fmt: skip
NAMED = {"measure": MEASURE}
STATEMENT = {"kind": "scenario", "name": SCENARIO}

TABLE: dict[str, Row] = {
    "home": Row(objects={"": lambda who: trained(who) if P.SEE_FIGURES in who.permissions else ALLOWED}),
    "definitions": Row(),
    "overview": Row(objects=FIGURES),
    "measure": Row(objects=FIGURES, fixed=NAMED),
    "rows": Row(objects=FIGURES, fixed=NAMED),
    "table": Row(objects=FIGURES, fixed={**NAMED, "kind": "csv"}),
    "chart": Row(objects=FIGURES, fixed={**NAMED, "name": "funnel", "kind": "svg"}),
    "statements": Row(objects=FIGURES),
    "statement": Row(objects=FIGURES, fixed=STATEMENT),
    "statement_table": Row(objects=FIGURES, fixed={**STATEMENT, "suffix": "csv"}),
    "statement_chart": Row(objects=FIGURES, fixed={**STATEMENT, "chart": "organisations", "suffix": "svg"}),
    "register": Row(),
    "purpose": Row(method="post", objects={"": trained}, data={"purpose": PURPOSE}),
    "access": Row(),
    "access_ask": Row(),
    "access_request": Row(objects=REQUESTS),
    "access_end": Row(method="post", objects=ENDINGS, data={"reason": "No longer needed"}),
    "people": Row(),
    "person_new": Row(),
    "person": Row(objects={"oneself": allowed, "somebody": allowed}),
    "person_replace": Row(objects=ACCOUNTS),
    "person_active": Row(method="post", objects=ACCOUNTS, data={"active": "no"}),
    "session_end": Row(method="post", objects={"session of one's own": allowed, "session of somebody's": absent}),
    "audit": Row(),
    "tokens": Row(),
    "token_new": Row(),
    "token_end": Row(method="post", objects=TOKENS),
    "review": Row(objects={"": trained}),
    "review_submit": Row(objects={"": trained}),
    "output": Row(objects=OUTPUTS),
    "output_vote": Row(method="post", data={"outcome": "approve", "reason": "Fits"}, objects={
        "output of one's own": denied, "output of somebody's": trained, "output approved": denied, "no output": denied,
    }),
    "output_comment": Row(method="post", data={"text": "Which years?"}, objects={
        "output of one's own": both(holding(P.SUBMIT_OUTPUT), trained),
        "output of somebody's": both(holding(P.CHECK_OUTPUT), trained),
        "output approved": both(holding(P.CHECK_OUTPUT), trained),
        "no output": denied,
    }),
    "output_withdraw": Row(method="post", objects={
        "output of one's own": both(holding(P.SUBMIT_OUTPUT), trained), "output of somebody's": denied, "output approved": denied,
        "no output": denied,
    }),
    "output_file": Row(objects={
        "output of one's own": denied, "output of somebody's": denied, "output approved": reads,
        "output approved under another agreement": denied, "no output": denied,
    }),
    "commentaries": Row(objects={"": trained}),
    "commentary_new": Row(objects=FIGURES, fixed=NAMED),
    "commentary": Row(objects=COMMENTARIES),
    "commentary_version": Row(objects=VERSIONS),
    "commentary_pack": Row(objects=VERSIONS, fixed={"kind": "html"}),
    "commentary_write": Row(objects={name: trained if name == "draft of one's own" else denied for name in COMMENTARIES}),
    "commentary_decide": Row(method="post", data={"outcome": "approved", "reason": "Fits"}, objects={
        name: trained if name.startswith("draft of somebody's") else denied for name in VERSIONS
    }),
    "negotiations": Row(objects={"": trained}),
    "negotiation_new": Row(objects=FIGURES, fixed=STATEMENT),
    "negotiation": Row(objects=NEGOTIATIONS),
    "negotiation_add": Row(objects=NEGOTIATIONS),
    "saved_views": Row(),
    "view_save": Row(method="post", objects=FIGURES, says=lambda named: {
        "url": f"/o/{named['level']}/{named['organisation']}/{MEASURE}/", "name": f"{named['level']} {named['organisation']}",
    }),
    "view_delete": Row(method="post", objects={"view of one's own": allowed, "view of somebody's": absent}),
    "vega": Row(fixed={"version": bundle()[1]}),
    "health": Row(),
    "api_start": Row(objects={"": absent}),
    "api_no_such": Row(objects={"": absent}, fixed={"rest": "v1/no/such"}),
    "api:openapi-json": Row(),
    "api:edition": Row(),
    "api:organisations": Row(),
    "api:measures": Row(),
    "api:norms": Row(),
    "api:overview": Row(objects=FIGURES),
    "api:benchmark": Row(objects=FIGURES, fixed=NAMED),
    "api:table": Row(objects=FIGURES, fixed=NAMED),
}  # fmt: skip

# What others made, with what keeps it: allauth's own pages are for accounts, and test_signing_in.py holds what they do.
ALLAUTH = ("account_", "mfa_", "socialaccount_", "openid_connect_", "usersessions_", "accounts/")
UNREACHED = {"api:api-root"}  # where the addresses of the API begin: api_start stands before it


def patterns(found: Any = None, space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every address: its name, its pattern, and the view."""
    for each in get_resolver().url_patterns if found is None else found:
        if isinstance(each, URLPattern):
            yield space + (each.name or str(each.pattern)), str(each.pattern), each.callback
        else:
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from patterns(each.url_patterns, inner)


def is_allauths(view: Any) -> bool:
    return str(getattr(view, "__module__", "")).startswith(("allauth.", "django.views.generic")) or _is_login(view)


def _is_login(view: Any) -> bool:
    return getattr(getattr(view, "view_class", None), "__name__", "") == "GuardedLogin"


def operations() -> dict[str, Any]:
    """Every operation of the API by the name of its address."""
    routers = api._get_bound_routers()
    found = [each for router in routers for path in router.path_operations.values() for each in path.operations]
    return {f"api:{each.view_func.__name__}": each for each in found}


def needed(name: str) -> Any:
    """What the endpoint says that it needs; None where it says nothing."""
    if (operation := operations().get(name)) is not None:
        return getattr(operation.view_func, "needs", None)
    views = [view for known, _, view in patterns() if known == name]
    return getattr(views[0], "needs", None) if views else None


OURS = [name for name, _, view in patterns() if not is_allauths(view) and name not in UNREACHED]


def test_every_address_says_what_it_needs():
    shut = {name for name, pattern, _ in patterns() if pattern.startswith("accounts/") and name == pattern}
    silent = [name for name in OURS if needed(name) is None]
    assert silent == [] and all(needed(name) == OPEN for name in shut if name in OURS)


def test_every_address_has_a_row():
    missing = [name for name in OURS if name not in TABLE and not name.startswith("accounts/")]
    assert missing == [], f"add to TABLE of tests/web/test_matrix.py: {missing}"
    assert [name for name in TABLE if name not in OURS] == []


def test_what_others_made_is_known():
    others = [(name, pattern) for name, pattern, view in patterns() if is_allauths(view)]
    strange = [name for name, pattern in others if not name.startswith(ALLAUTH) and not pattern.startswith("social/")]
    assert strange == []


def test_every_operation_asks_for_a_token_and_counts_calls():
    assert operations()
    for name, operation in operations().items():
        assert [type(each).__name__ for each in operation.auth_callbacks] == ["ByToken"], name
        assert [type(each).__name__ for each in operation.throttle_objects] == ["EachToken"], name
        assert operation.methods == ["GET"], name


def test_every_permission_opens_something():
    declared = [needed(name) for name in OURS]
    opened = frozenset().union(*(each for each in declared if isinstance(each, frozenset)))
    inside = {P.ASK, P.APPROVE_AS_GUARDIAN, P.APPROVE_AS_RISK_OWNER, P.REVOKE_ACCESS}  # checked within a page
    assert set(P) - opened == inside


@dataclass
class World:
    """Somebody, what is theirs and what is others', and how they come: with a browser, or a token for the API."""

    user: User | None
    browser: Client
    token: str
    objects: dict[str, dict[str, Any]]


@pytest.fixture
def world(person, grant, client_of, folder):
    """Makes the world for one of WHOS."""
    sign_agreement(folder, "elsewhere", PURPOSE)

    def made(who: Who) -> World:
        if not who.signed_in:
            user, browser, token = person(Role.ANALYST, name="owner"), Client(), "farr_" + "A" * 43
        else:
            user = person(*who.roles, trained=who.trained, factor=who.factor)
            browser, (token, _) = client_of(user), new_token(user, "matrix", today())
        other = person(Role.ANALYST, name="other")
        objects = {"": {}, "oneself": {"number": user.pk}, "somebody": {"number": other.pk}, **all_of(user, other, person, grant)}
        return World(user=user if who.signed_in else None, browser=browser, token=token, objects=objects)

    yield made
    (folder / "agreements" / "elsewhere.json").unlink()


def expected(name: str, who: Who, rule: Rule) -> str:
    """What becomes of somebody's call, of what roles may do, what the endpoint needs, and the object's rule."""
    needs, is_api = needed(name), name.startswith("api:")
    if needs == OPEN:
        return rule(who)
    if not who.signed_in:
        return "asked for a token" if is_api else "sent to sign in"
    if not who.factor:
        return DENIED if is_api else "sent to set up a second factor"
    if is_api and not (P.USE_API in who.permissions and who.trained):
        return DENIED
    if needs != SIGNED_IN and not who.permissions & needs:
        return DENIED
    return rule(who)


def became(said: Any) -> str:
    """What an answer is."""
    if said.status_code == 302:
        place = said.headers["Location"]
        if place.startswith("/accounts/login/"):
            return "sent to sign in"
        return "sent to set up a second factor" if place.startswith("/accounts/2fa/") else ALLOWED
    return {200: ALLOWED, 401: "asked for a token", 403: DENIED, 404: ABSENT}.get(said.status_code, f"status {said.status_code}")


@pytest.mark.parametrize("who", WHOS, ids=lambda who: who.name)
def test_each_may_do_what_the_roles_say_and_nothing_else(who, world, settings):
    settings.API_CALLS_A_MINUTE = 10_000
    there = world(who)
    wrong = []
    for name, row in TABLE.items():
        for thing, rule in row.objects.items():
            named = there.objects[thing]
            path = reverse(name, kwargs=row.fixed if row.says else {**row.fixed, **named})
            headers = {"Authorization": f"Bearer {there.token}"} if name.startswith("api:") else {}
            said = getattr(there.browser, row.method)(path, row.says(named) if row.says else row.data, headers=headers)
            if (found := became(said)) != (due := expected(name, who, rule)):
                wrong.append(f"{name} [{thing}]: {found}, and should be {due}")
    assert wrong == []


def test_what_is_posted_cannot_be_got(person, client_of):
    user = person(Role.ANALYST, Role.CHECKER)
    browser, admin = client_of(user), client_of(person(Role.ADMINISTRATOR))
    token = Token.objects.create(user=user, name="t", digest="0" * 64, until=today())
    for name, row in TABLE.items():
        if row.method == "post":
            comes = admin if name.startswith("person") else browser
            asked = next(pattern for known, pattern, _ in patterns() if known == name)
            given = {"number": token.pk, "version": 1}
            path = reverse(name, kwargs={key: value for key, value in given.items() if f":{key}>" in asked})
            assert comes.get(path).status_code == 405, name
