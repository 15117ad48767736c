"""An analyst asks who codes differently, finds the planted changes of coding, and is told them from plants that change care."""

import json
import shutil

import pytest
from openpyxl import load_workbook

from farr.lab.desk import Desk
from farr.lab.desk.contracting.coding.asking import code, latest_year
from farr.lab.desk.contracting.coding.statement import statement_of
from farr.supplier.synthetic.planting.anomalies import COMPLEXITY, DEPTH, SYMPTOMS, UNSPECIFIED
from tests.journeys.conftest import Country, records, run_here, run_well

# What each planted change moves first, and what follows from it: other patients' diagnoses, or prices for them.
OWN = {DEPTH: "depth_of_coding", SYMPTOMS: "symptoms", UNSPECIFIED: "unspecified", COMPLEXITY: "price_for_diagnosis"}
OUTLIERS = {"depth_of_coding": "depth_of_coding", "unspecified_primary_diagnosis": "unspecified"}
FOLLOWS = {
    "depth_of_coding": {"depth_of_coding", "comorbidity", "lasting_conditions"},
    "symptoms": {"symptoms", "price_for_diagnosis", "depth_of_coding", "comorbidity"},
    "unspecified": {"unspecified", "symptoms", "price_for_diagnosis", "depth_of_coding", "comorbidity"},
    "price_for_diagnosis": {"price_for_diagnosis", "complexity_split"},
}


