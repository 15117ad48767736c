"""Nothing runs without a live agreement: each way in which one is not, by every command that touches records, with data and without."""

import json
import shutil

import pytest

BENCHMARK = ("benchmark", "--organisation", "national", "--measure", "length_of_stay")
REPORT = ("report", "--organisation", "national")


@pytest.fixture(scope="module", params=["no data", "data"])
def homes(request, country, tmp_path_factory):
    """Gives a home without its agreement, beside the signatories' keys: with all the country's data, or with none."""
    folder = tmp_path_factory.mktemp("agreements")
    for part in ("guardian.pem", "risk-owner.pem"):
        shutil.copy(country.folder / part, folder)
    if request.param == "data":
        shutil.copytree(country.home, folder / "home")
    else:
        (folder / "home").mkdir()
        shutil.copy(country.home / "signatories.json", folder / "home")
    return folder / "home"


@pytest.fixture
def place(homes):
    """The home, for one test: nothing but the agreement changes in it."""
    (homes / "agreements" / "journey.json").unlink(missing_ok=True)
    return homes


def commands(country):
    return (("ingest", country.month), ("build",), BENCHMARK, REPORT)


def edited(path, **terms):
    content = json.loads(path.read_text())
    content["terms"] |= terms
    path.write_text(json.dumps(content))


@pytest.fixture
def expect_refused(here, held, place, country, tmp_path):
    """Checks that commands are refused in these words, and that the home is as before."""

    def check(expected, asked=None):
        before = held(place), sorted((place / "published").glob("*")), sorted((place / "ledger").glob("*"))
        for command in asked or commands(country):
            out = ("--out", tmp_path / "report") if command[0] == "report" else ()
            done = here(*command, *out, home=place)
            assert (command[0], done.returncode) == (command[0], 2), done.stderr
            assert expected in " ".join(done.stderr.split()), command[0]
        assert (held(place), sorted((place / "published").glob("*")), sorted((place / "ledger").glob("*"))) == before
        assert not (tmp_path / "report").exists()

    return check


def test_without_signatures_or_with_one(place, does, expect_refused):
    terms = ("--purpose", "p", "--dataset", "apc_episode", "--from", "2023-04", "--to", "2025-03", "--ends", "2099-12-31")
    does("agreement", "new", "journey", "--title", "T", *terms, home=place)
    expect_refused("farr agreement approve journey --as guardian")
    does("agreement", "approve", "journey", "--as", "guardian", "--key", place.parent / "guardian.pem", home=place)
    expect_refused("farr agreement approve journey --as risk-owner")


def test_without_any_agreement(place, expect_refused):
    expect_refused("name the agreement with --agreement")


@pytest.mark.parametrize("days", [{"starts": "2020-01-01", "ends": "2020-12-31"}, {"starts": "2098-01-01"}], ids=["expired", "not started"])
def test_outside_its_days(place, expect_refused, agree, days):
    agree(place, "journey", **days)
    expect_refused("nothing runs outside it")


@pytest.mark.parametrize(
    "terms",
    [{"period_last": "2030-03"}, {"ends": "2100-12-31"}, {"purposes": ["marketing"]}, {"policy": "open_data"}],
    ids=lambda terms: next(iter(terms)),
)
def test_terms_edited_after_signing(place, expect_refused, agree, terms):
    agree(place, "journey")
    edited(place / "agreements" / "journey.json", **terms)
    expect_refused("changed after its guardian signed it")


def test_signed_by_a_key_that_nobody_trusts(place, expect_refused, agree):
    agree(place, "journey")
    signatories = place / "signatories.json"
    trusted = signatories.read_text()
    signatories.write_text(json.dumps(json.loads(trusted) | {"guardian": []}))
    try:
        expect_refused("the guardian's key is not one this installation trusts")
    finally:
        signatories.write_text(trusted)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"dataset": "op"}, "does not cover the dataset 'apc_episode'"),
        ({"from": "2020-04", "to": "2021-03"}, "covers 2020-04..2021-03"),
    ],
    ids=["dataset", "months"],
)
def test_what_it_does_not_cover(place, country, expect_refused, agree, terms, expected):
    agree(place, "journey", **terms)
    expect_refused(expected, [("ingest", country.month)])
    if (place / "stores").exists():
        expect_refused(expected, [BENCHMARK, REPORT, *([("build",)] if "dataset" in terms else [])])


@pytest.mark.parametrize("purpose", ["marketing", ""], ids=["another", "none"])
def test_another_purpose(place, expect_refused, agree, purpose):
    agree(place, "journey")
    expect_refused(f"is not for the purpose '{purpose}'", [(*command, "--purpose", purpose) for command in (BENCHMARK, REPORT)])


def test_a_purpose_must_be_named_where_there_are_two(place, does, expect_refused):
    terms = ("--purpose", "planning", "--purpose", "audit", "--dataset", "apc_episode", "--from", "2023-04", "--to", "2025-03")
    does("agreement", "new", "journey", "--title", "T", *terms, "--ends", "2099-12-31", home=place)
    for role in ("guardian", "risk-owner"):
        does("agreement", "approve", "journey", "--as", role, "--key", place.parent / f"{role}.pem", home=place)
    expect_refused("only planning, audit", [BENCHMARK, REPORT])
