"""A contract analyst lists the bills that may be challenged, sends a pack of them, and makes it again after later months were loaded."""

import hashlib
import json
import re
import shutil
import sys
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.desk import Desk
from farr.lab.desk.contracting.challenging import Scope, challenged
from farr.lab.desk.home import Home
from farr.lab.model.period import Period
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.planting.billing import ANOTHER, DAY_CASE, DUPLICATE, EXCESS
from tests.journeys.conftest import LAST, Country, records, run_here, run_well, statement_in

YEAR = ("--period", "2024-04..2025-03")
_SALTS = {DUPLICATE: 91, DAY_CASE: 92, EXCESS: 93, ANOTHER: 94}


@pytest.fixture(scope="session")
def billed(nation, tmp_path_factory):
    """The small country, in a home of its own that has its secret; `frozen` beside it is the home as it was before anything was asked."""
    folder = tmp_path_factory.mktemp("challenges")
    shutil.copytree(nation.home, folder / "home")
    Home(folder / "home").content_key()
    shutil.copytree(folder / "home", folder / "frozen")
    return Country(folder=folder)


@pytest.fixture(scope="session")
def packed(billed):
    """A pack of a commissioner's, made from the records as they were."""
    run_well("challenge-pack", "make", "--commissioner", "90L", *YEAR, "--out", billed.folder / "pack", home=billed.home)
    return billed.folder / "pack"


def rows_of(home, table):
    return records(home, table, "nation").to_pandas()


