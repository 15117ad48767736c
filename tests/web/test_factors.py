"""Second factors: their secrets lie in the database encrypted, recovery codes hashed; and what becomes of them is written down first."""

import re
import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.test import Client

from farr.lab.model.durable.chain import ChainError
from farr.portal.access.roles import Role
from farr.portal.installation import InstallationError
from farr.portal.people import recovery
from farr.portal.settings import SESSION_COOKIE_NAME
from farr.portal.trail.recording import trail
from farr.portal.trail.trail import What
from tests.web.conftest import PASSWORD
from tests.web.security_key import SecurityKey
from tests.web.test_signing_in import SECRET, code_of, is_in, type_password

CODES, MAKE, ADD = "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/"
AUTHENTICATE, CHANGED = "/accounts/2fa/authenticate/", "second factor changed"


@pytest.fixture(autouse=True)
def _no_limits_of_before():
    cache.clear()


@pytest.fixture
def owner(person, client_of):
    """Somebody with an authenticator app, and their browser, in which they just typed their password again."""
    user = person(Role.VIEWER)
    browser = client_of(user)
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return user, browser


def factors_of(user):
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def new_codes(browser):
    assert browser.post(MAKE).headers["Location"] == CODES
    return re.findall(r"\b\d-\w{4}-\w{4}-\w{4}\b", browser.get(CODES).content.decode())


def test_a_secret_is_not_in_the_database_and_comes_back(person):
    stored = Authenticator.objects.get(user=person(Role.VIEWER)).data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert get_adapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_another_key_opens_none(person, folder):
    stored = Authenticator.objects.get(user=person(Role.VIEWER)).data["secret"]
    path = folder / "factors.key"
    key = path.read_bytes()
    try:
        path.write_bytes(Fernet.generate_key())
        with pytest.raises(InstallationError, match="another key"):
            get_adapter().decrypt(stored)
    finally:
        path.write_bytes(key)


# --- recovery codes


def test_recovery_codes_are_hashed_each_with_its_salt_and_shown_once(owner, settings):
    user, browser = owner
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    codes = new_codes(browser)
    assert len(set(codes)) == 10 and [int(each[0]) for each in codes] == list(range(10))
    data = Authenticator.objects.get(user=user, type="recovery_codes").data
    assert set(data) == {"hashes"} and all(each.startswith("argon2$argon2id$") for each in data["hashes"])
    assert len({each.split("$")[5] for each in data["hashes"]}) == 10, "a salt of its own each"
    held = str(data) + str(dict(browser.session.items()))
    assert not any(each in held or each.replace("-", "") in held for each in codes)
    again = browser.get(CODES).content.decode()
    assert not any(each in again for each in codes) and "There are 10 out of 10" in again
    assert browser.get("/accounts/2fa/recovery-codes/download/").status_code == 403


def test_codes_that_were_not_shown_lie_in_the_session_encrypted_and_in_no_other(owner, client_of):
    user, browser = owner
    browser.post(MAKE)
    assert not re.search(r"\d-\w{4}-\w{4}-\w{4}", str(dict(browser.session.items())))
    other = client_of(user)
    other.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Generate new codes" in other.get(CODES).content.decode(), "another session cannot show them, and says what to do"
    assert len(re.findall(r"\b\d-\w{4}-\w{4}-\w{4}\b", browser.get(CODES).content.decode())) == 10


