"""A commissioner looks at a provider's case that national prices do not pay for its work."""

import csv
import json
import shutil
import zipfile

import pytest

from tests.journeys.conftest import Country, run_here, run_well, statement_in

YEAR = ("--period", "2024-04..2025-03")


@pytest.fixture(scope="session")
def costed(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("costed")
    shutil.copytree(nation.home, folder / "home")
    (folder / "raw").symlink_to(nation.raw)
    return Country(folder=folder)


@pytest.fixture(scope="session")
def planted(costed):
    return json.loads((costed.raw / "truth.json").read_text())["structural_cost"]


@pytest.fixture(scope="session")
def case(costed, planted):
    """The planted provider's case, as files."""
    out = costed.folder / "case.csv"
    told = run_well("local-modification", "--provider", planted["provider"], "--out", out, home=costed.home)
    return told, out


def rows(path):
    with path.open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_structural_cost_is_found_about_as_large_as_it_was_planted(case, planted):
    told, out = case
    tests = {row["title"]: row for row in rows(out)}
    cost = tests["Costs more than peers, like work for like"]
    assert cost["outcome"] == "met"
    assert float(cost["lower"]) < planted["size"] < float(cost["upper"])
    assert tests["Is paid less than its work costs"]["outcome"] == "met"
    assert tests["Keeps people no longer than peers"]["outcome"] != "not met"
    assert "the applicant must show" in told


def test_margins_are_income_less_cost_and_hidden_ones_are_empty(case):
    _, out = case
    services = rows(out.with_name("case.services.csv"))
    shown = [row for row in services if row["status"] == "shown"]
    assert len(shown) >= 5
    for row in shown:
        assert float(row["margin"]) == pytest.approx(float(row["income"]) - float(row["cost"]), abs=0.01)
        assert float(row["income"]) == pytest.approx(float(row["paid"]) / float(row["spells"]) * float(row["activity"]), rel=1e-6)
    assert all(row["margin"] == "" for row in services if row["status"] != "shown")


def test_the_provider_is_not_its_own_peer(case, planted):
    _, out = case
    roles = {row["code"]: row["role"] for row in rows(out.with_name("case.peers.csv"))}
    assert roles[planted["provider"]] == "own"
    assert 8 <= list(roles.values()).count("peer") <= 10  # ten are most alike; a merged one has no market forces factor


def test_a_period_that_is_no_financial_year_is_refused_with_one_that_is(costed, planted):
    done = run_here("local-modification", "--provider", planted["provider"], "--period", "2024-05..2025-03", home=costed.home)
    assert done.returncode != 0 and "2024-04..2025-03" in done.stdout + done.stderr


def test_a_provider_without_costs_is_told_who_has_some(costed):
    done = run_here("local-modification", "--provider", "XXX", home=costed.home)
    assert done.returncode != 0 and "no costs of 'XXX'" in done.stdout + done.stderr


def test_the_statement_says_what_the_command_says(costed, case, planted):
    told, _ = case
    code = planted["provider"]
    assert "local_modification: 1 statement" in run_well(
        "publish-statements", "local_modification", *YEAR, "--organisation", code, home=costed.home
    )
    statement = statement_in(costed.home, "provider", code, "local_modification")
    assert statement.finding in told
    assert [part.name for part in statement.parts] == ["tests", "services", "peers"]
    assert {chart.name for chart in statement.charts} == {"tests", "costs"}


def test_excel_holds_every_table(costed, planted):
    out = costed.folder / "case.xlsx"
    run_well("local-modification", "--provider", planted["provider"], "--out", out, home=costed.home)
    with zipfile.ZipFile(out) as book:
        names = book.read("xl/workbook.xml").decode()
    assert all(f'name="{sheet}"' in names for sheet in ("Tests", "Services", "Peers", "Notes and provenance"))
