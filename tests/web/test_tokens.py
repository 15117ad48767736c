"""Tokens: made after signing in again, shown once, stored as a hash, and good only while their owner may use them from where they are."""

import hashlib
import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from farr.portal.access import places
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.api import tokens as kept
from farr.portal.api.models import Token
from farr.portal.api.tokens import LONGEST, MOST, new_token
from farr.portal.installation import Places
from farr.portal.people.accounts import disable, give
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from tests.web.conftest import PASSWORD

EDITION = "/api/v1/edition"


@pytest.fixture
def analyst(person, grant):
    user = person(Role.ANALYST)
    grant(user)
    return user


@pytest.fixture
def made(analyst):
    """A token of the analyst's, and what is stored of it."""
    return new_token(analyst, "monthly report", today() + timedelta(days=10))


def ask(text: str, path: str = EDITION, **more):
    return Client().get(path, headers={"Authorization": f"Bearer {text}"}, **more)


def sign_in_again(client: Client) -> None:
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_a_token_is_made_after_signing_in_again_and_shown_once(analyst, client_of, audited):
    client = client_of(analyst)
    asked = client.get("/tokens/new/")
    assert asked.status_code == 302 and asked.headers["Location"].startswith("/accounts/reauthenticate/")
    sign_in_again(client)
    said = client.post("/tokens/new/", {"name": "board report", "until": str(today() + timedelta(days=30))})
    assert said.status_code == 200 and said.headers["Cache-Control"] == "private, no-store"
    text = re.search(r'value="(farr_[A-Za-z0-9_-]{43})"', said.content.decode())[1]
    stored = Token.objects.get()
    assert stored.digest == hashlib.sha256(text.encode()).hexdigest()
    assert all(text not in str(value) for value in vars(stored).values())
    page = client.get("/tokens/").content.decode()
    assert "board report" in page and "farr_" not in page
    assert ("made a token", "board report") in audited() and text not in trail()._chain.path.read_text()
    assert ask(text).status_code == 200


def test_a_token_is_not_made_without_signing_in_again(analyst, client_of):
    said = client_of(analyst).post("/tokens/new/", {"name": "board report", "until": str(today())})
    assert said.status_code == 302 and not Token.objects.exists()


@pytest.mark.parametrize("days", [-1, LONGEST.days + 1, 4000])
def test_a_token_works_for_ninety_days_at_most(analyst, client_of, days):
    client = client_of(analyst)
    sign_in_again(client)
    said = client.post("/tokens/new/", {"name": "long", "until": str(today() + timedelta(days=days))})
    assert said.status_code == 422 and "Choose a day" in said.content.decode() and not Token.objects.exists()


def test_nobody_has_more_than_ten(analyst, client_of, audited):
    for at in range(MOST):
        new_token(analyst, f"number {at}", today())
    client = client_of(analyst)
    sign_in_again(client)
    said = client.post("/tokens/new/", {"name": "one more", "until": str(today())})
    assert said.status_code == 403 and "end one of them first" in said.content.decode()
    assert ("made a token", "one more") not in audited()


def test_a_token_is_ended_once(made, client_of, audited):
    _, token = made
    browser = client_of(token.user)
    for _ in range(2):
        assert browser.post(f"/tokens/{token.pk}/end/").status_code == 302
    assert [what for what, _ in audited()] == ["ended a token"]


def test_tokens_are_unlike_each_other(analyst):
    texts = {new_token(analyst, "many", today())[0] for _ in range(MOST)}
    assert len(texts) == MOST and all(re.fullmatch(r"farr_[A-Za-z0-9_-]{43}", each) for each in texts)


def test_a_token_is_ended_by_its_owner_alone(made, person, client_of, audited):
    text, token = made
    other = client_of(person(Role.ANALYST))
    assert other.post(f"/tokens/{token.pk}/end/").status_code == 404
    assert ask(text).status_code == 200
    assert client_of(token.user).post(f"/tokens/{token.pk}/end/").status_code == 302
    assert ask(text).status_code == 401
    assert ("ended a token", "monthly report") in audited() and ("denied", EDITION) in audited()


