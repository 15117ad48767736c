"""A planner projects ten years of a commissioner, tries what might be done, and looks at how well months would have been forecast."""

import csv
import re
import shutil
from collections import defaultdict

import openpyxl
import pytest

from tests.journeys.conftest import Country, run_here, run_well, statement_in

YEAR = ("--period", "2024-04..2025-03")


@pytest.fixture(scope="session")
def planners(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("planners")
    shutil.copytree(nation.home, folder / "home")
    return Country(folder=folder)


@pytest.fixture(scope="session")
def projected(planners):
    """What is printed of a commissioner with two mitigations, and the folder of its files."""
    told = run_well(
        "project", "--organisation", "90L", *YEAR, "--mitigate", "day_case_conversion", "--mitigate", "follow_up_reduction", "--runs", 64,
        "--out", planners.folder / "90L.csv", home=planners.home,
    )  # fmt: skip
    return told, planners.folder


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_mitigations_are_listed_with_what_they_rest_on(planners):
    told = run_well("mitigations", home=planners.home)
    assert "day_case_conversion" in told and "Evidence:" in told and "Not verified:" in told
    assert "None has been signed off by a clinician" in told


def test_ten_years_are_told_with_intervals_money_and_causes(projected):
    told, _ = projected
    for year in range(2024, 2035):
        for written in (year, year - 2000):  # of money, and of activity
            assert len(re.findall(rf"^ *{written}/\d\d .*\d", told, flags=re.MULTILINE)) == 1
    for words in ("Activity and beds by year", "Money by year", "Outpatient follow-ups", "non-demographic growth", "growth of funding"):
        assert words in told
    assert "Left out" not in told and "No price is known" not in told


def test_files_hold_the_same_and_add_up(projected):
    _, folder = projected
    years = {(row["year"], row["measure"], row["point_of_delivery"]): float(row["median"]) for row in rows(folder / "90L.csv")}
    parted = defaultdict(float)
    for row in rows(folder / "90L.breakdown.csv"):
        if row["year"] == "0":
            parted[row["by"], row["measure"], row["point_of_delivery"]] += float(row["median"])
    for (by, measure, pod), total in parted.items():
        assert total == pytest.approx(years["0", measure, pod], rel=1e-3, abs=0.5), (by, measure, pod)
    assert years["10", "activity", "OPFUP"] < years["10", "unmitigated_activity", "OPFUP"]
    assert years["10", "activity", "DC"] > years["10", "unmitigated_activity", "DC"]
    assert years["0", "gap", "all"] == pytest.approx(0.0, abs=0.01)


def test_the_waterfall_is_the_mean_change(projected):
    _, folder = projected
    causes = defaultdict(dict)
    for row in rows(folder / "90L.waterfall.csv"):
        if row["point_of_delivery"] == "all":
            causes[row["measure"]][row["cause"]] = float(row["mean"])
    assert causes["gap"].pop("growth of funding") < 0
    assert causes["gap"] == causes["payments"]
    assert causes["payments"]["follow_up_reduction"] < 0 < causes["payments"]["prices"]


def test_notes_travel_with_the_figures(projected):
    _, folder = projected
    notes = (folder / "90L.csv.notes.txt").read_text()
    for words in ("variant 2", "Parameters", "Not verified", "Not signed off by a clinician", "policy hes_2018", "population_projection v"):
        assert words in notes


def test_a_statement_tells_ten_years_with_causes_that_add_up(projected, planners):
    told = run_well("publish-statements", "projection", *YEAR, "--organisation", "90L", home=planners.home)
    assert "projection: 1 statements" in told
    made = statement_in(planners.home, "commissioner", "90L", "projection")
    assert re.match(r"In year 10, with mitigations: [\d.,]+ (more|fewer) beds", made.finding)
    assert {"activity_spells", "beds_all", "money", "causes"} <= {each.name for each in made.charts}
    steps = next(each for each in made.charts if each.name == "causes").full["datasets"]["steps"]
    assert steps[-1]["to"] == pytest.approx(steps[-2]["to"], abs=1e-3)
    years = next(each for each in made.parts if each.name == "years")
    assert len(years.table.lines) == 11
    assumed = " ".join(cell for each in made.parts if each.name == "assumptions" for line in each.table.lines for cell in line.cells)
    assert "random seed 1" in assumed and "Not signed off by a clinician" in assumed


@pytest.fixture(scope="session")
def provider(nation, tmp_path_factory):
    """What is printed of a provider of two sites in a home where nothing else was asked, and the folder of its files."""
    folder = tmp_path_factory.mktemp("provider")
    shutil.copytree(nation.home, folder / "home")
    words = ("project", "--organisation", "ZAK", *YEAR, "--mitigate", "day_case_conversion", "--runs", 32, "--out", folder / "ZAK.csv")
    return run_well(*words, home=folder / "home"), folder


def test_sites_add_up_to_their_provider(provider):
    told, folder = provider
    assert "By site and year" in told and "Sites: within a point of delivery" in told
    years = {(row["year"], row["measure"], row["point_of_delivery"]): float(row["median"]) for row in rows(folder / "ZAK.csv")}
    whole = defaultdict(float)
    sites = rows(folder / "ZAK.sites.csv")
    assert {"ZAK01", "ZAK02"} <= {row["site"] for row in sites}
    for row in sites:
        if row["year"] == "0":  # where runs do not differ, so that medians add up
            whole[row["measure"]] += float(row["median"])
    assert whole["spells"] == pytest.approx(years["0", "activity", "spells"], abs=0.1)
    assert whole["appointments"] == pytest.approx(years["0", "activity", "appointments"], abs=0.1)
    assert whole["attendances"] == pytest.approx(years["0", "activity", "AE"], abs=0.1)
    assert whole["beds"] == pytest.approx(years["0", "beds", "all"], abs=0.1)
    assert whole["payments"] == pytest.approx(years["0", "payments", "all"], abs=1.0)
    assert {row["year"] for row in sites} == {str(year) for year in range(11)}
    assert any(row["by"] == "site" and row["point_of_delivery"] == "NEL" for row in rows(folder / "ZAK.breakdown.csv"))


def test_the_statement_of_a_provider_has_its_sites(provider):
    _, folder = provider
    run_well("publish-statements", "projection", *YEAR, "--organisation", "ZAK", home=folder / "home")
    made = statement_in(folder / "home", "provider", "ZAK", "projection")
    sites = next(each for each in made.parts if each.name == "sites")
    assert len(sites.table.lines) >= 2
    assert "Sites" in [each.name for each in made.sheets]


def test_commissioners_have_no_sites(projected):
    told, folder = projected
    assert "By site" not in told and not (folder / "90L.sites.csv").exists()


def test_the_seed_decides_every_figure(planners):
    first, again, other = (
        run_well("project", "--organisation", "90L", *YEAR, "--years", 2, "--runs", 16, "--seed", seed, home=planners.home)
        for seed in (3, 3, 4)
    )
    assert first == again != other


def test_a_workbook_has_every_table_and_what_it_rests_on(planners):
    path = planners.folder / "90L.xlsx"
    run_well("project", "--organisation", "90L", *YEAR, "--years", 1, "--runs", 8, "--out", path, home=planners.home)
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.sheetnames == ["Years", "Waterfall", "Breakdown", "Months", "Assumptions and provenance"]
    assert any("Parameters" in str(row[1]) for row in book["Assumptions and provenance"].iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--years", 25), "ask for fewer years"),
        (("--mitigate", "no_such"), "farr mitigations"),
        (("--waiting", "1.2..1.1"), "lower end first"),
        (("--period", "2024-04..2024-06"), "twelve months"),
        (("--variant", "none=1"), "held: high_migration"),
    ],
)
def test_refusals_say_what_to_type(planners, words, said):
    period = () if "--period" in words else YEAR
    done = run_here("project", "--organisation", "90L", *period, *words, "--runs", 2, home=planners.home)
    assert done.returncode != 0 and said in done.stderr + done.stdout


def test_a_short_past_cannot_be_tested_and_says_how_much_is_needed(planners):
    done = run_here("backtest", "--organisation", "90L", home=planners.home)
    assert done.returncode != 0 and "24 of history" in done.stderr + done.stdout
