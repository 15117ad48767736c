"""A commissioner adds up what all care of its people costs, publishes it, and projects the whole."""

import csv
import json
import re
import shutil

import openpyxl
import pytest

from farr.lab.desk.home import Home
from farr.lab.model.agreement import encoded
from farr.lab.model.showing.signed import read_signed, statement_about, statement_path
from farr.lab.model.showing.statement import Statement
from tests.journeys.conftest import Country, records, run_here, run_well

YEAR = ("--period", "2024-04..2025-03")
MONTHS = [f"2024-{month:02d}" for month in range(4, 13)] + ["2025-01", "2025-02", "2025-03"]


@pytest.fixture(scope="session")
def spending(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("spending")
    shutil.copytree(nation.home, folder / "home")
    return Country(folder=folder)


@pytest.fixture(scope="session")
def told(spending):
    """What is printed of a commissioner with local feeds, and its files."""
    csv_file, book = spending.folder / "90L.csv", spending.folder / "90L.xlsx"
    printed = run_well("total-cost", "--organisation", "90L", *YEAR, "--months", "--out", csv_file, home=spending.home)
    run_well("total-cost", "--organisation", "90L", *YEAR, "--out", book, home=spending.home)
    return printed, csv_file, book


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


def test_the_whole_is_told_with_its_parts_and_where_each_comes_from(told):
    printed, _, _ = told
    assert re.search(r"of the people of .*90L costs £[\d.,]+", printed)
    for words in ("Admitted care", "Outpatients", "Social care", "Mental health trust", "the hospital feed, as paid", "By month, £000"):
        assert words in printed


def test_what_local_feeds_hold_is_what_is_told(told, spending):
    """A program that shares nothing with the question but the table adds it up again, to the penny."""
    held = records(spending.home, "local_activity", "nation").to_pandas()
    own = held[(held.Commissioner_Code == "90L") & held.Activity_Month.isin(MONTHS)]
    by_setting = own.groupby("Care_Setting").Cost.sum()
    found = {row["part"]: row for row in rows(told[1])}
    for setting, cost in by_setting.items():
        assert float(found[setting]["cost"]) == pytest.approx(float(cost), abs=0.01)
        whole = own[own.Care_Setting == setting].Activity_Month.nunique() == 12
        assert found[setting]["status"] == ("held" if whole else "held in part")
    assert len(by_setting) >= 5


def test_hospital_care_is_what_was_paid_and_sums_are_of_their_parts(told, spending):
    found = {row["part"]: row for row in rows(told[1])}
    spells = records(spending.home, "apc_spell", "nation").to_pandas()
    own = spells[(spells.Commissioner_Code == "90L") & spells.Activity_Month.isin(MONTHS) & (spells.Administrative_Category != "02")]
    assert float(found["spells"]["cost"]) == pytest.approx(float(own.Grand_Total.dropna().astype(float).sum()), rel=0.01)
    hospital = sum(float(found[part]["cost"]) for part in ("spells", "appointments", "visits"))
    assert float(found["hospital"]["cost"]) == pytest.approx(hospital)
    assert float(found["all"]["cost"]) == pytest.approx(hospital + float(found["local"]["cost"]))
    assert float(found["spells"]["ratio"]) == pytest.approx(
        float(found["spells"]["per_head"]) / float(found["spells"]["expected_per_head"])
    )


def test_the_workbook_holds_the_parts_the_months_and_what_they_rest_on(told):
    book = openpyxl.load_workbook(told[2])
    assert book.sheetnames == ["Parts", "Months", "Notes and provenance"]
    assert any("Release" in str(row[0].value) for row in book["Notes and provenance"].iter_rows())


def test_a_commissioner_without_local_feeds_is_told_that_they_are_not_held(spending):
    held = set(records(spending.home, "local_activity", "nation")["Commissioner_Code"].to_pylist())
    codes = {code for code in records(spending.home, "apc_spell", "nation")["Commissioner_Code"].to_pylist() if code}
    without = min(code for code in codes - held if re.fullmatch(r"90[A-Z]", code))
    printed = run_well("total-cost", "--organisation", without, *YEAR, home=spending.home)
    assert "not held" in printed and "Not held, and so in no sum: primary care, community care" in printed


def test_who_pays_for_nothing_is_told_so(spending):
    done = run_here("total-cost", "--organisation", "ZZZ", *YEAR, home=spending.home)
    assert done.returncode != 0 and "nothing is held of the commissioner 'ZZZ'" in " ".join((done.stdout + done.stderr).split())


def test_a_statement_of_every_commissioner_is_signed_and_says_the_same(spending, told):
    assert re.search(r"total_cost: \d\d statements", run_well("publish-statements", "total_cost", home=spending.home))
    home = Home(spending.home)
    path = home.published / "statements" / statement_path("commissioner", "90L", "total_cost", "total_cost")
    trusted = {encoded(home.release_key().public_key().public_bytes_raw())}
    made = read_signed(path.read_bytes(), Statement, statement_about("commissioner", "90L", "total_cost", "total_cost"), trusted, path.name)
    assert made.finding in told[0].replace("\n", " ")
    assert [chart.name for chart in made.charts] == ["per_head", "months"] and made.is_synthetic
    assert {each["policy"] for each in made.releases} >= {"hes_2018"}
    assert json.dumps(made.charts[0].full)


def test_a_projection_takes_in_the_whole_and_can_leave_it_out(spending):
    asked = ("project", "--organisation", "90L", *YEAR, "--runs", 16, "--years", 3)
    whole = run_well(*asked, "--growth-outside", "prescribing=1.0..1.02", "--out", spending.folder / "whole.csv", home=spending.home)
    alone = run_well(*asked, "--hospital-only", "--out", spending.folder / "alone.csv", home=spending.home)
    assert "Care outside hospital is in payments, funding, gap and causes" in whole
    assert "Prescribing" in whole and "Prescribing" not in alone
    both = {
        name: {
            (row["year"], row["measure"], row["point_of_delivery"]): number(row["median"]) for row in rows(spending.folder / f"{name}.csv")
        }
        for name in ("whole", "alone")
    }
    for key, figure in both["alone"].items():
        if key[2] != "all":  # what is of hospital care alone is the same, whatever is projected beside it
            assert both["whole"][key] == pytest.approx(figure, rel=1e-9)
    outside = [row for row in both["whole"] if row[:2] == ("0", "payments") and row[2] in ("PRIM", "COMM", "MH", "RX", "CHC", "SC")]
    added = sum(both["whole"][key] for key in outside)
    assert both["whole"]["0", "payments", "all"] == pytest.approx(both["alone"]["0", "payments", "all"] + added, rel=1e-6)
