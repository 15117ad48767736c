"""Small files with few columns are told apart: Farr's own layouts, whole or as bare as may be, and the published ones."""

import pytest

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.ingest.recognise import recognise
from farr.lab.ingest.sides import Side, form, forms
from farr.lab.model.discover import discover
from farr.lab.model.table import TableKind

FEEDS = discover("farr.lab.ingest.feeds", Feed)
REFERENCE = [name for name, feed in FEEDS.items() if feed.table.kind is TableKind.REFERENCE]
PUBLISHED = {
    "Tariff_Year,sushrg,elective,emergency": "hrg_trim_point",
    "HRG,X,Y,HRG Code,Outpatient,combined_tariff_change,HRG code1,HRG name,Year,Outpatient_tariff,Combined,Non_emergency_Tariff,"
    "Emergency_Tariff,Day_case_Tariff,Subchapter,Subchapter Description,Chapter,Chapter name": "national_price",
    "old_code,new_code": "organisation_successor",
    "List_Name,procode,peer": "peer_list",
    "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS": "registered_population",
    "EXTRACT_DATE,CCG_CODE,ONS_CCG_CODE,ORG_CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS": "registered_population",
}


def test_every_reference_table_has_a_feed():
    tables = {feed.table.name for feed in FEEDS.values() if feed.table.kind is TableKind.REFERENCE}
    assert tables == set(REFERENCE)
    assert len(REFERENCE) == 21


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", REFERENCE)
def test_farrs_own_layout_is_known(name, side):
    columns = [column.name for column in FEEDS[name].table.columns]
    assert recognise(columns, forms(FEEDS, side)).feed.name == name
    assert recognise([column.lower() for column in reversed(columns)], forms(FEEDS, side)).feed.name == name


@pytest.mark.parametrize("name", REFERENCE)
def test_the_needed_columns_are_enough(name):
    columns = [column.name for column in form(FEEDS[name], Side.CLEAN).columns if column.needed]
    assert recognise([*columns, "remark"], forms(FEEDS, Side.CLEAN)).feed.name == name


@pytest.mark.parametrize(("header", "name"), PUBLISHED.items())
def test_published_layouts_are_known(header, name):
    assert recognise(header.split(","), forms(FEEDS, Side.CLEAN)).feed.name == name


def test_a_list_of_names_is_none_of_them():
    with pytest.raises(FeedError):
        recognise(["name", "value"], forms(FEEDS, Side.CLEAN))
