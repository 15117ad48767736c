"""An agreement that asks for two checkers, by the commands that they type: of a model, which needs no records."""

import json
import re

import pytest

from tests.journeys.test_review import MODEL, as_checker, ids, published, words

SEEN = ("B. Shah", "Groups are large", "C. Roe", "Nothing nests")


@pytest.fixture(scope="module")
def place(does, tmp_path_factory):
    """A home without data: its agreement asks for two."""
    folder = tmp_path_factory.mktemp("two")
    home = folder / "home"
    home.mkdir()
    for role in ("guardian", "risk-owner"):
        does("agreement", "signatory", "--as", role, "--name", role, "--out", folder / f"{role}.pem", home=home)
    terms = ("--title", "Two", "--purpose", "benchmarking", "--dataset", "apc_episode", "--from", "2023-04", "--to", "2025-03")
    does("agreement", "new", "two", *terms, "--ends", "2099-12-31", "--checkers", 2, home=home)
    for role in ("guardian", "risk-owner"):
        does("agreement", "approve", "two", "--as", role, "--key", folder / f"{role}.pem", home=home)
    for name, file in (("B. Shah", "shah.pem"), ("C. Roe", "roe.pem"), ("A. Lee", "lee.pem")):
        vouched = ("--as", "guardian", "--key", folder / "guardian.pem")
        does("review", "checker", "--name", name, "--out", folder / file, *vouched, home=home)
    (folder / "model.json").write_text(json.dumps(MODEL))
    return folder


@pytest.fixture
def held(place, does):
    """The id of a model that waits."""
    said = does("review", "model", place / "model.json", "--why", "Table 3", "--asker", "A. Lee", home=place / "home")
    return ids(said)[0]


@pytest.fixture
def decide(place, here, monkeypatch):
    """Types a decision, logged in by some account."""

    def done(what, id, who, file, login, reason="Groups are large"):
        monkeypatch.setattr("farr.lab.desk.reviewing.deciding.login", lambda: login)
        return here("review", what, id, *as_checker(place, who, file, reason), home=place / "home")

    return done


@pytest.fixture
def seen(place, does):
    """What `show` and `list` print of it."""
    return lambda id: (does("review", "show", id, home=place / "home"), does("review", "list", "--all", home=place / "home"))


def test_the_agreement_says_that_it_asks_for_two(place, does):
    assert re.search(r"checkers\W+2\b", does("agreement", "show", "two", home=place / "home"))


def test_it_comes_out_once_two_people_approved_it_blind_to_each_other(place, held, decide, seen, here):
    before, out = seen(held), published(place)
    first = decide("approve", held, "B. Shah", "shah.pem", "bshah")
    assert first.returncode == 0 and words(first) == f"Noted: your approval of {held}; a second checker decides too."
    assert seen(held) == before and published(place) == out and "held for review" in before[0]
    for who, file, login, message in (
        ("B. Shah", "shah.pem", "bshah", f"you approved {held} already; a second checker decides too"),
        ("C. Roe", "roe.pem", "bshah", "each by an account of their own"),
        ("A. Lee", "lee.pem", "alee", "who cannot decide on it"),
        ("C. Roe", "shah.pem", "croe", "registered for 'B. Shah', not for 'C. Roe'"),
    ):
        refused = decide("approve", held, who, file, login)
        assert refused.returncode == 2 and message in words(refused)
    assert seen(held) == before and published(place) == out
    second = decide("approve", held, "C. Roe", "roe.pem", "croe", reason="Nothing nests")
    assert f"Approved {held}: it is release" in words(second)
    (release,) = published(place) - out
    manifest = json.loads((place / "home" / "published" / release / "manifest.json").read_text())
    assert manifest["approvers"] == ["B. Shah", "C. Roe"] and all(part in dict(manifest["checks"])["reviewed"] for part in SEEN)
    assert all(part in seen(held)[0] for part in SEEN)
    assert here("verify", place / "home" / "published" / release, home=place / "home").returncode == 0


def test_either_refuses_at_once_and_then_both_are_shown(place, held, decide, seen):
    out = published(place)
    decide("approve", held, "B. Shah", "shah.pem", "bshah")
    assert f"Refused {held}" in words(decide("refuse", held, "C. Roe", "roe.pem", "croe", reason="Nothing nests"))
    assert published(place) == out and all(part in seen(held)[0] for part in SEEN)
    late = decide("approve", held, "C. Roe", "roe.pem", "croe")
    assert late.returncode == 2 and "was refused before" in words(late)
