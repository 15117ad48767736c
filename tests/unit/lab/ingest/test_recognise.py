"""Feeds are recognised by NCDR, HES and SUS+ names alike."""

import pytest

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.ingest.recognise import folded, match, recognise
from farr.lab.ingest.sides import Side, clean_form, forms, identifying_columns
from farr.lab.model.discover import discover

FEEDS = discover("farr.lab.ingest.feeds", Feed)
SUS = (
    "PRIMARYKEY_ID", "system.record.identifier", "patient.identity.nhs_number.value Pseudo", "patient.identity.gender",
    "patient.identity.age_on_admission", "admission.date", "admission.method", "admission.source", "admission.patient_classification",
    "discharge.date", "start_date", "end_date", "commissioning.service_agreement.provider", "care_professional.main_specialty",
)  # fmt: skip
HES = ("EPIKEY", "TOKEN_PERSON_ID", "ADMIDATE", "ADMIMETH", "CLASSPAT", "EPISTART", "EPIEND", "PROCODE3", "STARTAGE", "MYDOB", "DIAG_4_01")


def test_names_fold():
    assert folded(" patient.identity.nhs_number.value Pseudo") == "PATIENT_IDENTITY_NHS_NUMBER_VALUE_PSEUDO"


def test_hes_names():
    found = recognise(HES, forms(FEEDS, Side.RAW))
    assert found.feed.name == "apc_episode"
    assert found.mapping["APCE_Ident"] == "EPIKEY"
    assert found.mapping["National_Pseudonym"] == "TOKEN_PERSON_ID"
    assert found.mapping["Age"] == "STARTAGE"
    assert found.unknown == ()


def test_sus_names():
    found = recognise(SUS, forms(FEEDS, Side.RAW))
    assert found.feed.name == "apc_episode"
    assert found.mapping["Admission_Date"] == "admission.date"
    assert found.mapping["Provider_Code"] == "commissioning.service_agreement.provider"
    assert found.mapping["Episode_End_Date"] == "end_date"


def test_the_canonical_name_wins_over_an_alias():
    found = match(("STARTAGE", "Age", "ADMIAGE"), FEEDS["apc_episode"])
    assert found.mapping["Age"] == "Age"
    assert found.unknown == ("STARTAGE", "ADMIAGE")


def test_a_raw_file_needs_something_to_make_a_pseudonym_of():
    with pytest.raises(FeedError, match="NHS_Number"):
        recognise([name for name in HES if name != "TOKEN_PERSON_ID"], forms(FEEDS, Side.RAW))


def test_the_clean_form_has_every_column_of_the_table_and_no_identifier():
    feed = FEEDS["apc_episode"]
    names = {column.name for column in clean_form(feed).columns}
    assert names | {"Activity_Month"} == {column.name for column in feed.table.columns}
    assert not names & {column.name for column in identifying_columns(feed)}
    assert "Der_Pseudo_NHS_Number" in names
