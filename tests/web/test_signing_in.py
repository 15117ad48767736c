"""Signing in, as people do it: a password and a code, a lock after five failures, and sessions that end when they should."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.messages.storage.session import SessionStorage as Storage
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory

from farr.portal.access import lasting
from farr.portal.access.roles import Role
from farr.portal.installation import SignOn
from farr.portal.people import adapters
from farr.portal.people.accounts import disable, make
from farr.portal.people.replacing import Lost, replace
from farr.portal.settings import FARR, SESSION_COOKIE_NAME
from farr.portal.trail.recording import trail
from tests.web.conftest import PASSWORD
from tests.web.publishing import LEVEL

LOGIN, SECRET, PAGE = "/accounts/login/", "JBSWY3DPEHPK3PXP", f"/o/{LEVEL}/C09/"


@pytest.fixture(autouse=True)
def _no_limits_of_before():
    cache.clear()


def code_of(secret: str = SECRET, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def type_password(client: Client, email: str, password: str = PASSWORD, path: str = LOGIN, **more):
    return client.post(path, {"login": email, "password": password}, **more)


def signed_in(client: Client, email: str) -> Client:
    assert type_password(client, email).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of()}).headers["Location"] == "/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/access/").status_code == 200


@pytest.fixture
def viewer_of(person, grant):
    user = person(Role.VIEWER)
    grant(user)
    return user


def test_a_password_and_a_code_open_a_page(viewer_of, audited):
    client = signed_in(Client(), viewer_of.email)
    assert client.get(PAGE).status_code == 200
    assert [what for what, _ in audited()] == ["signed in", "saw"]


def test_a_password_alone_opens_nothing(viewer_of, audited):
    client = Client()
    type_password(client, viewer_of.email)
    assert not is_in(client) and client.get(PAGE).status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(client) and "signed in" not in [what for what, _ in audited()]


def test_a_code_works_once(viewer_of):
    code = code_of()
    for client, works in ((Client(), True), (Client(), False)):
        type_password(client, viewer_of.email)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(client) is works


def test_an_old_code_does_not_work_and_it_is_written_down_whose_it_was(viewer_of, audited):
    client = Client()
    type_password(client, viewer_of.email)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(later=-10)})
    assert not is_in(client) and audited() == [("second factor failed", "totp")]
    *_, last = trail().events()
    assert last.content["name"] == viewer_of.email and code_of(later=-10) not in str(last.content)


def test_codes_cannot_be_guessed_on(viewer_of):
    client = Client()
    type_password(client, viewer_of.email)
    for at in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": f"{at:06d}"})
    assert "Too many" in client.post("/accounts/2fa/authenticate/", {"code": code_of()}).content.decode()
    assert not is_in(client)
    again = Client()
    type_password(again, viewer_of.email)
    again.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert not is_in(again), "another browser does not begin anew"


def test_who_has_no_second_factor_sets_it_up_before_anything_else(person, audited, django_capture_on_commit_callbacks):
    user = person(Role.ADMINISTRATOR, factor=False)
    client = Client()
    type_password(client, user.email)
    for path in ("/", "/people/", "/access/", "/accounts/password/change/", "/accounts/sessions/"):
        assert client.get(path).headers["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert "data:image/svg+xml" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert client.get("/people/").status_code == 200
    assert ("second factor changed", "totp") in audited()


def test_a_recovery_code_works_once(viewer_of):
    browser = Client()
    type_password(browser, viewer_of.email)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of()})
    browser.post("/accounts/2fa/recovery-codes/generate/")
    [code, *_] = re.findall(r"\b\d-\w{4}-\w{4}-\w{4}\b", browser.get("/accounts/2fa/recovery-codes/").content.decode())
    for client, works in ((Client(), True), (Client(), False)):
        type_password(client, viewer_of.email)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(client) is works


def test_five_failures_shut_the_door(viewer_of, audited):
    client = Client()
    for _ in range(5):
        said = type_password(client, viewer_of.email, "a wrong password")
    assert said.status_code == 429 and "too many failures" in said.content.decode()
    cache.clear()  # allauth's own limit, of five minutes for the account from everywhere
    said = type_password(Client(), viewer_of.email)
    assert said.status_code == 429, "not with the right password either"
    whats = [what for what, _ in audited()]
    assert whats.count("sign-in failed") == 6 and "locked out" in whats
    assert type_password(Client(), viewer_of.email, REMOTE_ADDR="192.0.2.7").status_code == 302, "from elsewhere the owner gets in"


def test_five_failures_shut_the_account_for_five_minutes_from_everywhere(viewer_of):
    for at in range(5):
        type_password(Client(), viewer_of.email, "a wrong password", REMOTE_ADDR=f"192.0.2.{at}")
    said = type_password(Client(), viewer_of.email, REMOTE_ADDR="192.0.2.99")
    assert said.status_code == 200 and "Too many failed login attempts" in said.content.decode()


def test_what_was_typed_is_written_nowhere(viewer_of, folder):
    type_password(Client(), "a password in the wrong field", "another wrong one")
    text = trail()._chain.path.read_text()
    assert "wrong field" not in text and "another wrong one" not in text


@pytest.mark.parametrize("email", ["nobody@example.org", "known"])
def test_a_failure_says_nothing_of_who_has_an_account(viewer_of, email):
    said = type_password(Client(), viewer_of.email if email == "known" else email, "a wrong password").content.decode()
    [words] = re.findall(r'<div class="errors" role="alert">(.*?)</div>', said)
    assert "email address and/or password" in words


def test_a_forgotten_password_says_nothing_of_who_has_an_account(viewer_of):
    def answer(email):
        said = Client().post("/accounts/password/reset/", {"email": email})
        done = Client().get(said.headers["Location"])
        return said.status_code, said.headers["Location"], re.sub(r'value="[^"]*"', "", done.content.decode())

    assert answer(viewer_of.email) == answer("nobody@example.org")


def test_a_new_password_by_mail_does_not_pass_the_second_factor(viewer_of, audited):
    Client().post("/accounts/password/reset/", {"email": viewer_of.email})
    [path] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    client = Client()
    form = client.get(path).headers["Location"]
    weak = client.post(form, {"password1": "short", "password2": "short"})
    assert weak.status_code == 200
    fresh = "a fresh battery of staples"
    assert client.post(form, {"password1": fresh, "password2": fresh}).status_code == 302
    assert not is_in(client) and [what for what, _ in audited()] == ["password changed"]
    assert type_password(client, viewer_of.email, fresh).headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert Client().get(path).status_code == 200, "the link leads to an error the second time"
    assert "Bad Token" in Client().get(path).content.decode() or "invalid" in Client().get(path).content.decode()


@pytest.mark.parametrize("password", ["short", "1q2w3e4r5t6y", "qwerty123456", "viewer1@example.org"])
def test_weak_passwords_are_refused_wherever_they_are_set(person, client_of, password):
    user = person(Role.VIEWER)
    user.email = "viewer1@example.org"
    user.save()
    client = client_of(user)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    Client().post("/accounts/password/reset/", {"email": user.email})
    [path] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    browser = Client()
    assert browser.post(browser.get(path).headers["Location"], {"password1": password, "password2": password}).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["correct horse battery", "пароль из многих слов", "a" * 30 + "b" * 98, " spaces at both ends "])
def test_long_and_unusual_passwords_are_taken_as_they_are(person, client_of, password):
    user = person(Role.VIEWER)
    client_of(user).post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    user.refresh_from_db()
    assert user.check_password(password)


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(viewer_of, client_of, audited):
    client, other = client_of(viewer_of), client_of(viewer_of)
    fresh = "a fresh battery of staples"
    client.post("/accounts/password/change/", {"oldpassword": "not it", "password1": fresh, "password2": fresh})
    assert is_in(other)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert not is_in(other) and not is_in(client)
    assert [what for what, _ in audited()].count("password changed") == 1


def test_disabling_an_account_ends_its_sessions_at_once(viewer_of, person, client_of):
    client = signed_in(Client(), viewer_of.email)
    key = client.session.session_key
    assert client_of(person(Role.ADMINISTRATOR)).post(f"/people/{viewer_of.pk}/active/", {"active": "no"}).status_code == 302
    assert not is_in(client)
    assert not client.session.exists(key)
    again = Client()
    type_password(again, viewer_of.email)
    assert not is_in(again)


def test_an_account_disabled_while_it_signs_in_does_not_get_in(viewer_of):
    client = Client()
    type_password(client, viewer_of.email)
    disable(viewer_of)
    client.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert not is_in(client)


@pytest.mark.parametrize("lost", list(Lost))
def test_what_was_replaced_while_somebody_signs_in_does_not_let_them_in(viewer_of, lost, audited):
    """Whoever found the old password, and typed it before it was replaced."""
    client = Client()
    type_password(client, viewer_of.email)
    replace(viewer_of, lost)
    client.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert not is_in(client)
    client.get("/accounts/login/")
    assert not is_in(client) and client.get(PAGE).status_code == 302 and "signed in" not in [what for what, _ in audited()]


def test_a_session_has_a_new_name_once_somebody_signed_in(viewer_of):
    """Whoever planted a session's name in a browser is not signed in with it."""
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[SESSION_COOKIE_NAME] = planted = session.session_key
    signed_in(client, viewer_of.email)
    assert client.cookies[SESSION_COOKIE_NAME].value != planted
    thief = Client()
    thief.cookies[SESSION_COOKIE_NAME] = planted
    assert not is_in(thief)