@pytest.fixture(scope="session")
def coded(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("coding")
    shutil.copytree(nation.home, folder / "home")
    return Country(folder=folder)


@pytest.fixture(scope="session")
def found(coded):
    desk = Desk.open(coded.home)
    return code(desk, latest_year(desk), rate=0.05)


@pytest.fixture(scope="session")
def planted(nation):
    """By provider the indicator that a planted change of coding, or planted outlier of it, moves first."""
    facts = json.loads((nation.raw / "truth.json").read_text())
    changed = {each["organisation"]: OWN[each["kind"]] for each in facts["anomalies"]}
    outliers = {each["organisation"]: OUTLIERS[each["measure"]] for each in facts["planted"] if each["measure"] in OUTLIERS}
    assert len(changed) == 4
    assert len(outliers) == 2
    return changed | outliers


def flagged(found):
    """Provider and indicator of coding that differ over the year, or have shifted."""
    rows = [row for row in found.findings.table.to_pylist() if row["subject"] == "coding"]
    return {(row["code"], row["indicator"]) for row in rows if row["differs"] or row["shifted"]}


# Measured on this country of 28 providers with some 85 admissions a month: four of six planted, and no false alarm among some three
# hundred tests. What is missed are symptoms and dearer groups at two small providers, of which half a year is too little here: 25 spells
# more than expected; and which cells are withheld with small ones hangs on the home's secret, on which the fourth may hang. Larger
# countries and other seeds: docs/coding.md.
LEAST_HITS = 3
SURE = {"depth_of_coding"}


def test_planted_changes_of_coding_are_found_and_false_alarms_counted(found, planted, capsys):
    loud = flagged(found)
    hits = {provider for provider, indicator in planted.items() if (provider, indicator) in loud}
    false = {(provider, indicator) for provider, indicator in loud if indicator not in FOLLOWS.get(planted.get(provider, ""), ())}
    with capsys.disabled():
        print(f"\nplanted coding: {len(hits)} of {len(planted)} found; false alarms: {sorted(false)}")  # noqa: T201
    assert hits >= {provider for provider, indicator in planted.items() if indicator in SURE}
    assert len(hits) >= LEAST_HITS
    assert len(false) <= 1


def test_a_change_is_found_in_its_month(found, nation):
    (depth,) = [each for each in json.loads((nation.raw / "truth.json").read_text())["anomalies"] if each["kind"] == DEPTH]
    (row,) = [
        row
        for row in found.findings.table.to_pylist()
        if (row["code"], row["indicator"]) == (depth["organisation"], "depth_of_coding")
    ]  # fmt: skip
    assert row["shifted"]
    assert row["shift_month"] == depth["from_month"]
    assert row["shift_after"] / row["shift_before"] == pytest.approx(depth["size"], rel=0.25)


def test_who_codes_differently_is_told_from_who_treats_differently(found, planted, nation):
    verdicts = {row["code"]: row["verdict"] for row in found.providers.table.to_pylist()}
    facts = json.loads((nation.raw / "truth.json").read_text())
    assert {verdicts[provider] for provider, indicator in planted.items() if indicator in SURE} == {"codes differently"}
    (stays,) = [each["organisation"] for each in facts["planted"] if each["measure"] == "length_of_stay"]
    assert verdicts[stays] == "treats differently, or has other patients"


def test_figures_are_what_the_records_come_to(found, coded):
    """Released sums beside the mart's own rows: within what rounding changes; and what is expected of all is what is observed of all."""
    rows = records(coded.home, "spell_coding", "nation").to_pandas()
    rows = rows[(rows.Activity_Month >= str(found.period.first)) & (rows.Activity_Month <= str(found.period.last))]
    depth = [row for row in found.findings.table.to_pylist() if row["indicator"] == "depth_of_coding" and row["observed"] is not None]
    for row in depth:
        theirs = rows[rows.Provider_Code == row["code"]]
        assert row["admissions"] == pytest.approx(len(theirs), abs=2.5)
        assert row["observed"] == pytest.approx(int(theirs.Secondary_Diagnosis_Count.sum()), abs=2.5)
    assert sum(row["expected"] for row in depth) == pytest.approx(sum(row["observed"] for row in depth), rel=0.01)


def test_a_stricter_control_calls_less_different(coded, found):
    desk = Desk.open(coded.home)
    strict = code(desk, found.period, rate=0.05, over_all=True)
    assert flagged(strict) <= flagged(found)


def test_the_commands_say_what_was_found(coded, planted, nation, tmp_path):
    told = run_well("coding", home=coded.home)
    assert "codes differently" in told
    assert "others as expected" in told
    (depth,) = [provider for provider, indicator in planted.items() if indicator == "depth_of_coding" and provider in told][:1]
    one = run_well("coding", "--provider", depth, "--out", tmp_path / "coding.xlsx", "--out", tmp_path / "coding.csv", home=coded.home)
    assert "Depth of coding" in one
    assert "Written" in one
    ranked = run_well("coding", "--indicator", "depth_of_coding", home=coded.home)
    assert depth in ranked
    book = load_workbook(tmp_path / "coding.xlsx")
    assert book.sheetnames == ["Findings", "Providers", "Readings", "Months", "Notes and provenance"]
    assert (tmp_path / "coding.csv").read_text().startswith("code,name,title,subject,admissions")
    assert "Benjamini" in (tmp_path / "coding.csv.notes.txt").read_text()


def test_indicators_are_listed_and_told_in_full(coded):
    assert "lasting_conditions" in run_well("coding-indicators", home=coded.home)
    told = run_well("coding-indicators", "depth_of_coding", home=coded.home)
    assert "Adjusted for: admission type, casemix group, age group" in told
    assert "Signed off by: nobody yet" in told


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--provider", "NOBODY"), "type: farr coding"),
        (("--indicator", "nothing"), "farr coding-indicators"),
        (("--fdr", "5"), "between 0 and 1"),
        (("--out", "coding.pdf"), "rename the file"),
    ],
)
def test_what_cannot_be_asked_says_what_to_type(coded, asked, said):
    done = run_here("coding", *asked, home=coded.home)
    assert done.returncode != 0
    assert said in done.stderr + done.stdout


def test_statements_are_published_of_every_provider(coded, found):
    told = run_well("publish-statements", "coding", home=coded.home)
    providers = found.providers.table.num_rows
    assert f"coding: {providers} statements" in told
    files = list((coded.home / "published" / "statements").rglob("coding.coding.json.gz"))
    assert len(files) == providers


def test_a_statement_says_its_finding_and_draws_what_it_says(found, planted):
    provider = next(provider for provider, indicator in planted.items() if indicator == "depth_of_coding")
    made = statement_of(found, provider, {provider: "Ward and Sons"}, made_at="2026-01-01", is_synthetic=True)
    assert made.finding.startswith("Ward and Sons codes differently: ")
    assert [part.name for part in made.parts] == ["coding", "care", "providers"]
    assert {chart.name for chart in made.charts} >= {"indicators", "providers"}
    for chart in made.charts:
        assert chart.title
        assert chart.description
        assert chart.full["datasets"]
    (own,) = [line for line in made.parts[2].table.lines if line.is_selected]
    assert own.code == provider
    assert {each["name"] for each in made.releases} == {"coding.findings", "coding.readings", "coding.providers", "coding.by_month"}
