"""One delivery under two agreements of a home: what is asked under the one is audited beside what was released under the other."""

import json
from unittest import mock

import pyarrow.parquet as pq
import pytest

from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home
from farr.lab.disclosure import gate
from farr.lab.disclosure.review.held import Held
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

FIRST, LAST = "2025-01", "2025-03"
ORGANISATIONS = ("organisation", "organisation_parent")
# The one holds prices and is encrypted, the other neither: what is counted is the same.
AGREEMENTS = {"north": ("encrypted", (*ORGANISATIONS, "hrg_trim_point")), "south": ("volume", ORGANISATIONS)}
EMERGENCY = APC_SPELL.unbound.Der_Management_Type == "EM"


def question(*groupings: Grouping, left_out: tuple[Month, ...] = ()) -> Question:
    return Question(
        name="emergencies", table=APC_SPELL, period=Period.parse(f"{FIRST}..{LAST}"), where=EMERGENCY, groupings=groupings,
        left_out=left_out, aggregates=(Aggregate(name="spells", kind=AggregateKind.COUNT, where=EMERGENCY),),
    )  # fmt: skip


PROVIDERS, NATION = Grouping(dimensions=("provider",)), Grouping()
THREE, TWO = question(PROVIDERS, NATION), question(PROVIDERS, NATION, left_out=(Month.parse(LAST),))


@pytest.fixture(scope="module")
def home(does, agree, tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    home, raw = folder / "home", folder / "raw"
    span = ("--months", 3, "--ending", LAST, "--from", FIRST, "--to", LAST)
    does("synth", "--only", "apc_episode", *span, "--scale", "0.002", "--seed", 7, "--out", raw, home=home)
    for role in ("guardian", "risk-owner"):
        does("agreement", "signatory", "--as", role, "--name", f"The {role}", "--out", folder / f"{role}.pem", home=home)
    does("keygen", "--out", folder / "supplier.key", home=home)
    for name, (at_rest, references) in AGREEMENTS.items():
        agree(home, name, **{"from": FIRST, "to": LAST, "at-rest": at_rest})
        does(
            "deidentify", *sorted(raw.glob("apc_episode_*.parquet")), "--agreement", home / "agreements" / f"{name}.json",
            "--key", folder / "supplier.key", "--signatories", home / "signatories.json", "--small-areas", raw / "small_areas.csv",
            "--opt-outs", raw / "opt_outs.txt", "--out", folder / name, home=home,
        )  # fmt: skip
        does("ingest", "--agreement", name, *(raw / f"{each}.csv" for each in references), home=home)
        does("ingest", "--agreement", name, *sorted((folder / name).glob("*.clean.parquet")), home=home)
        does("build", "--agreement", name, home=home)
    return home


@pytest.fixture(scope="module")
def ask(home, does):
    """Asks a question of one's own under an agreement, and has a checker approve it."""
    key = home.parent / "checker.pem"
    vouched = ("--as", "guardian", "--key", home.parent / "guardian.pem")
    does("review", "checker", "--name", "B. Shah", "--out", key, *vouched, home=home)

    def asked(name: str, question: Question) -> None:
        with pytest.raises(Held) as held:
            Desk(Home.open(home), name).ask(question, why="Two agreements", asker="A. Lee")
        decided = ("--checker", "B. Shah", "--key", key, "--reason", "Large groups", "--agreement", name, "--all-rows-seen")
        with mock.patch("farr.lab.desk.reviewing.deciding.login", lambda: "bshah"):  # an account of their own
            does("review", "approve", held.value.id, *decided, home=home)

    return asked


@pytest.fixture(scope="module")
def audited(home, ask):
    """What was known of the figures when each of the two was asked, and what the ledgers noted."""
    known, honest = [], gate.history_of
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gate, "history_of", lambda new, before, *more: known.append((new, before)) or honest(new, before, *more))
        for name, asked in (("north", THREE), ("south", TWO)):
            ask(name, asked)
    notes = [json.loads((home / "ledger" / f"{name}.jsonl").read_text().splitlines()[-1])["content"]["audit"] for name in AGREEMENTS]
    return known, notes


def test_people_have_other_pseudonyms(home):
    people = [
        set(pq.read_table(next((home.parent / name).glob("*.clean.parquet")))["Der_Pseudo_NHS_Number"].to_pylist()) for name in AGREEMENTS
    ]
    assert people[0] - {None} and not people[0] & people[1] - {None}


def test_the_second_is_audited_beside_what_was_released_under_the_first(audited):
    (_, nothing), (new, before) = audited[0]
    assert not nothing.sheets
    assert {each.dimensions for each in before.sheets} == {("provider",), ()}
    assert all(not each.assumed and each.months > new[0].months and len(each.months) == 3 for each in before.sheets)


def test_ledgers_note_the_same_content_of_other_files(audited):
    north, south = audited[1]
    assert not set(north["records"].values()) & set(south["records"].values())
    assert north["content"]["scheme"] == south["content"]["scheme"]
    for column, months in south["content"]["columns"].items():
        assert months.items() <= north["content"]["columns"][column].items()


def test_the_same_is_told_by_what_the_question_reads_and_not_by_all_that_is_held(home, ask):
    """Prices are held under the one agreement alone: of them the records differ."""
    found = []
    for name in AGREEMENTS:
        value = APC_SPELL.unbound.HRG_TrimPoint
        trimmed = Aggregate(name="days", kind=AggregateKind.SUM, where=EMERGENCY & value.notnull(), value=value)
        asked = Question(
            name="trimmed", table=APC_SPELL, period=Period.parse(f"{FIRST}..{LAST}"), where=EMERGENCY, groupings=(NATION,),
            aggregates=(trimmed,),
        )  # fmt: skip
        ask(name, asked)
        line = (home / "ledger" / f"{name}.jsonl").read_text().splitlines()[-1]
        found.append(json.loads(line)["content"]["audit"]["content"]["columns"])
    north, south = found
    assert north["Der_Management_Type"] == south["Der_Management_Type"]
    assert all(north["HRG_TrimPoint"][month] != each for month, each in south["HRG_TrimPoint"].items())
