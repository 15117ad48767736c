"""A commissioner asks what matching its peers would be worth, and what another way of doing an operation would change."""

import csv
import json
import re
import shutil
import zipfile

import pytest

from farr.lab.desk import Desk
from farr.lab.desk.contracting.kind import Asked, kind
from farr.lab.desk.opportunity.finding import find
from farr.lab.desk.opportunity.statement import statement_of
from farr.lab.model.period import Period
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.opportunity.value import declared
from tests.journeys.conftest import Country, records, run_well

PERIOD = "2024-03..2025-02"  # the last month of all was not sent whole


@pytest.fixture(scope="session")
def valued(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("valued")
    shutil.copytree(nation.home, folder / "home")
    (folder / "raw").symlink_to(nation.raw)
    return Country(folder=folder)


def rows_of(path):
    return {row["measure"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}


@pytest.fixture(scope="session")
def of_90l(valued):
    """The file of commissioner 90L, whose emergency admissions were planted half as many again, and what was printed."""
    file = valued.folder / "90L.csv"
    printed = run_well("opportunities", "--organisation", "90L", "--period", PERIOD, "--out", file, home=valued.home)
    return printed, file


def test_planted_admissions_are_the_largest_opportunity_and_are_counted_once(of_90l):
    """Which of the two rates of the same admissions is shown hangs on what the gate hides beside it; one is."""
    printed, file = of_90l
    rows = rows_of(file)
    admissions = [rows[name] for name in ("emergency_admissions", "emergency_admissions_standardised") if name in rows]
    assert admissions, printed
    for row in admissions:
        assert float(row["lower_95"]) > 0
        assert row["is_counted"] == "True"
    counted = [row for row in rows.values() if row["is_counted"] == "True" and row["means"] == "payment"]
    gains, total = [float(row["gain"]) for row in counted], sum(float(row["kept"]) for row in counted)
    assert max(gains) == max(float(row["gain"]) for row in admissions)
    assert max(gains) <= total * 1.001
    assert total <= sum(gains) * 1.001
    # The two rates of the same admissions do not make twice the money.
    assert total <= sum(gains) - (len(admissions) - 1) * 0.9 * min(float(row["gain"]) for row in admissions)
    assert "Payments (what would be paid less)" in printed
    assert "Not a saving" in printed


def test_every_figure_is_within_its_interval_and_none_is_dearer_in_the_total_than_alone(of_90l):
    for row in rows_of(of_90l[1]).values():
        lower, gain, upper = (float(row[name]) for name in ("lower_80", "gain", "upper_80"))
        assert float(row["lower_95"]) <= lower <= gain <= upper <= float(row["upper_95"])
        assert row["kept"] == "" or 0 <= float(row["kept"]) <= gain * 1.001
        assert (row["kept"] != "") == (row["is_counted"] == "True")
        assert float(row["price"]) > 0
    notes = of_90l[1].with_name("90L.csv.notes.txt").read_text(encoding="utf-8")
    assert "seed 1" in notes
    assert "Release" in notes


def test_a_statement_says_the_same_and_is_made_of_what_was_released(valued, of_90l):
    desk = Desk.open(valued.home)
    found = find(desk, "90L", period=Period.parse(PERIOD))
    made = statement_of(found, made_at="2026-01-01T00:00:00+00:00", is_synthetic=True)
    assert Statement.model_validate_json(made.model_dump_json()) == made
    assert "90L" in made.finding
    rows = rows_of(of_90l[1])
    shown = {row[0]: row for row in made.sheets[0].rows}
    assert set(shown) == set(rows)
    gains = [column.field for column in made.sheets[0].columns].index("gain")
    for name, row in rows.items():
        assert shown[name][gains] == pytest.approx(float(row["gain"]))
    assert {chart.name for chart in made.charts} == {"payment", "capacity"}
    assert set(rows) | {name for name, _ in found.left_out} <= set(declared())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--organisation", "Z10012"), "only at: provider, commissioner"),
        (("--organisation", "90L", "--norm", "own_past"), "opportunities are not worked out against 'own_past'"),
        (("--organisation", "90L", "--norm", "peer_list"), "opportunities are not worked out against 'peer_list'"),
        (("--organisation", "90L", "--out", "x.docx"), "rename the file"),
    ],
)
def test_an_opportunity_that_cannot_be_found_says_why(valued, here, words, why):
    done = here("opportunities", "--period", PERIOD, *words, home=valued.home)
    assert done.returncode != 0
    assert why in " ".join((done.stdout + done.stderr).split())


def test_pathways_are_listed_and_compared_with_what_is_stopped_and_added(valued, tmp_path):
    assert "standard: critical-care days 1 a spell, not verified" in run_well("pathways", home=valued.home)
    told = run_well("pathway", "cabg", home=valued.home)
    (code,) = [line.split()[0] for line in told.splitlines() if re.match(r"\s*Z\w\w? ", line)][:1] or [None]
    assert code is not None, told
    file, book = tmp_path / "cabg.csv", tmp_path / "cabg.xlsx"
    asked = ("--provider", code, "--standard", "critical_care_days=0.5", "--stop", "care at home=3@45", "--add", "clinic=1.5@85")
    one = run_well("pathway", "cabg", *asked, "--out", file, home=valued.home)
    run_well("pathway", "cabg", *asked, "--out", book, home=valued.home)
    assert "Stopped: care at home" in one
    assert "Added: clinic" in one
    rows = {row["title"]: row for row in csv.DictReader(file.open(encoding="utf-8"))}
    days = rows["Critical-care days"]
    expected = max(0.0, float(days["mean"]) - 0.5) * float(days["spells"]) * float(days["unit"])
    assert days["basis"] == "yours"
    assert float(days["gap"]) == pytest.approx(expected)
    assert days["gap_by_spell"] == ""  # one's own standard was not asked spell by spell
    with zipfile.ZipFile(book) as sheets:
        assert "Pathway" in sheets.read("xl/workbook.xml").decode()


def test_the_mart_of_pathways_holds_each_bypass_once_with_its_days(valued):
    spells, rows = records(valued.home, "apc_spell", "nation"), records(valued.home, "pathway_spell", "nation")
    bypasses = [row for row in rows.to_pylist() if row["Pathway"] == "cabg"]
    by_key = {(row["Spell_Key"], row["Activity_Month"]): row for row in spells.to_pylist()}
    kinds, codes = ("EL", "EM", "NE"), [f"K{number}" for number in range(40, 47)]
    of_list = {key for key, row in by_key.items() if row["Procedure_Category"] in codes and row["Der_Management_Type"] in kinds}
    assert {(row["Spell_Key"], row["Activity_Month"]) for row in bypasses} == of_list
    for row in bypasses:
        spell = by_key[row["Spell_Key"], row["Activity_Month"]]
        assert row["Ward_Days"] == max(0, spell["Length_of_Stay"] - spell["Critical_Care_Days"])


def test_a_pathway_is_a_statement_of_every_organisation_shown(valued):
    desk = Desk.open(valued.home)
    asked = Asked(name="cabg", period=None, made_at="2026-01-01T00:00:00+00:00", is_synthetic=True, said=lambda _: None)
    made = list(kind("pathway").make(desk, asked))
    assert len({(each.level, each.organisation) for each in made}) == len(made) > 5
    assert {each.level for each in made} == {"provider", "commissioner"}
    for each in made:
        assert each.parts[0].name == "items"
        assert json.loads(each.model_dump_json())["kind"] == "pathway"
        assert len(each.releases) >= 3
