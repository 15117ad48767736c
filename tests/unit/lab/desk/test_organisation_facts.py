"""Who organisations are, what norms rest on, and the codes that a user chooses: read from small reference tables, or from none."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.desk.choices import ChoiceError, chosen_codes
from farr.lab.desk.organisations import UnknownOrganisation, as_is, read_facts, read_organisations
from farr.lab.engine.store import Store
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE, DEPRIVATION, LOCAL_CODE, ORGANISATION, PEER_LIST


@pytest.fixture
def empty(tmp_path) -> Store:
    return Store(tmp_path / "store")


def load(store: Store, table, *rows: tuple) -> Store:
    schema = table.schema.to_pyarrow()
    filled = [dict(zip(schema.names, (*row, *[None] * (len(schema.names) - len(row))), strict=True)) for row in rows]
    with store.staging(table.name) as folder:
        pq.write_table(pa.Table.from_pylist(filled, schema=schema), folder / "t.parquet")
        store.replace(table, [folder / "t.parquet"], {})
    return store


@pytest.fixture
def organisations(empty):
    rows = [("provider", "RAA", "Alpha"), ("commissioner", "00C", None), ("practice", "X1", "P"), ("locality", "X1", "L")]
    return read_organisations(load(empty, ORGANISATION, *rows))


def test_a_code_of_one_level_is_known_by_itself(organisations):
    assert (organisations.level_of("RAA"), organisations.level_of("00C"), organisations.level_of("national")) == (
        "provider", "commissioner", "national",
    )  # fmt: skip


def test_a_code_of_two_levels_or_none_is_asked_for(organisations):
    with pytest.raises(UnknownOrganisation, match=r"at the levels practice, locality; say which it is with --level practice\|locality"):
        organisations.level_of("X1")
    with pytest.raises(UnknownOrganisation, match="not in the organisation reference; say which it is with --level provider"):
        organisations.level_of("ZZZ")


def test_names_of_a_level_serve_organisations_as_they_were_too(organisations):
    assert organisations.of_level("provider_as_was") == organisations.of_level("provider") == {"RAA": "Alpha", "national": "National"}
    assert organisations.of_level("commissioner")["00C"] == "00C"


@pytest.mark.parametrize(("level", "now"), [("provider_as_was", "provider"), ("practice_as_was", "practice"), ("region", "region")])
def test_organisations_as_they_were_are_of_the_level_that_they_are_of_now(level, now):
    assert as_is(level) == now


@pytest.mark.parametrize("level", ["provider", "commissioner", "practice", "locality", "national", "commissioner_as_was"])
def test_without_reference_tables_there_are_no_facts_and_no_crash(empty, level):
    facts = read_facts(empty, level, peers=("A",), count=5)
    assert (dict(facts.features), dict(facts.lists), dict(facts.deprivation)) == ({}, {}, {})
    assert (facts.peers, facts.count) == (("A",), 5)
    assert read_organisations(empty).names == {}


def test_features_leave_out_what_is_not_known(empty):
    load(empty, COMMISSIONER_FEATURE, ("00C", "Name", 21.5, None, 0.3))
    assert read_facts(empty, "commissioner_as_was").features == {"00C": {"IMD_Score": 21.5, "Share_Aged_18_39": 0.3}}
    assert read_facts(empty, "practice").features == {}


def test_lists_hold_the_peers_of_each(empty):
    load(empty, PEER_LIST, ("l", "RAA", "RBB"), ("l", "RAA", "RCC"), ("l", "RBB", "RAA"), ("m", "RAA", "RDD"))
    assert read_facts(empty, "provider").lists == {"l": {"RAA": ("RBB", "RCC"), "RBB": ("RAA",)}, "m": {"RAA": ("RDD",)}}


def test_deprivation_is_of_the_latest_year_of_the_level(empty):
    load(empty, DEPRIVATION, (2015, "practice", "P1", 30.0, 9), (2019, "practice", "P1", 10.0, 2), (2019, "practice", "P2", 12.0, 3),
         (2025, "commissioner", "00C", 1.0, 1))  # fmt: skip
    assert read_facts(empty, "practice").deprivation == {"P1": 2, "P2": 3}
    assert read_facts(empty, "locality").deprivation == {}


def test_deprivation_is_ranked_here_where_a_tenth_is_missing(empty):
    rows = [(2019, "practice", f"P{at}", float(at), None if at == 3 else 5) for at in range(10)]
    load(empty, DEPRIVATION, *rows)
    found = read_facts(empty, "practice").deprivation
    assert sorted(found.values()) == list(range(1, 11)) and found["P9"] == 1 and found["P0"] == 10


def test_deprivation_of_too_few_areas_is_not_ranked(empty):
    load(empty, DEPRIVATION, (2019, "practice", "P1", 30.0, None), (2019, "practice", "P2", None, None))
    assert read_facts(empty, "practice").deprivation == {}


def test_a_list_that_farr_carries_is_chosen_by_name(empty):
    chosen = chosen_codes(empty, {"diagnosis": "gallstones"})["diagnosis"]
    assert chosen.name == "gallstones" and any(code.startswith("K80") for code in chosen.codes)


def test_a_local_list_is_chosen_by_name(empty):
    load(empty, LOCAL_CODE, ("ours", "K80", "Gallstones"), ("ours", "K81", None), ("theirs", "J18", "Pneumonia"))
    chosen = chosen_codes(empty, {"diagnosis": "ours"})["diagnosis"]
    assert dict(chosen.codes) == {"K80": "Gallstones", "K81": "K81"} and chosen.title == "list ours"


def test_typed_codes_are_taken_however_they_are_parted(empty):
    chosen = chosen_codes(empty, {"diagnosis": " k80, J18.3\tW371 ", "procedure": "J183"})
    assert list(chosen["diagnosis"].codes) == ["K80", "J183", "W371"] and chosen["diagnosis"].title == "K80, J183, W371"
    assert list(chosen["procedure"].codes) == ["J183"] and chosen["procedure"].match == "prefix"


@pytest.mark.parametrize("text", ["", " , ", "K8", "K80; drop", "K80000", "unknown_list", "8K0", "K80 and J18"])
def test_what_is_no_code_is_refused_with_what_may_be_typed(empty, text):
    with pytest.raises(ChoiceError, match="is no diagnosis: type codes such as K80 or J18.3.*gallstones"):
        chosen_codes(empty, {"diagnosis": text})
