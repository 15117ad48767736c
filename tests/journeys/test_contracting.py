"""A contract analyst prices a year under changed tariffs, and looks for bills that are not what the rules come to."""

import csv
import json
import re
import shutil
import zipfile
from collections import Counter

import pytest

from tests.journeys.conftest import Country, records, run_well, statement_in


@pytest.fixture(scope="session")
def contracts(nation, tmp_path_factory):
    """The small country, in a home of its own."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(nation.home, folder / "home")
    (folder / "raw").symlink_to(nation.raw)
    return Country(folder=folder)


def lines(text):
    """By code (or 'The nation') the words of a table's lines."""
    found = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]
    return {words[0].split()[0] if words[0] != "The nation" else "The nation": words for words in found if len(words) > 4}


def test_scenarios_are_listed_with_why(contracts):
    told = run_well("scenarios", home=contracts.home)
    assert "nothing_changes" in told and "tariff_YYYY_YY" in told


def test_nobody_gains_or_loses_where_nothing_changes(contracts):
    rows = lines(run_well("reprice", "nothing_changes", "--level", "commissioner", home=contracts.home))
    assert len(rows) > 10
    for words in rows.values():
        assert set(words[1:5]) <= {"0", "Spells", "more", "less", "net"}


def test_who_loses_by_the_end_of_excess_days_adds_up_to_what_the_nation_loses(contracts):
    rows = lines(run_well("reprice", "no_excess_days", "--level", "provider", home=contracts.home))
    nation = rows.pop("The nation")
    shown = [float(words[4].replace(",", "")) for words in rows.values() if re.fullmatch(r"[-+][\d,.]+", words[4])]
    total = float(nation[4].replace(",", ""))
    assert total < 0 and all(each <= 0 for each in shown)
    assert sum(shown) >= total - 0.1 * len(shown)


def test_money_that_moves_between_commissioners_is_no_more_and_no_less(contracts):
    rows = lines(run_well("reprice", "specialised_to_nation", "--level", "commissioner", home=contracts.home))
    assert rows["The nation"][2] == rows["The nation"][3] and rows["The nation"][4] == "0"
    assert rows["13Q"][3] == "0"


def test_the_synthetic_feed_is_priced_by_the_rules_that_it_was_made_by(contracts):
    """Two programs that know nothing of each other, but for the tariff's tables, come to the same price to the penny."""
    reasons = Counter(records(contracts.home, "spell_price", "nation")["Price_Difference"].to_pylist())
    assert reasons["agrees"] > 30_000
    compared = {reason: count for reason, count in reasons.items() if reason not in (None, "agrees", "priced_though_excluded", "not_fed")}
    assert sum(compared.values()) < 0.001 * reasons["agrees"]
    assert not reasons["unexplained"]


def test_the_first_page_of_a_contract_adds_up_and_goes_to_a_file(contracts, tmp_path):
    file = tmp_path / "contract.csv"
    truth = json.loads((contracts.raw / "truth.json").read_text(encoding="utf-8"))
    low = truth["plan_too_low"]["provider"]
    told = run_well("contract", "--provider", low, "--through", "2024-12", "--out", file, home=contracts.home)
    assert re.search(r"above plan\. Outturn of 2024-25", told) and "interval £" in told
    rows = {row["line"]: row for row in csv.DictReader(file.open(encoding="utf-8"))}
    assert {"DC", "EL", "NEL", "NELST", "whole"} <= set(rows)
    for row in rows.values():
        if row["paid"]:
            parts = [float(row[each]) for each in ("volume", "casemix", "price")]
            assert sum(parts) == pytest.approx(float(row["variance"]), abs=0.01)
            assert float(row["paid"]) - float(row["planned"]) == pytest.approx(float(row["variance"]), abs=0.01)
    whole = rows["whole"]
    assert float(whole["lower"]) < float(whole["forecast"]) < float(whole["upper"])
    assert float(whole["paid"]) / float(whole["planned"]) > 1.1  # its plan was planted too low
    # The year came to what was forecast of it, within the interval.
    ended = tmp_path / "ended.csv"
    book = tmp_path / "ended.xlsx"
    run_well("contract", "--provider", low, "--through", "2025-03", "--out", ended, "--out", book, home=contracts.home)
    (last,) = (row for row in csv.DictReader(ended.open(encoding="utf-8")) if row["line"] == "whole")
    assert float(whole["lower"]) <= float(last["paid"]) <= float(whole["upper"])
    with zipfile.ZipFile(book) as sheets:
        assert "Plan against actual" in sheets.read("xl/workbook.xml").decode()
        assert "as provider and commissioner agreed on it" in sheets.read("xl/sharedStrings.xml").decode()
    assert "Release" in file.with_name("contract.csv.notes.txt").read_text(encoding="utf-8")


