"""The first password is known to who gave it: it opens nothing but the choice of another."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from farr.lab.model.durable.chain import ChainError
from farr.portal.access.roles import Role
from farr.portal.people.accounts import make
from farr.portal.people.models import User
from farr.portal.people.passwords import new_first_password
from farr.portal.trail.recording import trail
from tests.web.conftest import PASSWORD
from tests.web.publishing import LEVEL
from tests.web.test_signing_in import type_password

READABLE = r"(?:[a-hj-np-z2-9]{4}-){4}[a-hj-np-z2-9]{4}"
LAPSED = "Your first password has lapsed"


@pytest.fixture(autouse=True)
def _no_limits_of_before():
    cache.clear()


@pytest.fixture
def newcomer():
    """Somebody whose first password was given to them."""
    return make("new@example.org", "New", [Role.VIEWER], password=PASSWORD, first_password=True)


def lapse(user):
    User.objects.filter(pk=user.pk).update(first_password_until=timezone.now() - timedelta(seconds=1))


def test_an_account_made_by_an_administrator_has_a_random_password_that_is_shown_once(person, client_of):
    administrator, shown = client_of(person(Role.ADMINISTRATOR)), set()
    for at in range(3):
        said = {"email": f"new{at}@example.org", "name": "New", "password": PASSWORD, "roles": [Role.VIEWER.value]}
        answer = administrator.post("/people/new/", said)
        [password] = re.findall(f'value="({READABLE})"', answer.content.decode())
        user = User.objects.get(email=f"new{at}@example.org")
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
        assert user.check_password(password) and not user.check_password(PASSWORD), "nobody chooses it"
        assert user.first_password and timedelta(days=6.9) < user.first_password_until - timezone.now() <= timedelta(days=7)
        assert password not in trail()._chain.path.read_text() and password not in administrator.get(f"/people/{user.pk}/").content.decode()
        shown.add(password)
    assert len(shown) == 3
    administrator.get("/people/new/")
    again = administrator.post("/people/new/", said)
    assert again.status_code == 422 and not re.search(READABLE, again.content.decode()), "sent again it is not shown again"


def test_a_random_password_is_taken_by_the_rules_of_passwords():
    for _ in range(200):
        assert validate_password(new_first_password()) is None  # it raises where it does not take it


def test_a_first_password_that_lapsed_does_nothing_and_says_what_to_do(newcomer, audited):
    assert type_password(Client(), newcomer.email).headers["Location"] == "/"
    lapse(newcomer)
    browser = Client()
    said = type_password(browser, newcomer.email)
    assert said.status_code == 200 and LAPSED in said.content.decode() and "Ask an administrator" in said.content.decode()
    assert browser.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/login/")
    assert audited()[-1] == ("denied", "first password")


def test_who_does_not_know_it_is_not_told_that_it_lapsed(newcomer):
    lapse(newcomer)
    for email in (newcomer.email, "nobody@example.org"):
        said = type_password(Client(), email, "a wrong password").content.decode()
        assert LAPSED not in said and "email address and/or password" in said


def test_a_password_of_ones_own_does_not_lapse(newcomer):
    newcomer.first_password = False
    newcomer.save()
    lapse(newcomer)
    assert type_password(Client(), newcomer.email).headers["Location"] == "/"


def test_a_mail_does_not_pass_the_lapse_by_nor_a_missing_second_factor(newcomer, person):
    Client().post("/accounts/password/reset/", {"email": newcomer.email})
    [path] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    own, browser = "a quite different staple horse", Client()
    form = browser.get(path).headers["Location"]
    assert "has no second factor" in browser.post(form, {"password1": own, "password2": own}).content.decode()
    lapse(newcomer)
    assert LAPSED in browser.post(form, {"password1": own, "password2": own}).content.decode()
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_first_passwords_of_before_the_upgrade_lapse_too(person):
    old, own = person(Role.VIEWER), person(Role.VIEWER)
    User.objects.filter(pk=old.pk).update(first_password=True)
    import_module("farr.portal.people.migrations.0003_lapsing").lapse(apps, None)
    old.refresh_from_db()
    own.refresh_from_db()
    assert old.first_password_until > timezone.now() and own.first_password_until is None


def test_a_password_of_ones_own_opens_the_pages(person, client_of, grant):
    user = person(Role.VIEWER)
    user.first_password = True
    user.save()
    grant(user)
    browser = client_of(user)
    for path in ("/", f"/o/{LEVEL}/C09/", "/access/", "/accounts/sessions/"):
        assert browser.get(path).headers["Location"] == "/accounts/password/change/"
    assert "Choose a password of your own first" in browser.get("/accounts/password/change/").content.decode()
    own = "a quite different staple horse"
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": own, "password2": own})
    user.refresh_from_db()
    assert not user.first_password and user.check_password(own)
    again = client_of(user)
    assert again.get(f"/o/{LEVEL}/C09/").status_code == 200


def test_the_first_password_is_not_chosen_again(person, client_of):
    user = person(Role.VIEWER)
    user.first_password = True
    user.save()
    browser = client_of(user)
    said = browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})
    assert "Choose another than the one you have." in said.content.decode()
    user.refresh_from_db()
    assert user.first_password and browser.get("/access/").status_code == 302


def test_a_password_that_cannot_be_written_down_is_not_changed(person, client_of, monkeypatch):
    user, own = person(Role.VIEWER), "a quite different staple horse"
    browser = client_of(user)

    def fails(_):
        raise ChainError("broken")

    monkeypatch.setattr(trail(), "record", fails)
    assert browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": own, "password2": own}).status_code == 503
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_password_chosen_anew_by_mail_is_ones_own_and_another(person):
    user = person(Role.VIEWER)
    user.first_password = True
    user.save()
    Client().post("/accounts/password/reset/", {"email": user.email})
    [path] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    client = Client()
    form = client.get(path).headers["Location"]
    assert "Choose another" in client.post(form, {"password1": PASSWORD, "password2": PASSWORD}).content.decode()
    own = "a quite different staple horse"
    client.post(form, {"password1": own, "password2": own})
    user.refresh_from_db()
    assert not user.first_password and user.check_password(own)


def test_who_keeps_the_first_password_stays_where_they_are(person, client_of):
    user = make("kept@example.org", "Kept", [Role.VIEWER], password=PASSWORD, first_password=True)
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": "another one entirely"})
    user.refresh_from_db()
    assert user.first_password
