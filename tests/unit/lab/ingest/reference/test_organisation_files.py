"""The Organisation Data Service's files, which have no header: organisations, their parents and their successors."""

from datetime import date

import pytest

from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.formats.headerless import layout_of, level_of


def published(code: str, name: str, opened="20010401", closed="", commissioner="", joined="", left="", setting="") -> str:
    """A line of 27 fields, quoted or not, as the service writes them."""
    address = ["1 High Street", "", "", "Farrborough", "", "FA1 1AA"]
    fields = [code, f'"{name}"', "Y91", "Q01", *address, opened, closed, "A", "B", commissioner, joined, left, "01000 000000"]
    return ",".join([*fields, "", "", "", "0", "", "", "", setting, ""])


PRACTICES = (
    published("Z10001", "THE SURGERY, OLD TOWN", commissioner="90L", joined="20130401", setting="4"),
    published("Z10002", "THE CLOSED SURGERY", closed="20190331", commissioner="90M", joined="20130401", left="20190331", setting="RO76"),
    published("Z10003", "WALK-IN CENTRE", commissioner="90L", joined="20130401", setting="1"),
    published("Z10004", "TWO SETTINGS", commissioner="90L", joined="20150401", setting="RO80|RO76"),
)


def test_practices_load_as_published(shelf):
    report = shelf.load(shelf.write("epraccur.csv", *PRACTICES))
    assert (report.feed, report.rows_read, report.rows_loaded) == ("organisation", 4, 3)
    assert [(failure.rule, failure.rows) for failure in report.failures] == [("no practice", 1)]
    assert shelf.rows("organisation") == [
        ("practice", "Z10001", "THE SURGERY, OLD TOWN", "90L", "Y91", date(2001, 4, 1), None),
        ("practice", "Z10002", "THE CLOSED SURGERY", "90M", "Y91", date(2001, 4, 1), date(2019, 3, 31)),
        ("practice", "Z10004", "TWO SETTINGS", "90L", "Y91", date(2001, 4, 1), None),
    ]


def test_the_same_file_gives_their_parents_where_said(shelf):
    path = shelf.write("epraccur.csv", *PRACTICES)
    first = shelf.load(path)
    report = shelf.load(path, feed="organisation_parent")
    assert first.quarantine != report.quarantine
    assert (report.feed, report.rows_loaded) == ("organisation_parent", 3)
    assert shelf.rows("organisation_parent")[1] == ("practice", "Z10002", "90M", date(2013, 4, 1), date(2019, 3, 31))


def test_trusts_and_commissioners_join_the_practices(shelf):
    shelf.load(shelf.write("epraccur.csv", *PRACTICES))
    shelf.load(shelf.write("etr.csv", published("RZA", "FARRBOROUGH TRUST"), published("TZB", "CARE TRUST")))
    shelf.load(shelf.write("eccg.csv", published("90L", "NHS FARRSHIRE"), published("Z9Z9Z", "NHS NEWER")))
    levels = [row[0] for row in shelf.rows("organisation", "Organisation_Level")]
    assert {level: levels.count(level) for level in levels} == {"commissioner": 2, "practice": 3, "provider": 2}


def test_a_code_that_does_not_tell_its_level_needs_it_stated(shelf):
    path = shelf.write("ephp.csv", published("NZ1", "INDEPENDENT HOSPITAL"), published("8Z2", "ANOTHER"))
    with pytest.raises(FeedError, match="--set Organisation_Level=LEVEL"):
        shelf.load(path)
    report = shelf.load(path, columns={"Organisation_Level": "provider"})
    assert (report.rows_loaded, report.stated) == (2, {"Organisation_Level": "provider"})


def test_successors_load_as_published(shelf):
    report = shelf.load(shelf.write("succ.csv", "RZ1,RZ2,R,20190401,F", "RZ2,RZ3,R,20220401,", "RZ1,RZ4,R,20190401,"))
    assert (report.feed, report.rows_loaded) == ("organisation_successor", 3)
    assert shelf.rows("organisation_successor")[1] == ("RZ1", "RZ4", date(2019, 4, 1))


def test_a_row_whose_code_stays_is_no_succession(shelf):
    report = shelf.load(shelf.write("old_and_new.csv", "old_code,new_code", "RZ1,RZ1", "RZ1,RZ2"))
    assert [(failure.rule, failure.rows) for failure in report.failures] == [("no succession", 1)]
    assert shelf.rows("organisation_successor") == [("RZ1", "RZ2", None)]


def test_a_lone_line_without_a_header_is_a_row(shelf):
    assert shelf.load(shelf.write("succ.csv", "RZ1,RZ2,R,20190401,X")).rows_loaded == 1


def test_a_header_is_no_record():
    assert layout_of(["Organisation Code", "Successor Code", "Reason", "Succession Date", "Indicator"]) is None
    assert layout_of([f"column {number}" for number in range(27)]) is None


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("A81001", "practice"),
        ("RRE", "provider"),
        ("00C", "commissioner"),
        ("W2U3Z", "commissioner"),
        ("Y63", "region"),
        ("8A1", "not told"),
    ],
)
def test_the_shape_of_a_code_tells_its_level(code, level):
    assert level_of([code, *[""] * 24, "4", ""]) == level