def test_among_all_providers_the_plan_that_is_too_low_stands_out_by_its_volume(contracts):
    truth = json.loads((contracts.raw / "truth.json").read_text(encoding="utf-8"))
    told = run_well("contracts", "--level", "provider", "--through", "2024-12", home=contracts.home)
    rows = [words for words in lines(told).values() if re.fullmatch(r"[-+][\d,]+", words[3])]
    above = [float(words[3].replace(",", "")) for words in rows]
    assert len(rows) > 15 and above == sorted(above, reverse=True)
    by_volume = {words[0].split()[0]: float(words[4].replace(",", "")) / float(words[1].replace(",", "")) for words in rows}
    assert truth["plan_too_low"]["provider"] in sorted(by_volume, key=by_volume.get)[-2:]
    commissioners = run_well("contracts", "--level", "commissioner", "--through", "2024-12", home=contracts.home)
    assert "90L" in commissioners


def test_contracts_of_a_practice_are_none(contracts, here):
    done = here("contracts", "--level", "practice", home=contracts.home)
    assert done.returncode != 0 and "those of a provider or a commissioner" in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "--provider CODE or --commissioner CODE"),
        (("--provider", "ZAB", "--commissioner", "90L"), "the one contract between two is not shown"),
        (("--provider", "ZZZ"), "no plan of 2024-25 is held"),
        (("--provider", "ZAB", "--through", "2019-05"), "no spells of 2019-05 are held"),
        (("--commissioner", "90L", "--by", "specialty"), "point_of_delivery"),
    ],
)
def test_a_contract_that_cannot_be_shown_says_why(contracts, here, words, why):
    done = here("contract", *words, home=contracts.home)
    assert done.returncode != 0 and why in " ".join((done.stdout + done.stderr).split())


def test_statements_of_contracts_are_published_of_whom_they_are_asked(contracts):
    truth = json.loads((contracts.raw / "truth.json").read_text(encoding="utf-8"))
    low = truth["plan_too_low"]["provider"]
    asked = ("--period", "2024-04..2024-12", "--organisation", low, "--organisation", "90L")
    assert "contract: 2 statements" in run_well("publish-statements", "contract", *asked, home=contracts.home)
    for level, code in (("provider", low), ("commissioner", "90L")):
        made = statement_in(contracts.home, level, code, "contract")
        sheet = next(each for each in made.sheets if each.name == "By point of delivery")
        whole = dict(zip([each.field for each in sheet.columns], sheet.rows[-1], strict=True))
        assert whole["volume"] + whole["casemix"] + whole["price"] == pytest.approx(whole["variance"], abs=0.01)
        assert f"{abs(whole['variance']) / whole['planned']:.1%}" in made.finding
        months = next(each for each in made.sheets if each.name == "Months")
        last = dict(zip([each.field for each in months.columns], months.rows[-1], strict=True))
        assert (last["forecast_so_far"], last["lower"]) == (whole["forecast"], whole["lower"])
        assert {"so_far", "why", "point_of_delivery"} <= {each.name for each in made.charts}
        assert made.is_synthetic and len(made.releases) >= 2
    assert "above plan" in statement_in(contracts.home, "provider", low, "contract").finding
