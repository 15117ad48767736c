"""What stands against a destruction: retention, a newer year that has not arrived, a legal hold, and hands that are not three."""

import json
from dataclasses import replace

import pytest

from farr.lab.desk.home import HomeError, make_key
from farr.lab.desk.retention.destroy import destroy
from farr.lab.desk.retention.errors import DestructionRefused, HoldError
from farr.lab.desk.retention.holds import holds, lift
from farr.lab.desk.retention.holds import place as put
from farr.lab.desk.retention.plan import planned
from farr.lab.model.agreement import Signatory
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.sus import APC_EPISODE

ID = "leeds"


@pytest.fixture
def place(records_alone):
    return records_alone


def held(place, months="2019-06..2019-08", datasets=(), role=Signatory.GUARDIAN):
    return put(place.home, ID, datasets=datasets, months=Period.parse(months), reason="Inquest", role=role, key=place.key(role))


def refused(place, before, says, **hands):
    files = sorted(path for path in place.home.folder.rglob("*") if path.suffix != ".lock")
    with pytest.raises(DestructionRefused, match=says):
        destroy(place.home, ID, before, replace(place.hands, **hands))
    assert sorted(path for path in place.home.folder.rglob("*") if path.suffix != ".lock") == files


def test_it_must_be_the_beginning_of_a_financial_year(place):
    refused(place, Month(2020, 1), "by whole financial years.*such as --before 2020-04")


def test_years_within_the_retention_stay(place):
    refused(
        place,
        Month(2021, 4),
        "keeps 1 years: 2020-21 goes once the full year 2021-22 has arrived.*lacks 12 of its months, the first 2021-04",
    )


def test_the_newer_year_must_be_there_to_its_last_month(place, months):
    place.store.replace(APC_EPISODE, {Month(2020, 11): []}, {})
    refused(place, months.first_kept, "apc_episode lacks 1 of its months, the first 2020-11")


def test_what_is_under_a_hold_stays_until_it_is_lifted(place, months):
    hold = held(place)
    refused(place, months.first_kept, "hold 'leeds-1' of guardian .* keeps 2019-06..2019-08: Inquest")
    lift(place.home, ID, hold.id, reason="Closed", role=Signatory.RISK_OWNER, key=place.key(Signatory.RISK_OWNER))
    assert planned(place.home, ID, months.first_kept).datasets == ("apc_episode",)
    assert [each.released is None for each in holds(place.home, ID)] == [False]


def test_a_hold_on_later_months_does_not_stand_against_it(place, months):
    held(place, "2020-05", ("apc_episode",))
    assert planned(place.home, ID, months.first_kept).years == ("2019-20",)


def test_holds_are_placed_by_those_who_may_for_a_reason_on_what_there_is(place):
    with pytest.raises(HoldError, match="has no dataset 'op_attendance'"):
        held(place, datasets=("op_attendance",))
    with pytest.raises(HomeError, match="not registered as guardian"):
        put(place.home, ID, datasets=(), months=Period.parse("2019-06"), reason="x", role=Signatory.GUARDIAN,
            key=make_key(place.folder / "stranger.pem"))  # fmt: skip
    with pytest.raises(HoldError, match="for a reason"):
        put(place.home, ID, datasets=(), months=Period.parse("2019-06"), reason=" ", role=Signatory.GUARDIAN,
            key=place.key(Signatory.GUARDIAN))  # fmt: skip
    with pytest.raises(HoldError, match="no hold 'leeds-7' stands"):
        lift(place.home, ID, "leeds-7", reason="x", role=Signatory.GUARDIAN, key=place.key(Signatory.GUARDIAN))


def test_holds_that_cannot_be_trusted_stop_everything(place, months):
    held(place)
    path = place.home.folder / "holds" / f"{ID}.jsonl"
    whole = path.read_text()
    path.write_text(whole.replace("2019-06..2019-08", "2022-06..2022-08"))
    with pytest.raises(ChainError):
        planned(place.home, ID, months.first_kept)
    path.write_text(whole)
    trusted = json.loads((place.home.folder / "signatories.json").read_text())
    (place.home.folder / "signatories.json").write_text(json.dumps({**trusted, "guardian": []}))
    place.home.trust(Signatory.GUARDIAN, "another", make_key(place.folder / "another.pem"))
    with pytest.raises(HoldError, match="was not signed by a guardian or risk owner"):
        holds(place.home, ID)


@pytest.mark.parametrize(
    ("hands", "says"),
    [
        ({"witness": "a. lee"}, "three different people"),
        ({"operator": "risk-owner"}, "three different people"),
        ({"witness": " "}, "needs the witness"),
        ({"backups": ""}, "needs the statement on backups"),
    ],
)
def test_three_people_and_a_statement_are_needed(place, months, hands, says):
    refused(place, months.first_kept, says, **hands)


def test_the_risk_owner_must_be_one(place, months):
    with pytest.raises(HomeError, match="not registered as risk-owner"):
        destroy(place.home, ID, months.first_kept, replace(place.hands, risk_owner=place.key(Signatory.GUARDIAN)))
