"""farr publish, changes and client as they are typed, and requests as their options make them."""

import json

import pytest

from farr.lab.desk.commands.asking import RequestError, asked
from farr.lab.model.period import Month


def test_publish_says_what_it_published_and_what_it_did_not(tiny, farr):
    code, said = farr(tiny, "publish", "--measure", "day_case_rate", "--measure", "ae_attendances", "--breakdown", "none")
    assert code == 0 and "rolling year" in said and "catalogue.json" in said and tiny.home.public_key() in said.replace("\n", "")
    told = " ".join(said.split())
    assert "Not published: no records of" in told and "which ae_attendances is made of" in told
    assert {entry.measure for entry in tiny.catalogue.entries} == {"day_case_rate", "ae_attendances"}


def test_pages_are_written_and_counted_unless_they_are_not_wanted(public, farr):
    asked = ("publish", "--measure", "length_of_stay", "--breakdown", "none")
    pages = public.home.published / "pages"
    code, said = farr(public, *asked, "--no-pages")
    assert code == 0 and "Pages:" not in said and not pages.exists()
    code, said = farr(public, *asked, "--norm", "national", "--norm", "region")
    told = " ".join(said.split())
    assert code == 0 and "organisations: 11, measures: 3, norms: national, region" in told
    assert sorted(path.name for path in (pages / "provider.RA0").iterdir()) == [
        "length_of_stay.national.json.gz", "length_of_stay.region.json.gz", "overview.national.json.gz", "overview.region.json.gz"
    ]  # fmt: skip


def test_a_norm_that_pages_cannot_be_made_of_is_said_before_anything_is_released(tiny, farr):
    for norm, why in (("no_such", "there is no norm 'no_such'"), ("own_list", "needs peers that somebody names")):
        code, said = farr(tiny, "publish", "--norm", norm)
        assert code != 0 and why in " ".join(said.split()) and not tiny.home.published.exists()


def test_an_unknown_measure_is_named_and_nothing_is_written(tiny, farr):
    code, said = farr(tiny, "publish", "--measure", "no_such")
    assert code != 0 and "there is no measure 'no_such'" in said and not tiny.home.published.exists()


def test_changes_are_sentences_and_data(public, farr):
    public.resend([Month(2024, 12)], 1500)
    code, said = farr(public, "changes", "--organisation", "RA0", "--json")
    found = json.loads(said[said.index("{") :])
    assert code == 0 and found["since"] == "2024-02..2025-01"
    changed = [each for each in found["changes"] if each["month"] == "2024-12" and each["measure"] == "day_case_rate"]
    assert changed and changed[0]["sentence"].startswith("December 2024 has changed since it was published")


def test_clients_are_listed_until_they_are_removed(tiny, farr, tmp_path):
    assert farr(tiny, "client", "add", "portal", "--agreement", "tiny", "--out", str(tmp_path / "p.pem"))[0] == 0
    assert "portal" in farr(tiny, "client", "list")[1]
    assert farr(tiny, "client", "remove", "portal")[0] == 0
    assert "portal" not in farr(tiny, "client", "list")[1]


def test_options_make_the_request():
    found = asked("RA0", "m", "own_list", "2024-04..2025-03", None, choose=["diagnosis = K80,K81"], peers="RA1, RA2,", count=5)
    assert (found.choices, found.peers, found.count) == ({"diagnosis": "K80,K81"}, ("RA1", "RA2"), 5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"period": "lately"}, "--period cannot be read"),
        ({"count": 0}, "--count cannot be read"),
        ({"organisation": "x;y"}, "--organisation cannot be read"),
        ({"choose": ["K80"]}, "--choose K80 is not written as NAME=CODES"),
        ({"choose": ["diagnosis="]}, "--choose diagnosis is not written as NAME=CODES"),
    ],
)
def test_what_cannot_be_read_names_the_option(given, said):
    usual = {"organisation": "RA0", "measure": "m", "norm": "national", "period": None, "level": None}
    with pytest.raises(RequestError, match=said):
        asked(**{**usual, **given})


def test_a_report_of_some_measures_asks_no_others(public, farr, tmp_path):
    asked = ("--organisation", "RA0", "--measure", "length_of_stay", "--measure", "emergency_admissions")
    code, said = farr(public, "report", *asked, "--out", tmp_path / "report")
    told = " ".join(said.split())
    assert code == 0 and sorted(path.name for path in (tmp_path / "report").glob("*.xlsx")) == ["length_of_stay.xlsx"]
    # Providers have no list of people, and the others are not spoken of.
    assert "Not in the report: Emergency admissions" in told and "day case" not in told.lower()
    code, said = farr(public, "report", "--organisation", "RA0", "--measure", "no_such", "--out", tmp_path / "none")
    assert code != 0 and "there is no measure 'no_such'" in said and not (tmp_path / "none").exists()


def test_changes_of_some_measures_tell_of_no_others(public, farr):
    public.resend([Month(2024, 12)], 1500)
    code, said = farr(public, "changes", "--organisation", "RA0", "--measure", "day_case_rate", "--json")
    assert code == 0 and {each["measure"] for each in json.loads(said)["changes"]} == {"day_case_rate"}
