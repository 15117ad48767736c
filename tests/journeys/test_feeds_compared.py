"""A provider's own feed, in a home of its own, is set beside the national one: as it is, and with errors planted before it was ingested."""

import csv
import shutil

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.journeys.conftest import Country, run_here, run_well, statement_in

YEAR = ("--period", "2024-04..2025-03")
REFERENCES = (
    "organisation", "organisation_successor", "organisation_parent", "hrg_trim_point", "national_price", "hrg_tariff_rule",
    "market_forces_factor",
)  # fmt: skip
DROPPED, DEARER, TWICE = "2024-09", 1.03, 0.05


@pytest.fixture(scope="session")
def national(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("national")
    shutil.copytree(nation.home, folder / "home")
    return Country(folder=folder)


@pytest.fixture(scope="session")
def own(nation):
    """The code of a large provider that kept it, and its episodes by month, as the nation holds them."""
    paths = {
        path.name.split(".")[0].removeprefix("apc_episode_"): path for path in sorted(nation.clean.glob("apc_episode_*.clean.parquet"))
    }
    resent = {
        path.name.split(".")[0].removeprefix("apc_episode_"): path for path in (nation.clean / "resent").glob("apc_episode_*.clean.parquet")
    }
    last = max(paths)
    held = {month: pd.read_parquet(path if month == last else resent.get(month, path)) for month, path in paths.items()}
    everybody = pd.concat(held.values())
    months = everybody.groupby("Provider_Code").Episode_End_Date.agg(lambda days: days.str[:7].nunique())
    counts = everybody.Provider_Code[everybody.Provider_Code.isin(months[months >= len(paths)].index)].value_counts()
    code = counts.index[0]
    return code, {month: rows[rows.Provider_Code == code] for month, rows in held.items()}


def planted(rows):
    """Three in a hundred dearer, and one record in twenty twice, under another number."""
    paid = pd.to_numeric(rows.Grand_Total)
    dearer = rows.assign(Grand_Total=[None if np.isnan(each) else f"{each * DEARER:.2f}" for each in paid])
    again = dearer.iloc[:: round(1 / TWICE)]
    return pd.concat([dearer, again.assign(APCE_Ident=(again.APCE_Ident.astype("int64") + 500_000_000_000).astype(str))])


def client_home(nation, folder, months):
    """A home of the client's own, of admitted care alone."""
    feed, home = folder / "feed", folder / "home"
    feed.mkdir(parents=True)
    for month, rows in months.items():
        rows.to_parquet(feed / f"apc_episode_{month}.clean.parquet", index=False)
    for role in ("guardian", "risk-owner"):
        run_well("agreement", "signatory", "--as", role, "--name", role, "--out", folder / f"{role}.pem", home=home)
    terms = ("--title", "Own", "--purpose", "benchmarking", "--dataset", "apc_episode", "--from", "2024-01", "--to", "2025-03")
    run_well("agreement", "new", "client", *terms, "--ends", "2099-12-31", home=home)
    for role in ("guardian", "risk-owner"):
        run_well("agreement", "approve", "client", "--as", role, "--key", folder / f"{role}.pem", home=home)
    run_well("ingest", *(nation.raw / f"{name}.csv" for name in REFERENCES), home=home)
    run_well("ingest", *sorted(feed.glob("*.parquet")), home=home)
    run_well("build", home=home)
    return home


def verdicts(path):
    with path.open(encoding="utf-8") as file:
        return {row["check"]: row["verdict"] for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def same(nation, own, tmp_path_factory):
    return client_home(nation, tmp_path_factory.mktemp("same"), own[1])


@pytest.fixture(scope="session")
def wrong(nation, own, tmp_path_factory):
    months = {month: planted(rows) for month, rows in own[1].items() if month != DROPPED}
    return client_home(nation, tmp_path_factory.mktemp("wrong"), months)


def test_a_feed_that_is_the_same_differs_in_nothing(national, same, own, tmp_path):
    out = tmp_path / "same.csv"
    told = run_well("compare-feeds", "--organisation", own[0], *YEAR, "--with-home", same, "--out", out, home=national.home)
    found = verdicts(out)
    assert "differs" not in found.values() and "The two feeds agree in" in told
    for name in ("spells", "months_held", "months_in_step", "records_repeated", "paid", "casemix_index", "depth_of_coding"):
        assert found[name] == "agrees"
    assert found["outpatients"] == "cannot be said"  # the client's feed has none


def test_planted_errors_are_found_and_what_was_left_alone_is_not_accused(national, wrong, own, tmp_path):
    out = tmp_path / "wrong.csv"
    told = run_well("compare-feeds", "--organisation", own[0], *YEAR, "--with-home", wrong, "--out", out, home=national.home)
    found = verdicts(out)
    assert {name for name, verdict in found.items() if verdict == "differs"} >= {"months_held", "records_repeated", "paid"}
    assert not {name for name, verdict in found.items() if verdict == "differs"} & {
        "spells", "months_in_step", "months_shifted", "depth_of_coding", "deliveries", "chapters", "casemix_index",
    }  # fmt: skip
    assert f"not in the client's: {DROPPED}" in told and "+3.0%" in told
    assert "cannot be trusted" not in told and "until that is explained" in told
    notes = out.with_name("wrong.csv.notes.txt").read_text(encoding="utf-8")
    assert "The national feed: Release" in notes and "The client's feed: Release" in notes


def test_a_workbook_has_a_chart_of_the_months(national, same, own, tmp_path):
    out = tmp_path / "feeds.xlsx"
    run_well("compare-feeds", "--organisation", own[0], *YEAR, "--with-home", same, "--out", out, home=national.home)
    book = openpyxl.load_workbook(out)
    assert {"Trust", "Checks", "Deliveries", "Months"} <= set(book.sheetnames) and book.chartsheets


def test_a_home_beside_itself_and_a_provider_that_it_lacks_are_refused(national, same, own):
    done = run_here("compare-feeds", "--organisation", own[0], *YEAR, "--with-home", national.home, home=national.home)
    assert done.returncode != 0 and "both are the same home" in " ".join((done.stdout + done.stderr).split())
    done = run_here("compare-feeds", "--organisation", "90L", *YEAR, "--with-home", same, home=same)
    assert done.returncode != 0


def test_a_statement_of_both_homes_is_published_for_readers_of_both_agreements(national, wrong, own):
    told = run_well("publish-statements", "feeds_compared", *YEAR, "--with-home", wrong, home=national.home)
    assert "feeds_compared: 1 statements" in told  # the client's feed is one provider's
    made = statement_in(national.home, "provider", own[0], "feeds_compared")
    assert "until that is explained" in made.finding
    verdicts = {line.name: line.cells[1] for line in next(each for each in made.parts if each.name == "checks").table.lines}
    assert verdicts["Months held"] == "differs" and verdicts["Spells"] == "agrees"
    assert [each.agreement for each in made.also] == ["client"]
    assert {each["agreement"] for each in made.releases} == {"nation", "client"}
    assert made.charts[0].name == "months" and made.is_synthetic
    done = run_here("publish-statements", "feeds_compared", *YEAR, home=national.home)
    assert done.returncode != 0 and "--with-home" in done.stderr + done.stdout
    done = run_here("publish-statements", "coding", "--with-home", wrong, home=national.home)
    assert done.returncode != 0 and "leave out --with-home" in " ".join((done.stderr + done.stdout).split())
