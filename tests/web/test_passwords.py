"""What a password must not be: mostly words that are tried first here, or one that was stolen elsewhere."""

import hashlib
import random
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from typer.testing import CliRunner

from farr.portal import commands
from farr.portal.access.roles import Role
from farr.portal.installation import InstallationError
from farr.portal.people import passwords
from farr.portal.people.breached import check_list, is_breached
from farr.portal.people.words import guessable, known_words
from farr.portal.settings import FARR
from tests.web.conftest import PASSWORD
from tests.web.test_signing_in import code_of, is_in, type_password

OWN = "a quite different staple horse"


@pytest.fixture(autouse=True)
def _no_limits_of_before():
    cache.clear()


# --- words that are tried first here


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Farr-2026-Farr-2026", ["farr"]), ("FARR!!farr!!2026", ["farr"]), ("Benchmarks2026!", ["benchmarks"]),
        ("F4rr.p0rt4l.2026", ["portal", "farr"]), ("Place 9, Place 8, x", ["place8", "place9"]), ("P00017-p00017", ["p00017"]),
        ("leeds-leeds-1234", ["leeds"]), ("Benchmarking for Leeds", ["benchmarkingforleeds"]),
        ("testserver 2026!", ["testserver"]), ("caldicottguardian", ["caldicottguardian"]), ("Ｆａｒｒ－ｆａｒｒ－１２３４", ["farr"]),
    ],
)  # fmt: skip
def test_a_password_made_mostly_of_known_words_is_refused(password, words):
    assert guessable(password, known_words()) == words
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "tried first here" in str(refused.value) and f"“{words[0]}”" in str(refused.value)


@pytest.mark.parametrize(
    "password", [PASSWORD, OWN, "leeds is far from mild chickens", "farthing barrow", "7Qx!pf3 Leeds kd9wzm", "C09 C08 C07 C06 xyz"]
)
def test_a_password_that_merely_holds_one_is_taken(password):
    assert guessable(password, known_words()) == []
    assert validate_password(password) is None  # it raises where it does not take it


def test_words_of_the_installation_count_too():
    settings = FARR.model_copy(
        update={"name": "Yorkshire Numbers", "hosts": ("figures.example.nhs.uk",), "password_words": ("Falcon", "abc")}
    )
    words = known_words(settings)
    assert {"yorkshire", "numbers", "yorkshirenumbers", "figures", "falcon", "farr", "administrator", "place", "leeds"} <= words
    assert not {"abc", "nhs", "c09"} & words, "shorter than four"
    assert guessable("Falcon-Falcon-1", words) == ["falcon"] and not guessable("Falcon-Falcon-1", known_words())


# --- passwords that were stolen elsewhere


def written(path, lines, end="\r\n"):
    path.write_bytes(end.join(lines).encode() + end.encode())
    return path


def hashed(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def stolen():
    """A thousand passwords."""
    return [f"password {at} of somebody" for at in range(1000)]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("last_ends", [True, False])
def test_every_password_of_the_list_is_found_and_no_other(tmp_path, stolen, end, last_ends):
    counts = random.Random(1)
    path = written(tmp_path / "list.txt", [f"{each}:{10 ** counts.randrange(9)}" for each in sorted(map(hashed, stolen))], end)
    if not last_ends:
        path.write_bytes(path.read_bytes().rstrip())
    check_list(path)
    assert all(is_breached(each, path) for each in stolen), "the first and the last too"
    assert not any(is_breached(f"{each}!", path) for each in stolen)


def test_what_is_like_a_hash_is_not_that_hash(tmp_path):
    """Hashes that differ in the last or the first character alone, before the first, and after the last."""
    mine = hashed(OWN)
    other = {True: "0", False: "1"}
    near = [mine[:-1] + other[mine[-1] != "0"], other[mine[0] != "0"] + mine[1:], mine[:20] + "0" * 20, mine[:20] + "F" * 20]
    path = written(tmp_path / "list.txt", sorted(f"{each}:3" for each in near))
    assert mine not in near and not is_breached(OWN, path)
    path = written(tmp_path / "list.txt", sorted(f"{each}:3" for each in (*near, mine)))
    assert is_breached(OWN, path)
    for only, found in ((mine, True), ("0" * 40, False), ("F" * 40, False)):
        assert is_breached(OWN, written(tmp_path / "list.txt", [f"{only}:1"])) is found
    assert is_breached(OWN, written(tmp_path / "list.txt", [f"{mine.lower()}:1"])), "in small letters too"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"not a list\n", "no HASH:COUNT"),
        (b"8846F7EAEE8FB117AD06BDD830B7586C:3\n", "no HASH:COUNT"),  # of another kind: NTLM
        (b"0" * 40 + b"\n", "no HASH:COUNT"),
        (b"x" * 5000, "no HASH:COUNT"),
        (b"".join(b"%040X:1\n" % at for at in (9, 5, 1)), "not in the order of its hashes"),
    ],
)
def test_what_is_no_such_list_is_refused(tmp_path, content, why):
    (tmp_path / "list.txt").write_bytes(content)
    with pytest.raises(InstallationError, match=why):
        check_list(tmp_path / "list.txt")


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """The portal with a list that holds these passwords."""

    def made(*words):
        path = written(tmp_path / "list.txt", sorted(f"{hashed(each)}:7" for each in (*words, "another", "a third")))
        monkeypatch.setattr(passwords, "FARR", FARR.model_copy(update={"breached_passwords": path}))
        return path

    return made