def test_a_token_ends_after_its_last_day(made, monkeypatch):
    text, token = made
    Token.objects.filter(pk=token.pk).update(until=today())
    assert ask(text).status_code == 200
    Token.objects.filter(pk=token.pk).update(until=today() - timedelta(days=1))
    assert ask(text).status_code == 401


def test_a_disabled_account_has_no_tokens(made):
    text, token = made
    disable(token.user)
    assert ask(text).status_code == 401


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda user: give(user, {Role.VIEWER}), "do not allow you to use the API"),
        (lambda user: give(user, set()), "do not allow you to use the API"),
        (lambda user: Authenticator.objects.filter(user=user).delete(), "second factor"),
        (lambda user: type(user).objects.filter(pk=user.pk).update(trained_on=today() - timedelta(days=400)), "yearly training"),
        (lambda user: type(user).objects.filter(pk=user.pk).update(trained_on=None), "yearly training"),
    ],
    ids=["another role", "no role", "no second factor", "training lapsed", "never trained"],
)
def test_a_token_works_only_while_its_owner_may(made, audited, change, why):
    text, token = made
    assert ask(text).status_code == 200
    change(token.user)
    said = ask(text)
    assert said.status_code == 403 and why in said.json()["detail"]
    assert audited()[-1] == ("denied", EDITION)


def test_a_token_works_only_from_where_the_role_does(made, monkeypatch):
    inside = FARR.model_copy(update={"places": {"analyst": Places(networks=(ip_network("10.1.0.0/16"),))}})
    monkeypatch.setattr(places.admitted, "__defaults__", (inside,))
    text, _ = made
    assert ask(text, REMOTE_ADDR="10.1.2.3").status_code == 200
    assert ask(text, REMOTE_ADDR="10.2.2.3").status_code == 403
    assert ask(text, REMOTE_ADDR="10.2.2.3", HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 403


def test_the_day_of_last_use_is_written_down(made):
    text, token = made
    assert token.last_used_on is None
    ask(text)
    token.refresh_from_db()
    assert token.last_used_on == today()


def test_calls_are_counted_by_the_minute(made, settings, monkeypatch, audited):
    settings.API_CALLS_A_MINUTE = 3
    text, _ = made
    monkeypatch.setattr(kept.time, "time", lambda: 6_000_000.0)
    assert [ask(text).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    said = ask(text)
    assert said.headers["Retry-After"] == "60" and "too many calls" in said.json()["detail"]
    assert audited().count(("denied", EDITION)) == 1, "once a minute, so that the audit is not filled"
    monkeypatch.setattr(kept.time, "time", lambda: 6_000_060.0)
    assert ask(text).status_code == 200


@pytest.mark.parametrize("text", ["", "farr_", "farr_" + "A" * 43, "x" * 5000, "farr_ä", "farr_\x00", "null", "Bearer"])
def test_what_is_no_token_opens_nothing(made, text):
    said = ask(text)
    assert said.status_code == 401 and said.headers["WWW-Authenticate"].startswith("Bearer")
    assert set(said.json()) == {"detail"}


def test_a_cookie_opens_nothing(analyst, client_of):
    assert client_of(analyst).get(EDITION).status_code == 401


def test_a_token_opens_no_page(made):
    text, _ = made
    said = ask(text, "/measures/")
    assert said.status_code == 302 and "/accounts/login/" in said.headers["Location"]


def test_a_token_is_no_parameter(made):
    text, _ = made
    assert Client().get(f"{EDITION}?token={text}&access_token={text}").status_code == 401
    assert Client().get(EDITION, headers={"Authorization": f"Basic {text}"}).status_code == 401


def test_a_token_under_a_session_is_its_owners(made, person, client_of):
    """Somebody's cookie beside a token of somebody else's changes nothing of who asks."""
    text, _ = made
    browser = client_of(person(Role.ADMINISTRATOR))
    assert browser.get("/api/v1/organisations", headers={"Authorization": f"Bearer {text}"}).json()["count"] == 1
    assert browser.get("/people/").status_code == 200
