"""A region's own aggregates: what is small never enters, and what is sent again replaces what its source sent of those months."""

from decimal import Decimal

import pytest

from farr.lab.ingest.feed import FeedError

HEADER = "Source,Commissioner_Code,Care_Setting,Service,Activity_Month,Age_Band,Sex,Unit,Activity,People,Cost"
GOOD = "Trust,15E,community,district nursing,2024-05,65-69,2,contacts,90,30,4000"


def failures(shelf, *lines):
    return {(each.column, each.rule): each.rows for each in shelf.load(shelf.write("local.csv", HEADER, GOOD, *lines)).failures}


def test_a_setting_a_month_and_an_age_are_kept_in_one_spelling(shelf):
    lines = ("Trust,15e,Mental Health,Wards,202405,15_44,Male,DAYS,400,9,100000", "Team,15E,CHC,all,2024-05-01,,,weeks,40,12,30000.50")
    assert not shelf.load(shelf.write("local.csv", HEADER, *lines)).failures
    kept = shelf.rows("local_activity", "Commissioner_Code", "Care_Setting", "Service", "Activity_Month", "Age_Band", "Sex", "Unit", "Cost")
    assert kept == [
        ("15E", "continuing_care", "all", "2024-05", None, None, "weeks", Decimal("30000.50")),
        ("15E", "mental_health", "wards", "2024-05", "15-44", "1", "days", Decimal("100000.00")),
    ]


@pytest.mark.parametrize(
    ("activity", "people", "is_kept"),
    [("8", "", True), ("7", "", False), ("900", "7", False), ("7", "8", True), ("0", "", True), ("0", "0", True), ("5", "0", False)],
)
def test_a_row_of_one_to_seven_people_is_set_aside(shelf, activity, people, is_kept):
    found = failures(shelf, f"Trust,15E,community,therapies,2024-05,,,contacts,{activity},{people},100")
    assert found == ({} if is_kept else {("Activity", "small number"): 1})


@pytest.mark.parametrize("unit", ["days", "nights", "weeks", "hours"])
def test_where_one_person_has_many_of_a_unit_people_must_be_told(shelf, unit):
    assert failures(shelf, f"Team,15E,continuing_care,packages,2024-05,,,{unit},365,,90000") == {("People", "people not told"): 1}
    assert failures(shelf, f"Team,15E,continuing_care,packages,2024-06,,,{unit},365,8,90000") == {}


def test_a_block_sum_has_no_activity_and_nothing_else_is_without(shelf):
    found = failures(
        shelf, "Trust,15E,community,block,2024-05,,,block,,,50000", "Trust,15E,community,block,2024-06,,,block,3,,50000",
        "Trust,15E,community,other,2024-05,,,contacts,,,50000",
    )  # fmt: skip
    assert found == {("Activity", "block"): 2}


def test_a_row_is_of_a_commissioner_or_a_practice(shelf):
    header = HEADER.replace("Commissioner_Code", "Commissioner_Code,GP_Practice_Code")
    rows = ("EPD,,A81001,prescribing,all,2024-05,,,items,900,,7000", "EPD,,,prescribing,other,2024-05,,,items,900,,7000")
    report = shelf.load(shelf.write("local.csv", header, *rows))
    assert [(each.rule, each.rows) for each in report.failures] == [("whose", 1)]


def test_what_a_source_sends_again_replaces_its_months_of_a_setting_alone(shelf):
    other = GOOD.replace("Trust", "Council").replace("community", "social_care")
    shelf.load(shelf.write("first.csv", HEADER, GOOD, GOOD.replace("15E", "16F"), GOOD.replace("2024-05", "2024-06"), other))
    shelf.load(shelf.write("again.csv", HEADER, GOOD.replace("4000", "4100")))
    assert shelf.rows("local_activity", "Source", "Commissioner_Code", "Activity_Month", "Cost") == [
        ("Council", "15E", "2024-05", Decimal("4000.00")), ("Trust", "15E", "2024-05", Decimal("4100.00")),
        ("Trust", "15E", "2024-06", Decimal("4000.00")),
    ]  # fmt: skip


def test_a_line_that_is_sent_twice_is_refused_with_the_file(shelf):
    with pytest.raises(FeedError, match="repeat the key"):
        shelf.load(shelf.write("local.csv", HEADER, GOOD, GOOD))