@pytest.mark.parametrize("typed", [str, str.upper, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_recovery_code_is_taken_as_people_type_it(owner, typed):
    user, browser = owner
    *_, code = new_codes(browser)
    coming = Client()
    type_password(coming, user.email)
    coming.post(AUTHENTICATE, {"code": typed(code)})
    assert is_in(coming)


def test_what_is_like_a_recovery_code_is_none(owner):
    user, browser = owner
    first, second, *_ = new_codes(browser)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    for wrong in ("", "0", "x", first[:-1], f"{first}a", f"9{first[1:]}", f"{first[0]}{second[1:]}", "…", "é" * 13, first[2:]):
        assert not codes.validate_code(wrong), wrong
    assert codes.validate_code(first) and not codes.validate_code(first)
    assert len(codes.get_unused_codes()) == 9


def test_codes_that_were_not_shown_before_their_key_was_forgotten_are_made_anew(owner, folder):
    _, browser = owner
    browser.post(MAKE)
    path = folder / "factors.key"
    key = path.read_bytes()
    try:
        path.write_bytes(Fernet.generate_key())
        said = browser.get(CODES)
        assert said.status_code == 200 and "Generate new codes" in said.content.decode()
        assert len(new_codes(browser)) == 10
    finally:
        path.write_bytes(key)


def test_codes_of_before_the_upgrade_go_on_working_and_are_to_be_renewed(person):
    user = person(Role.VIEWER)
    seed = get_adapter().encrypt("ab" * 40)
    old = Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": seed, "used_mask": 0})
    [code, *_] = recovery._MADE_BY_ALLAUTH(old).get_unused_codes()
    for works in (True, False):
        browser = Client()
        type_password(browser, user.email)
        browser.post(AUTHENTICATE, {"code": code})
        said = browser.get("/accounts/2fa/").content.decode()
        assert is_in(browser) is works
        if works:
            assert "recovery codes are of an older kind" in said
            browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
            assert len(new_codes(browser)) == 10
            assert set(Authenticator.objects.get(user=user, type="recovery_codes").data) == {"hashes"}


def test_one_time_codes_live_ninety_seconds(monkeypatch):
    """Their step of thirty seconds, and one more either way."""
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)
    works = [later for later in range(-4, 5) if validate_totp_code(SECRET, code_of(later=later))]
    assert app_settings.TOTP_PERIOD == 30 and works == [-1, 0, 1]


# --- a change of a factor is written down before it is kept


def test_each_change_of_a_factor_is_a_line(owner, audited):
    user, browser = owner
    browser.get(ADD)
    key = SecurityKey()
    assert browser.post(ADD, {"name": "Key", "credential": key.registering(browser)}).headers["Location"] == CODES
    assert audited() == [(CHANGED, "webauthn"), (CHANGED, "recovery_codes")]
    *_, line = trail().events()
    assert line.content["user"] == user.pk and line.content["detail"] == {"change": "added"}
    browser.post("/accounts/2fa/totp/deactivate/")
    assert factors_of(user) == ["recovery_codes", "webauthn"] and audited()[2:] == [(CHANGED, "totp")]
    browser.post(f"/accounts/2fa/webauthn/keys/{Authenticator.objects.get(user=user, type='webauthn').pk}/remove/")
    *_, line = trail().events()
    assert factors_of(user) == [] and line.content["detail"] == {"change": "removed"}
    assert audited()[3:] == [(CHANGED, "webauthn"), (CHANGED, "recovery_codes")]


@pytest.fixture
def failing(monkeypatch):
    """From here on the audit fails at the nth change of a factor."""

    def fails(at):
        record, seen = trail().record, []

        def recorded(event):
            seen.extend([event] if event.what is What.SECOND_FACTOR else [])
            if len(seen) >= at and seen[-1] is event:
                raise ChainError("broken")
            return record(event)

        monkeypatch.setattr(trail(), "record", recorded)

    return fails


@pytest.mark.parametrize("at", [1, 2])
def test_a_factor_that_cannot_be_written_down_is_not_added(owner, failing, at):
    """Nor half: a key comes with recovery codes, or not at all."""
    user, browser = owner
    browser.get(ADD)
    sent = {"name": "Key", "credential": SecurityKey().registering(browser)}
    failing(at)
    assert browser.post(ADD, sent).status_code == 503
    assert factors_of(user) == ["totp"]


@pytest.mark.parametrize("at", [1, 2])
def test_a_factor_whose_removal_cannot_be_written_down_stays(owner, failing, at):
    user, browser = owner
    new_codes(browser)
    failing(at)
    assert browser.post("/accounts/2fa/totp/deactivate/").status_code == 503
    assert factors_of(user) == ["recovery_codes", "totp"]


def test_recovery_codes_that_cannot_be_written_down_are_not_made_anew(owner, failing):
    user, browser = owner
    code, *_ = new_codes(browser)
    failing(2)
    assert browser.post(MAKE).status_code == 503
    assert Authenticator.objects.get(user=user, type="recovery_codes").wrap().validate_code(code)


def test_an_app_that_cannot_be_written_down_is_not_set_up(person, failing):
    user, browser = person(Role.VIEWER, factor=False), Client()
    type_password(browser, user.email)
    browser.get("/accounts/2fa/totp/activate/")
    failing(2)
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code_of(browser.session["mfa.totp.secret"])}).status_code == 503
    assert factors_of(user) == []


# --- what does not fit, and what comes too often


@pytest.fixture
def key_of(owner):
    """Somebody with a security key too."""
    user, browser = owner
    browser.get(ADD)
    key = SecurityKey()
    browser.post(ADD, {"name": "Key", "credential": key.registering(browser)})
    return user, key


def at_the_key(user):
    browser = Client()
    type_password(browser, user.email)
    browser.get(AUTHENTICATE)
    return browser


def test_a_security_key_signs_in(key_of, audited):
    user, key = key_of
    browser = at_the_key(user)
    browser.post(AUTHENTICATE, {"credential": key.signing(browser)})
    assert is_in(browser) and audited() == [("signed in", "")]


@pytest.mark.parametrize("wrong", ["another's", "unknown", "of another challenge", "no JSON", "nothing"])
def test_a_security_key_that_does_not_fit_is_written_down(key_of, audited, wrong):
    user, key = key_of
    browser, thief = at_the_key(user), SecurityKey()
    sent = {
        "another's": lambda: key.signing(browser, by=thief), "unknown": lambda: thief.signing(browser),
        "of another challenge": lambda: key.signing(at_the_key(user)), "no JSON": lambda: "{", "nothing": lambda: "",
    }[wrong]()  # fmt: skip
    browser.post(AUTHENTICATE, {"credential": sent})
    assert not is_in(browser) and audited() == [("second factor failed", "webauthn")]
    *_, line = trail().events()
    assert line.content["name"] == user.email