def test_a_breached_password_is_not_set(listed, person, client_of):
    listed(OWN)
    user = person(Role.VIEWER)
    said = client_of(user).post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN})
    assert "stolen elsewhere" in said.content.decode()
    Client().post("/accounts/password/reset/", {"email": user.email})
    [path] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    browser = Client()
    form = browser.get(path).headers["Location"]
    assert "stolen elsewhere" in browser.post(form, {"password1": OWN, "password2": OWN}).content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_list_that_cannot_be_read_lets_nobody_set_a_password_and_everybody_in(listed, person, client_of, capsys):
    listed().unlink()
    user = person(Role.VIEWER)
    said = client_of(user).post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN})
    assert said.status_code == 503 and "list.txt" not in said.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert type_password(Client(), user.email).headers["Location"] == "/accounts/2fa/authenticate/"


def test_a_password_that_was_breached_since_must_be_changed_before_anything_else(listed, person, audited):
    listed(PASSWORD)
    user = person(Role.VIEWER)
    browser = Client()
    type_password(browser, user.email)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of()})
    for path in ("/", "/access/", "/accounts/sessions/"):
        assert browser.get(path).headers["Location"] == "/accounts/password/change/"
    assert "on a list of passwords that were stolen elsewhere" in browser.get("/accounts/password/change/").content.decode()
    assert audited()[0] == ("changed an account", user.email)
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN})
    user.refresh_from_db()
    assert user.check_password(OWN) and not user.breached_password


def test_who_types_a_wrong_password_learns_nothing_of_the_list(listed, person):
    listed("a wrong password")
    user = person(Role.VIEWER)
    type_password(Client(), user.email, "a wrong password")
    user.refresh_from_db()
    assert not user.breached_password


def test_a_list_that_cannot_be_read_is_said_at_the_start(starting, tmp_path):
    assert "nowhere.txt cannot be read" in starting('breached_passwords = "nowhere.txt"\n')
    (tmp_path / "list.txt").write_text("no list\n")
    assert "no HASH:COUNT" in starting(f'breached_passwords = "{tmp_path / "list.txt"}"\n')


def test_check_says_that_no_list_is_named(monkeypatch, folder):
    monkeypatch.setattr(commands, "_django", lambda folder: None)
    monkeypatch.setattr(commands, "_call", lambda name, **options: None)

    def said():
        return " ".join(CliRunner().invoke(commands.app, ["portal", "check", "--portal", str(folder)]).output.split())

    assert "breached_passwords is not set" in said()
    monkeypatch.setattr(commands, "installation", lambda folder: FARR.model_copy(update={"breached_passwords": "list.txt"}))
    assert "breached_passwords" not in said() and "Nothing is wrong with the settings." in said()


def test_sessions_are_as_open_as_before_without_a_list(person):
    """Where no list is named nothing is looked up, and nobody is asked to change."""
    user, browser = person(Role.VIEWER), Client()
    type_password(browser, user.email)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert is_in(browser)
