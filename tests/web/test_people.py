"""Accounts: what is said of them is done and nothing else, and the audit tells of what was done alone."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone
from typer.testing import CliRunner

from farr.lab.model.durable.chain import ChainError
from farr.portal.access.denied import Denied
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.api.tokens import new_token
from farr.portal.commands import PortalError, app
from farr.portal.people import forms
from farr.portal.people.accounts import Taken, change, disable, enable, make
from farr.portal.people.models import User
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from tests.web.conftest import PASSWORD


@pytest.fixture
def administrator(person, client_of):
    return client_of(person(Role.ADMINISTRATOR))


def test_a_second_click_does_not_undo_the_first(administrator, person, audited):
    user = person(Role.VIEWER)
    assert 'name="active" value="no"' in administrator.get(f"/people/{user.pk}/").content.decode()
    for _ in range(2):
        assert administrator.post(f"/people/{user.pk}/active/", {"active": "no"}).status_code == 302
        user.refresh_from_db()
        assert not user.is_active
    assert 'name="active" value="yes"' in administrator.get(f"/people/{user.pk}/").content.decode()
    for _ in range(2):
        administrator.post(f"/people/{user.pk}/active/", {"active": "yes"})
        user.refresh_from_db()
        assert user.is_active
    assert [what for what, _ in audited()] == ["disabled an account", "changed an account"]


@pytest.mark.parametrize("said", [{}, {"active": ""}, {"active": "maybe"}])
def test_what_says_neither_does_nothing(administrator, person, audited, said):
    user = person(Role.VIEWER)
    administrator.post(f"/people/{user.pk}/active/", said)
    user.refresh_from_db()
    assert user.is_active and audited() == []


def test_tokens_of_a_disabled_account_are_ended_for_good(person):
    user = person(Role.ANALYST)
    _, live = new_token(user, "live", today())
    _, old = new_token(user, "old", today())
    type(old).objects.filter(pk=old.pk).update(until=today() - timedelta(days=1))
    assert disable(user) and enable(user)
    live.refresh_from_db()
    old.refresh_from_db()
    assert (live.state, old.state) == ("ended", "expired")


def test_roles_that_clash_are_refused_and_no_line_says_otherwise(administrator, person, audited):
    both = [Role.ADMINISTRATOR.value, Role.CHECKER.value]
    new = {"email": "new@example.org", "name": "New", "password": PASSWORD, "roles": both}
    said = administrator.post("/people/new/", new)
    assert said.status_code == 422 and "One person cannot be Administrator and Output checker" in said.content.decode()
    user = person(Role.VIEWER)
    assert administrator.post(f"/people/{user.pk}/", {"name": "Other", "roles": both}).status_code == 422
    user.refresh_from_db()
    assert user.name == "viewer" and audited() == [] and not User.objects.filter(email="new@example.org").exists()


def test_two_who_make_the_same_account_get_one(administrator, audited, monkeypatch):
    """The second was looked at before the first was there."""
    monkeypatch.setattr(forms.NewPersonForm, "clean_email", lambda form: form.cleaned_data["email"])
    new = {"email": "new@example.org", "name": "New", "password": PASSWORD, "roles": [Role.VIEWER.value]}
    assert administrator.post("/people/new/", new).status_code == 200
    said = administrator.post("/people/new/", {**new, "name": "Newer"})
    assert said.status_code == 422 and "There is an account for this address already." in said.content.decode()
    assert User.objects.get(email="new@example.org").name == "New" and audited() == [("made an account", "new@example.org")]
    with pytest.raises(Taken):
        make("NEW@example.org", "Third", [])


def test_the_line_names_what_changed(administrator, person):
    user = person(Role.VIEWER)
    day = str(today())
    said = {"name": "Ann Other", "employer": "Trust", "trained_on": day, "roles": [Role.VIEWER.value, Role.CHECKER.value]}
    administrator.post(f"/people/{user.pk}/", said)
    *_, last = trail().events()
    assert last.content["detail"] == {
        "name": "Ann Other", "employer": "Trust", "trained_on": day, "roles": [Role.CHECKER.value, Role.VIEWER.value],
    }  # fmt: skip
    administrator.post(f"/people/{user.pk}/", {**said, "employer": ""})
    *_, last = trail().events()
    assert last.content["detail"] == {"employer": ""}
    lines = last.number
    administrator.post(f"/people/{user.pk}/", {**said, "employer": ""})
    *_, last = trail().events()
    assert last.number == lines, "nothing changed, and nothing is said"


def test_training_that_lies_ahead_is_refused(administrator, person, audited):
    user, ahead = person(Role.VIEWER), today() + timedelta(days=1)
    said = administrator.post(f"/people/{user.pk}/", {"name": "viewer", "trained_on": str(ahead), "roles": [Role.VIEWER.value]})
    assert said.status_code == 422 and "This day lies ahead" in said.content.decode() and audited() == []
    with pytest.raises(Denied, match="lies ahead"):
        make("ahead@example.org", "Ahead", [], trained_on=ahead)


def test_nobody_changes_their_own_roles(person, client_of, audited):
    user = person(Role.ADMINISTRATOR)
    said = client_of(user).post(f"/people/{user.pk}/", {"name": "Me", "roles": []})
    assert said.status_code == 403 and [what for what, _ in audited()] == ["denied"]
    with pytest.raises(Denied, match="their own roles"):
        change(user, name="Me", employer="", trained_on=None, roles=set(), by=user, record=lambda _: None)


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """What `farr portal account` says, over the installation of the tests."""
    monkeypatch.setattr("farr.portal.commands._django", lambda folder: None)

    def said(*words: str, password: str = PASSWORD):
        (tmp_path / "password").write_text(password)
        more = (*(("--password-file", str(tmp_path / "password")) if password else ()), "--portal", str(FARR.folder))
        return CliRunner().invoke(app, ["portal", "account", "typed@example.org", "--name", "Typed", *words, *more])

    return said


@pytest.mark.parametrize(
    ("words", "kind", "why"),
    [
        (("--role", "administrator", "--role", "output-checker"), Denied, "one person cannot be"),
        (("--role", "viewer", "--trained-on", str(today() + timedelta(days=1))), Denied, "lies ahead"),
        (("--role", "viewer", "--trained-on", "yesterday"), PortalError, "is no day"),
    ],
    ids=["roles", "ahead", "no day"],
)
def test_what_the_command_refuses_is_not_in_the_audit(typed, audited, words, kind, why):
    said = typed(*words)
    assert isinstance(said.exception, kind) and why in str(said.exception)
    assert audited() == [] and not User.objects.filter(email="typed@example.org").exists()


def test_what_the_command_made_is_in_the_audit(typed, audited):
    said = typed("--role", "viewer", "--trained-on", str(today()))
    assert said.exit_code == 0, said.output
    assert audited() == [("made an account", "typed@example.org")]
    *_, last = trail().events()
    assert last.content["detail"] == {"roles": ["viewer"]}


def test_the_command_makes_a_first_password_and_shows_it_once(typed):
    said = " ".join(typed("--role", "viewer", password="").output.split())
    user = User.objects.get(email="typed@example.org")
    [password] = re.findall(r"First password, shown this once: (\S+)", said)
    assert user.check_password(password) and user.first_password and user.first_password_until is not None
    assert f"The first password lapses on {user.first_password_until:%-d %B %Y}" in said
    assert password not in trail()._chain.path.read_text()


# --- what somebody lost


@pytest.fixture
def replaces(person, client_of):
    """An administrator who just typed their password again."""
    browser = client_of(person(Role.ADMINISTRATOR))
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_a_lost_factor_is_replaced_once_it_is_said_how_the_person_was_known(replaces, person, client_of, audited):
    user = person(Role.VIEWER)
    there = client_of(user)
    UserSession.objects.create(user=user, session_key=there.session.session_key, ip="192.0.2.1")
    answer = replaces.post(f"/people/{user.pk}/replace/", {"lost": "second-factors", "proof": "video-call"})
    assert answer.status_code == 302 and not Authenticator.objects.filter(user=user).exists()
    user.refresh_from_db()
    assert user.check_password(PASSWORD) and not user.first_password, "the password is still theirs, and asked for"
    assert not there.session.exists(there.session.session_key), "sessions are ended"
    assert audited() == [("changed an account", user.email), ("second factor changed", user.email)]
    first, second = list(trail().events())[-2:]
    assert first.content["detail"] == {"replaced": "second-factors", "proof": "video-call"}
    assert second.content["detail"] == {"factor": "totp", "change": "removed"} and second.content["name"].startswith("administrator")


@pytest.mark.parametrize("lost", ["second-factors", "first-password"])
def test_tokens_end_with_what_was_lost(replaces, person, lost):
    user = person(Role.ANALYST)
    _, token = new_token(user, "notebook", today())
    replaces.post(f"/people/{user.pk}/replace/", {"lost": lost, "proof": "in-person"})
    token.refresh_from_db()
    assert token.state == "ended"


@pytest.mark.parametrize("said", [{}, {"lost": "second-factors"}, {"lost": "second-factors", "proof": "they asked by mail"},
                                  {"proof": "in-person"}, {"lost": "both", "proof": "in-person"}])  # fmt: skip
def test_without_proof_of_identity_nothing_is_replaced(replaces, person, audited, said):
    user = person(Role.VIEWER)
    assert replaces.post(f"/people/{user.pk}/replace/", said).status_code == 422
    assert Authenticator.objects.filter(user=user).exists() and audited() == []


def test_a_lost_password_is_replaced_by_a_first_one_and_the_factor_is_still_asked_for(replaces, person):
    user = person(Role.VIEWER)
    answer = replaces.post(f"/people/{user.pk}/replace/", {"lost": "first-password", "proof": "in-person"}).content.decode()
    [password] = re.findall(r'id="first_password" readonly value="(\S+)"', answer)
    user.refresh_from_db()
    assert user.check_password(password) and user.first_password and user.first_password_until > timezone.now()
    assert Authenticator.objects.filter(user=user).exists()


def test_replacing_asks_for_the_password_again_and_nobody_replaces_their_own(person, client_of):
    user, admin = person(Role.VIEWER), person(Role.ADMINISTRATOR)
    browser = client_of(admin)
    path, said = f"/people/{user.pk}/replace/", {"lost": "second-factors", "proof": "in-person"}
    assert browser.post(path, said).headers["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(user=user).exists()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.post(f"/people/{admin.pk}/replace/", said).status_code == 403
    assert Authenticator.objects.filter(user=admin).exists()


def test_what_cannot_be_written_down_is_not_replaced(replaces, person, monkeypatch):
    user = person(Role.VIEWER)

    def fails(_):
        raise ChainError("broken")

    monkeypatch.setattr(trail(), "record", fails)
    for lost in ("second-factors", "first-password"):
        assert replaces.post(f"/people/{user.pk}/replace/", {"lost": lost, "proof": "in-person"}).status_code == 503
    user.refresh_from_db()
    assert Authenticator.objects.filter(user=user).exists() and user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("words", "why"),
    [(("--lost", "both", "--proof", "in-person"), "first-password, second-factors"),
     (("--lost", "second-factors", "--proof", "mail"), "in-person, video-call, line-manager")],
)  # fmt: skip
def test_the_command_replaces_what_was_lost_with_proof_alone(person, monkeypatch, audited, words, why):
    monkeypatch.setattr("farr.portal.commands._django", lambda folder: None)
    user = person(Role.ADMINISTRATOR)
    start = ["portal", "replace", user.email, "--portal", str(FARR.folder)]
    said = CliRunner().invoke(app, [*start, *words])
    assert isinstance(said.exception, PortalError) and why in str(said.exception) and audited() == []
    said = CliRunner().invoke(app, [*start, "--lost", "first-password", "--proof", "line-manager"])
    [password] = re.findall(r"First password, shown this once: (\S+)", said.output)
    user.refresh_from_db()
    assert user.check_password(password) and audited() == [("changed an account", user.email)]
