"""A public-health analyst asks whether rates differ beyond chance, what conditions people have, and who will be admitted."""

import csv
import json
import re
import shutil

import pytest

from farr.lab.desk import Desk
from farr.lab.desk.populations.needs import needs
from farr.lab.desk.populations.varying import varied
from farr.lab.model.period import Period
from farr.lab.planning.variation.interest import interest
from tests.journeys.conftest import Country, records, run_here, run_well

YEAR = Period.parse("2024-04..2025-03")
PERIOD = ("--period", str(YEAR))


@pytest.fixture(scope="session")
def people(year, tmp_path_factory):
    """The year, in a home of its own."""
    folder = tmp_path_factory.mktemp("people")
    shutil.copytree(year.home, folder / "home")
    return Country(folder=folder)


@pytest.fixture(scope="session")
def sensitive(people):
    """Emergencies that care outside hospital could often prevent, by commissioner."""
    return varied(Desk.open(people.home), interest("ambulatory_care_sensitive"), level="commissioner", period=YEAR)


def test_interests_are_listed_with_why_they_vary(people):
    told = run_well("variation", home=people.home)
    assert "hip_replacement" in told and "Preference-sensitive" in told and "--diagnosis K80" in told


def test_what_is_expected_adds_up_to_what_was_seen_and_counts_are_the_records(sensitive, people):
    rows = {row["code"]: row for row in sensitive.rows.table.to_pylist()}
    spells = records(people.home, "apc_spell", "year").to_pandas()
    spells = spells[spells.Is_Ambulatory_Care_Sensitive.fillna(False).astype(bool) & spells.Activity_Month.between("2024-04", "2025-03")]
    counted = spells.groupby("Commissioner_Code").size()
    for code, row in rows.items():
        assert row["observed"] is not None and abs(row["observed"] - counted[code]) <= 5
    expected = sum(row["expected"] for row in rows.values())
    assert expected == pytest.approx(sum(row["observed"] for row in rows.values()), rel=0.01)
    assert sensitive.people.by_deprivation


def test_planted_commissioners_stand_out_and_hip_replacements_vary_no_more_than_by_chance(sensitive, people, year):
    """Recall and false alarms of places whose 95% interval of the believed ratio lies wholly above 1.1 or below 0.9."""
    truth = json.loads((year.raw / "truth.json").read_text())
    planted = {
        each["organisation"]: each["direction"]
        for each in truth["planted"]
        if each["level"] == "commissioner" and each["measure"] in ("emergency_admissions", "ambulatory_sensitive_admissions")
    }
    rows = {row["code"]: row for row in sensitive.rows.table.to_pylist()}
    called = {code: "high" for code, row in rows.items() if row["shrunk_lower"] > 1.1}
    called |= {code: "low" for code, row in rows.items() if row["shrunk_upper"] < 0.9}
    assert {code: called.get(code) for code in planted} == planted
    assert len(called) <= len(planted) + 3  # practices with planted rates lift and lower theirs too
    held = {row["name"]: row["value"] for row in sensitive.indices.table.to_pylist()}
    assert held["no_variation"] < 0.001 and held["variance"] > 0.01 and held["systematic"] > 0.01
    hips = varied(Desk.open(people.home), interest("hip_replacement"), level="commissioner", period=YEAR)
    assert {row["name"]: row["value"] for row in hips.indices.table.to_pylist()}["no_variation"] > 0.05


def test_any_category_can_be_asked_for_and_written_with_its_notes(people, tmp_path):
    out = tmp_path / "j44.csv"
    told = run_well("variation", "--diagnosis", "J44", "--admitted", "emergency", *PERIOD, "--out", out, home=people.home)
    assert "Systematic component of variation" in told and "never with another place" in told
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 10 and all(float(row["expected"]) > 0 for row in rows)
    assert "Release" in (tmp_path / "j44.csv.notes.txt").read_text() and (tmp_path / "j44.indices.csv").exists()


def test_a_set_of_codes_of_ones_own_is_refused_with_what_may_be_typed(people):
    done = run_here("variation", "--diagnosis", "K80.2", home=people.home)
    assert done.returncode != 0 and "diagnosis-K80" in done.stderr + done.stdout


def test_people_seen_with_a_condition_are_those_of_the_records_each_once(people):
    found = needs(Desk.open(people.home), level="commissioner", period=YEAR)
    episodes = records(people.home, "apc_episode", "year").to_pandas()
    episodes = episodes[episodes.Activity_Month.between("2024-04", "2025-03")]
    codes = episodes.filter(regex="^Diagnosis_").fillna("")
    with_failure = codes.apply(lambda column: column.str.match("I50|I110|I130|I132")).any(axis=1)
    alive = episodes[with_failure & episodes.Der_Pseudo_NHS_Number.notna() & (episodes.Episode_Status.fillna("") != "1")]
    rows = found.rows["heart_failure"].table.to_pylist()
    counted = sum(row["observed"] for row in rows if row["observed"] is not None)
    assert counted == pytest.approx(alive.Der_Pseudo_NHS_Number.nunique(), rel=0.05)
    assert sum(row["expected"] for row in rows) == pytest.approx(counted, rel=0.05)


def test_needs_are_told_with_peers_and_what_hospitals_do_not_see(people):
    told = run_well("need", "--organisation", "90L", *PERIOD, home=people.home)
    assert "this is no prevalence" in told and re.search(r"Heart failure\s+\d", told) and "similar ten" in told


def test_readers_are_shown_statements_of_both(people):
    told = run_well("publish-statements", "variation", "stroke", *PERIOD, home=people.home)
    assert re.search(r"stroke: \d+ statements", told)
    told = run_well("publish-statements", "need", *PERIOD, home=people.home)
    assert re.search(r"need: \d+ statements", told)