def test_signing_out_ends_the_session(viewer_of, audited):
    client = signed_in(Client(), viewer_of.email)
    kept = client.cookies[SESSION_COOKIE_NAME].value
    assert client.get("/accounts/logout/").status_code == 200 and is_in(client), "not by a mere link"
    client.post("/accounts/logout/")
    client.cookies[SESSION_COOKIE_NAME] = kept
    assert not is_in(client) and ("signed out", "") in audited()


def test_a_session_ends_without_requests_and_after_a_day(viewer_of, client_of, monkeypatch):
    now = time.time()
    monkeypatch.setattr(lasting.time, "time", lambda: now)
    client = client_of(viewer_of)
    assert is_in(client)
    for minutes in range(20, 8 * 60, 20):
        monkeypatch.setattr(lasting.time, "time", lambda at=now + minutes * 60: at)
        assert is_in(client), f"after {minutes} minutes"
    monkeypatch.setattr(lasting.time, "time", lambda: now + 8 * 3600 + 60)
    assert not is_in(client), "a day's work and no longer"
    idle = client_of(viewer_of)
    monkeypatch.setattr(lasting.time, "time", lambda: now)
    assert is_in(idle)
    monkeypatch.setattr(lasting.time, "time", lambda: now + 31 * 60)
    assert not is_in(idle), "half an hour without a request"


