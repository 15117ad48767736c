"""Who organisations are, what norms rest on, and the codes that a user chooses: read from small reference tables, or from none."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.desk.holdings.choices import ChoiceError, chosen_codes
from farr.lab.desk.holdings.organisations import UnknownOrganisation, norm_facts, read_organisations
from farr.lab.engine.store import Store
from farr.lab.measures.norm import Facts, Norm
from farr.lab.model.dimension import as_is
from farr.lab.model.discover import discover
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE, LOCAL_CODE, ORGANISATION


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


def test_a_practice_belongs_to_its_commissioner_and_others_to_their_region(empty):
    rows = [("practice", "P1", "P", "00C", "Y1"), ("practice", "P2", "P", None, "Y1"), ("provider", "RAA", "A", "00C", "Y2"),
            ("locality", "L1", "L", None, None)]  # fmt: skip
    parents = read_organisations(load(empty, ORGANISATION, *rows)).parents
    assert parents == {("practice", "P1"): "00C", ("practice", "P2"): "Y1", ("provider", "RAA"): "Y2", ("locality", "L1"): None}


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


@pytest.mark.parametrize("norm", discover("farr.lab.measures.norms", Norm).values(), ids=lambda norm: norm.name)
@pytest.mark.parametrize("level", ["provider", "practice", "national", "commissioner_as_was"])
def test_without_reference_tables_there_are_no_facts_and_no_crash(empty, level, norm):
    request = BenchmarkRequest(organisation="A", measure="m", peers=("A",), count=5)
    assert norm_facts(empty, level, norm, request) == Facts(peers=("A",), count=5)
    assert read_organisations(empty).names == {}


def test_facts_of_organisations_as_they_were_are_those_of_now(empty):
    load(empty, COMMISSIONER_FEATURE, ("00C", "Name", 21.5, None, 0.3))
    norm = discover("farr.lab.measures.norms", Norm)["similar_ten"]
    found = norm_facts(empty, "commissioner_as_was", norm, BenchmarkRequest(organisation="A", measure="m"))
    assert found.features == {"00C": {"IMD_Score": 21.5, "Share_Aged_18_39": 0.3}}


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
