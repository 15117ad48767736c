"""Nothing runs without a live agreement: each way in which one is not, by every command that touches records."""

import json
import shutil

import pytest

BENCHMARK = ("benchmark", "--organisation", "national", "--measure", "length_of_stay")


def edited(path, **terms):
    content = json.loads(path.read_text())
    content["terms"] |= terms
    path.write_text(json.dumps(content))


@pytest.fixture
def place(country, tmp_path):
    """A home with the agreement only, beside the signatories' keys."""
    for part in ("guardian.pem", "risk-owner.pem"):
        shutil.copy(country.folder / part, tmp_path)
    (tmp_path / "home").mkdir()
    shutil.copy(country.home / "signatories.json", tmp_path / "home")
    return tmp_path / "home"


def refused(farr, home, country, *, expected):
    for command in (("ingest", country.month), ("build",), BENCHMARK, ("report", "--organisation", "national")):
        done = farr(*command, home=home)
        assert (command[0], done.returncode) == (command[0], 2), done.stderr
        assert expected in " ".join(done.stderr.split())
    assert not (home / "stores").exists()


def test_without_signatures_or_with_one(place, country, farr, does):
    terms = ("--purpose", "p", "--dataset", "apc_episode", "--from", "2024-02", "--to", "2025-03", "--ends", "2099-12-31")
    does("agreement", "new", "journey", "--title", "T", *terms, home=place)
    refused(farr, place, country, expected="farr agreement approve journey --as guardian")
    does("agreement", "approve", "journey", "--as", "guardian", "--key", place.parent / "guardian.pem", home=place)
    refused(farr, place, country, expected="farr agreement approve journey --as risk-owner")


@pytest.mark.parametrize("days", [{"starts": "2020-01-01", "ends": "2020-12-31"}, {"starts": "2098-01-01"}], ids=["expired", "not started"])
def test_outside_its_days(place, country, farr, agree, days):
    agree(place, "journey", **days)
    refused(farr, place, country, expected="nothing runs outside it")


def test_terms_edited_after_signing(place, country, farr, agree):
    agree(place, "journey")
    edited(place / "agreements" / "journey.json", period_last="2030-03")
    refused(farr, place, country, expected="changed after its guardian signed it")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"dataset": "op"}, "does not cover the dataset"),
        ({"from": "2020-04", "to": "2021-03"}, "covers 2020-04..2021-03"),
    ],
)
def test_what_it_does_not_cover(place, country, farr, agree, terms, expected):
    agree(place, "journey", **terms)
    done = farr("ingest", country.month, home=place)
    assert done.returncode == 2
    assert expected in " ".join(done.stderr.split())