def test_a_security_key_that_does_not_fit_again_within_a_session_is_written_down(key_of, client_of, audited):
    user, key = key_of
    browser = client_of(user)
    browser.get("/accounts/2fa/webauthn/reauthenticate/")
    browser.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": key.signing(browser, by=SecurityKey())})
    assert audited() == [("second factor failed", "webauthn")]


def test_what_is_refused_after_five_wrong_ones_is_counted(key_of, audited):
    user, key = key_of
    browser = at_the_key(user)
    for at in range(5):
        browser.post(AUTHENTICATE, {"code": f"{at:06d}"})
    for _ in range(3):
        assert "Too many" in browser.post(AUTHENTICATE, {"code": code_of()}).content.decode()
    browser.post(AUTHENTICATE, {"credential": key.signing(browser)})
    assert not is_in(browser)
    assert audited() == [("second factor failed", "totp")] * 5 + [("locked out", "second factor")] * 4


# --- the password or factor again, within a session


def came_in(user, later=0):
    browser = Client()
    type_password(browser, user.email)
    browser.post(AUTHENTICATE, {"code": code_of(later=later)})
    assert is_in(browser)
    return browser


def test_a_session_has_a_new_name_after_the_password_or_a_code_was_typed_again(person):
    user = person(Role.VIEWER)
    browser = came_in(user)
    for path, typed in (
        ("/accounts/reauthenticate/", {"password": PASSWORD}),
        ("/accounts/2fa/reauthenticate/", {"code": code_of(later=1)}),
    ):
        before = browser.session.session_key
        browser.post(path, typed)
        after = browser.session.session_key
        assert after != before and is_in(browser)
        thief = Client()
        thief.cookies[SESSION_COOKIE_NAME] = before
        assert not is_in(thief) and not browser.session.exists(before)
        assert UserSession.objects.get(user=user).session_key == after, "and it is listed and ended under the new one"


def test_a_wrong_password_leaves_the_session_its_name(person, client_of):
    browser = client_of(person(Role.VIEWER))
    before = browser.session.session_key
    browser.post("/accounts/reauthenticate/", {"password": "not it"})
    assert browser.session.session_key == before


def test_sessions_are_ended_after_the_password_was_typed_again(person):
    user = person(Role.VIEWER)
    browser, other = came_in(user), came_in(user, later=1)
    session = browser.session
    for each in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        each["at"] = time.time() - 301
    session.save()
    assert browser.get("/accounts/sessions/").status_code == 200, "they are seen without"
    sent = browser.post("/accounts/sessions/")
    assert sent.headers["Location"].startswith("/accounts/reauthenticate/") and is_in(other)
    browser.post(sent.headers["Location"], {"password": "not it"})
    assert is_in(other)
    browser.post(sent.headers["Location"], {"password": PASSWORD})
    assert is_in(browser) and not is_in(other)


def test_one_session_is_ended_and_the_others_go_on(person, client_of, audited):
    user = person(Role.VIEWER)
    browser, left, kept = (came_in(user, later) for later in (-1, 0, 1))
    one, own = (UserSession.objects.get(session_key=each.session.session_key).pk for each in (left, browser))
    page = browser.get("/accounts/sessions/").content.decode()
    assert page.count('aria-label="End the session') == 2 and f"/sessions/{one}/end/" in page and f"/sessions/{own}/end/" not in page
    stranger = came_in(person(Role.VIEWER))
    assert stranger.post(f"/sessions/{one}/end/").status_code == 404 and is_in(left)
    browser.post(f"/sessions/{one}/end/")
    assert is_in(browser) and is_in(kept) and not is_in(left)
    assert audited()[-1] == ("signed out", "another session")


def test_one_session_is_ended_after_the_password_was_typed_again(person, client_of):
    user = person(Role.VIEWER)
    left, browser = came_in(user), client_of(user)  # whose session does not know when somebody signed in
    number = UserSession.objects.get(session_key=left.session.session_key).pk
    sent = browser.post(f"/sessions/{number}/end/")
    assert sent.headers["Location"].startswith("/accounts/reauthenticate/") and is_in(left)
    browser.post(sent.headers["Location"], {"password": PASSWORD})
    assert not is_in(left)


def test_a_session_whose_end_cannot_be_written_down_goes_on(person, monkeypatch):
    user = person(Role.VIEWER)
    browser, other = came_in(user), came_in(user, later=1)

    def fails(_):
        raise ChainError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(trail(), "record", fails)
        assert browser.post("/accounts/sessions/").status_code == 503
    assert is_in(other)