def with_days_paid_apart(raw):
    """The numbers of the spells of which an episode, as sent, has days in critical care or rehabilitation, or does not count."""
    paths = [*raw.glob("apc_episode_*.parquet"), *raw.glob("resent/apc_episode_*.parquet")]
    days = ["Der_PbR_ACC_Days", "Der_PbR_PCC_Days", "Der_PbR_NCC_Days", "Der_SEM_Rehab_Days"]
    sent = pa.concat_tables([pq.read_table(path, columns=["APCE_Ident", "FCE_Group_Status", *days]) for path in paths]).to_pandas()
    return set(sent[(sent[days].sum(axis=1) > 0) | (sent.FCE_Group_Status == "Exc")].APCE_Ident // 10)


def planted_in(home, truth, raw):
    """By challenge the spells whose bills are wrong on purpose: those of the provider that the hash of the feed draws, and that could be
    billed so, as far as both person and cost are known."""
    spells, prices = rows_of(home, "apc_spell").set_index("Spell_Key"), rows_of(home, "national_price")
    spells = spells[spells.Grand_Total.notna()]
    number = spells.index.to_numpy() // 10
    trim, apart = spells.HRG_TrimPoint, np.isin(number, list(with_days_paid_apart(raw)))
    more = (spells.Length_of_Stay - trim).clip(lower=0) > (spells.Spell_Adj_LoS - trim).clip(lower=0)
    could = {
        DUPLICATE: spells.Der_Pseudo_NHS_Number.notna() & ~spells.Der_Management_Type.isin(["RDA", "RNA"]) & (number % 1_000_000 < 500_000),
        DAY_CASE: (spells.Der_Management_Type == "DC") & spells.Spell_Core_HRG.isin(prices[prices.Day_Case_Price.notna()].HRG_Code),
        EXCESS: more & apart & (spells.Administrative_Category != "02"),
        ANOTHER: spells.Service_Line_Code.isna() & (spells.Administrative_Category != "02"),
    }
    found = {}
    for error in truth["billing"]:
        drawn = share(number, seed=truth["settings"]["seed"], salt=_SALTS[error["challenge"]]) < error["share"]
        theirs = spells.Provider_Code_As_Was == error["organisation"]
        found[error["challenge"]] = set(spells.index[drawn & theirs & could[error["challenge"]]])
    return found


def test_planted_errors_are_found_and_hardly_anything_else(billed, nation, capsys):
    truth = json.loads((nation.raw / "truth.json").read_text())
    challenges, planted = rows_of(billed.home, "spell_challenge"), planted_in(billed.home, truth, nation.raw)
    spells = len(rows_of(billed.home, "apc_spell"))
    assert {error["challenge"] for error in truth["billing"]} == {DUPLICATE, DAY_CASE, EXCESS, ANOTHER}
    lines = []
    for kind, wrong in planted.items():
        found = set(challenges[challenges.Challenge == kind].Spell_Key)
        recall, false = len(wrong & found) / max(1, len(wrong)), len(found - wrong)
        lines.append(f"{kind}: {len(wrong)} planted, recall {recall:.3f}, {false} false alarms among {spells:,} spells")
        if wrong:
            assert recall > 0.95, lines[-1]
        assert false < 0.001 * spells, lines[-1]
    assert sum(map(len, planted.values())) > 40
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


def test_rules_are_listed_and_told_in_full(billed):
    assert "duplicate_spell" in run_well("challenges", home=billed.home)
    told = run_well("challenges", "readmission_after_elective", home=billed.home)
    assert "Source: Payment by Results guidance 2011/12" in told and "Signed off by: nobody yet" in told


def test_what_is_listed_of_a_commissioner_is_its_own_and_most_at_stake_comes_first(billed):
    told = run_well("challenge", "--commissioner", "90L", *YEAR, home=billed.home)
    assert "Each spell once" in told and "a query may be right" in told
    lines = [re.split(r"\s{2,}", line.strip()) for line in told.splitlines()]
    pounds = [float(words[3].replace(",", "")) for words in lines if len(words) == 5 and words[1] in ("error", "query") and words[3] != "*"]
    assert len(pounds) >= 2 and pounds == sorted(pounds, reverse=True)


def test_a_code_that_nobody_bills_is_said_to_have_nothing(billed):
    assert "Nothing is challenged there" in run_well("challenge", "--commissioner", "NOBODY", *YEAR, home=billed.home)


def test_lists_hold_what_the_records_come_to(billed):
    """Released figures beside the mart's own rows: within what rounding changes."""
    desk = Desk.open(billed.home)
    found, _ = challenged(desk, Scope(commissioner="90L", period=Period.parse(YEAR[1])))
    rows = rows_of(billed.home, "spell_challenge")
    theirs = rows[(rows.Commissioner_Code == "90L") & (rows.Activity_Month >= "2024-04")]
    for row in found.rules.table.to_pylist():
        of_rule = theirs[theirs.Challenge == row["challenge"]]
        if row["spells"] is not None:
            assert abs(row["spells"] - len(of_rule)) <= 5
        if row["stake"] is not None:
            assert row["stake"] == pytest.approx(float(of_rule.Amount_At_Stake.sum()), rel=0.02)
    (total,) = found.total.table.to_pylist()
    assert abs(total["spells"] - theirs.Spell_Key.nunique()) <= 5


def test_a_statement_says_the_total_once_and_how_to_get_the_pack(billed):
    told = run_well("publish-statements", "challenge", *YEAR, "--organisation", "90L", home=billed.home)
    assert "challenge: 1 statements" in told
    made = statement_in(billed.home, "commissioner", "90L", "challenge")
    found, _ = challenged(Desk.open(billed.home), Scope(commissioner="90L", period=Period.parse(YEAR[1])))
    (total,) = found.total.table.to_pylist()
    assert f"£{total['stake']:,.0f} in {total['spells']:,.0f} bills may be challenged" in made.finding
    assert any(f"farr challenge-pack make --commissioner 90L --period {YEAR[1]}" in note for note in made.notes)
    rules = next(each for each in made.sheets if each.name == "Rules")
    stakes = [row[[each.field for each in rules.columns].index("stake")] for row in rules.rows]
    shown = [each for each in stakes if each is not None]
    assert shown == sorted(shown, reverse=True) and len(rules.rows) == found.rules.table.num_rows
    assert {each.name for each in made.parts} >= {"query", "partners", "months"}


def test_every_row_is_of_a_spell_and_worth_something_and_each_spell_stands_once(billed):
    rows, spells = rows_of(billed.home, "spell_challenge"), rows_of(billed.home, "apc_spell")
    assert (rows.Amount_At_Stake > Decimal(0)).all()
    assert set(rows.Spell_Key) <= set(spells.Spell_Key)
    by_spell = rows.groupby("Spell_Key")
    assert (by_spell.Stands_For_Spell.sum() == 1).all()
    assert (by_spell.Challenges_Of_Spell.first() == by_spell.size()).all()
    most = by_spell.Amount_At_Stake.max()
    standing = rows[rows.Stands_For_Spell].set_index("Spell_Key").Amount_At_Stake
    assert (standing == most.reindex(standing.index)).all()


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_pack_says_what_it_rests_on_and_holds_no_record(packed):
    said = json.loads((packed / "manifest.json").read_text())
    assert said["store_versions"]["spell_challenge"] == 0 and said["commissioner"] == "90L"
    for name, sha256 in said["files"].items():
        assert hashlib.sha256((packed / name).read_bytes()).hexdigest() == sha256
    assert (packed / "rules.csv").read_text().startswith("challenge,spells,stake,shared,status\n")
    assert "## duplicate_spell" in (packed / "rules.md").read_text()


def test_a_copy_of_the_home_as_it_was_gives_the_same_pack_from_the_records(packed, billed, tmp_path):
    frozen = billed.folder / "frozen"
    run_well("challenge-pack", "make", "--commissioner", "90L", *YEAR, "--out", tmp_path / "pack", home=frozen)
    assert bytes_of(tmp_path / "pack") == bytes_of(packed)


def test_a_pack_is_made_again_byte_for_byte_after_its_last_month_was_sent_again(billed, packed, nation, tmp_path):
    before = Desk.open(billed.home).store.version("spell_challenge")
    month = nation.clean / "resent" / f"apc_episode_{LAST}.clean.parquet"
    run_well("ingest", month, "--freeze", home=billed.home)
    run_well("build", home=billed.home)
    assert Desk.open(billed.home).store.version("spell_challenge") > before
    told = run_well("challenge-pack", "again", packed, "--out", tmp_path / "again", home=billed.home)
    assert "byte for byte" in told
    assert bytes_of(tmp_path / "again") == bytes_of(packed)


def test_a_pack_that_was_changed_is_seen_to_be(billed, packed, tmp_path):
    changed = shutil.copytree(packed, tmp_path / "changed")
    (changed / "total.csv").write_text("spells,stake,status\n5,5,rounded\n")
    done = run_here("challenge-pack", "again", changed, "--out", tmp_path / "again", home=billed.home)
    assert done.returncode == 1 and "total.csv" in done.stdout and "changed after it was made" in done.stdout


def test_a_folder_that_is_no_pack_or_is_not_empty_is_refused(billed, packed, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"releases": {"listed": {"release_id": "../../keys", "table_sha256": ""}}}))
    for pack, out in ((tmp_path, tmp_path / "out"), (packed, tmp_path)):
        done = run_here("challenge-pack", "again", pack, "--out", out, home=billed.home)
        assert done.returncode != 0 and ("manifest" in done.stderr + done.stdout or "something already" in done.stderr + done.stdout)