def test_nobody_signs_up_or_changes_their_address(viewer_of, client_of):
    for client in (Client(), client_of(viewer_of)):
        for path in ("signup/", "email/", "confirm-email/", "confirm-email/abc/", "login/code/confirm/", "reauthenticate/code/"):
            assert client.get(f"/accounts/{path}").status_code == 404, path
            assert client.post(f"/accounts/{path}", {"email": "other@example.org", "action_add": ""}).status_code == 404, path
        assert client.get("/accounts/login/code/").status_code == 404


def test_taking_the_second_factor_away_asks_for_the_password_again(viewer_of, client_of, monkeypatch):
    client = client_of(viewer_of)
    for path in ("/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/"):
        said = client.get(path)
        assert said.status_code == 302 and said.headers["Location"].startswith("/accounts/reauthenticate/"), path


@pytest.mark.parametrize(
    "place", ["https://example.net/", "//example.net/", "/\\example.net", "javascript:alert(1)", "http:example.net", "%2f%2fexample.net"]
)
def test_signing_in_leads_nowhere_else(viewer_of, place):
    client = Client()
    type_password(client, viewer_of.email, path=f"{LOGIN}?next={place}")
    said = client.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert said.status_code == 302 and "example.net" not in said.headers["Location"] and "javascript" not in said.headers["Location"]


def test_signing_in_leads_back_to_the_whole_address(viewer_of):
    client = Client()
    sent = client.get(f"{PAGE}?norm=national&q=a%26b")
    assert sent.headers["Location"].startswith("/accounts/login/?next=%2Fo%2Fcommissioner%2FC09%2F%3Fnorm%3Dnational%26q%3Da%2526b")
    type_password(client, viewer_of.email, path=sent.headers["Location"])
    said = client.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert said.headers["Location"] == f"{PAGE}?norm=national&q=a%26b"


@pytest.mark.parametrize(
    ("provider", "email", "verified", "found"),
    [("trust", "v@trust.example", True, True), ("trust", "V@Trust.example", True, True), ("trust", "v@trust.example", False, False),
     ("other", "v@trust.example", True, False), ("unknown", "v@trust.example", True, False),
     ("trust", "nobody@trust.example", True, False)],
)  # fmt: skip
def test_a_sign_on_finds_accounts_of_its_own_people_alone(monkeypatch, provider, email, verified, found):
    make("v@trust.example", "V", [])
    ons = (_sign_on("trust", "trust.example"), _sign_on("other", "other.example"))
    monkeypatch.setattr(adapters, "FARR", FARR.model_copy(update={"sign_on": ons}))
    connected, request = [], RequestFactory().get("/")
    request.session = {}
    request._messages = Storage(request)
    address = SimpleNamespace(email=email, verified=verified)
    login = SimpleNamespace(
        is_existing=False, account=SimpleNamespace(provider=provider), email_addresses=[address],
        connect=lambda _, user: connected.append(user.email),
    )  # fmt: skip
    try:
        adapters.SignOnAdapter().pre_social_login(request, login)
    except ImmediateHttpResponse as stopped:
        assert stopped.response.headers["Location"] == LOGIN
    assert connected == (["v@trust.example"] if found else [])


def _sign_on(name, *domains):
    return SignOn(name=name, title=name, server="https://sign-on.example", client="c", secret_file="s", domains=domains)


def test_several_sign_ons_say_whose_people_they_vouch_for(starting):
    one = '\n[[sign_on]]\nname = "{}"\ntitle = "T"\nserver = "https://s.example"\nclient = "c"\nsecret_file = "secret.txt"\n'
    assert "no issues" in starting(one.format("a"))
    assert "vouches" in starting(one.format("a") + one.format("b"))


def test_everybody_sees_and_ends_their_sessions(viewer_of):
    client, other = signed_in(Client(), viewer_of.email), Client()
    cache.clear()
    type_password(other, viewer_of.email)
    other.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert is_in(other) and client.get("/accounts/sessions/").status_code == 200
    client.post("/accounts/sessions/")
    assert is_in(client) and not is_in(other)
