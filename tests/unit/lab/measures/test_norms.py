from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.measures.benchmark import compare
from farr.lab.measures.comparison.facts import read_facts
from farr.lab.measures.comparison.like_for_like import earlier
from farr.lab.measures.figures import Figures
from farr.lab.measures.measure import Direction
from farr.lab.measures.norm import Facts, Norm, NormError, PeerDefinition, tenths
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.tables import TABLES

NORMS = discover("farr.lab.measures.norms", Norm)
DEFINITIONS = discover("farr.lab.measures.peer_groups", PeerDefinition)
CODES = tuple("ABCDEFGHIJKLMN")
NAN = float("nan")


def figures(values, codes=CODES):
    numerator = np.array(values, dtype=float)
    return Figures(
        codes=codes[: len(values)],
        months=("",) * len(values),
        region=("N",) * len(values),
        numerator=numerator,
        denominator=np.full(numerator.shape, 100.0),
        status=("rounded",) * len(values),
        verdict=("",) * len(values),
    )


@pytest.fixture
def beside(kinds):
    def compared(values, norm, *, level="commissioner", selected="A", measure=kinds["proportion"], **more):
        return compare(measure, figures(values), selected=selected, norm=NORMS[norm], level=level, names={}, **more)

    return compared


def features(level, values):
    definition = next(each for each in DEFINITIONS.values() if each.level == level)
    return {code: {name: float(value) for name, _ in definition.weights} for code, value in zip(CODES, values, strict=False)}


def members(rows):
    return [code for code, is_member in zip(rows["organisation"], rows["in_norm"], strict=True) if is_member]


@pytest.mark.parametrize("level", ["commissioner", "provider"])
@pytest.mark.parametrize("count", [None, 3])
def test_similar_organisations_are_the_nearest_and_not_oneself(beside, level, count):
    facts = Facts(features=features(level, np.arange(1, 15) ** 2), count=count)
    rows = beside([50, *[10] * 13], "similar_ten", level=level, facts=facts)
    assert members(rows) == list(CODES[1 : 1 + (count or 10)])
    assert rows["norm_value"][0] == pytest.approx(10.0)


def test_features_are_taken_by_name_and_those_with_a_gap_are_nobody_s_peer(beside):
    held = features("commissioner", np.arange(1, 15) ** 2)
    shuffled = {code: dict(reversed(row.items())) for code, row in held.items()}
    del shuffled["B"]["IMD_Score"]
    rows = beside([1] * 14, "similar_ten", facts=Facts(features=shuffled))
    assert members(rows) == list("CDEFGHIJKL")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (Facts(), "commissioner_feature"),
        (Facts(features=features("commissioner", [1] * 14) | {"A": {}}), "lacks features of 'A'"),
        (Facts(features={"Z": features("commissioner", [1])["A"]}), "nothing about 'A'"),
        (Facts(features=features("commissioner", range(1, 8))), "10 similar organisations"),
    ],
)
def test_similar_ten_says_what_it_lacks(beside, facts, says):
    with pytest.raises(NormError, match=says):
        beside([1, 2], "similar_ten", facts=facts)


@pytest.mark.parametrize("norm", ["national", "quartiles", "similar_ten"])
def test_organisations_as_they_were_have_the_norms_of_what_they_are_now(beside, norm):
    facts = Facts(features=features("commissioner", range(1, 15)))
    now = beside([50, *[10] * 13], norm, facts=facts)
    assert beside([50, *[10] * 13], norm, level="commissioner_as_was", facts=facts) == now


def test_weights_decide_who_is_similar(beside):
    rng = np.random.default_rng(4)
    names = [name for name, _ in DEFINITIONS["rightcare_2021"].weights]
    held = {code: dict(zip(names, rng.uniform(1, 9, len(names)), strict=True)) for code in CODES}
    facts = Facts(features=held, count=3)
    assert members(beside([1] * 14, "similar_ten", facts=facts)) != members(beside([1] * 14, "similar_ten_equal", facts=facts))


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_s_weights_are_of_its_table_and_add_up(name):
    definition = DEFINITIONS[name]
    assert sum(weight for _, weight in definition.weights) == pytest.approx(1)
    assert {feature for feature, _ in definition.weights} <= set(definition.table.schema.names)
    assert definition.source


def test_the_best_five_of_ten_go_by_the_measure_s_direction(beside, kinds):
    facts = Facts(features=features("commissioner", np.arange(1, 15) ** 2))
    values = [50, *range(10, 20), 1, 1, 1]
    worse_high = beside(values, "best_five_of_ten", facts=facts)
    assert members(worse_high) == list("BCDEF")
    assert worse_high["norm_value"][0] == pytest.approx(12.0)
    worse_low = replace(kinds["proportion"], direction=Direction.LOWER_IS_WORSE)
    assert members(beside(values, "best_five_of_ten", facts=facts, measure=worse_low)) == list("GHIJK")
    neither = replace(kinds["proportion"], direction=Direction.NEITHER)
    with pytest.raises(NormError, match="neither end"):
        beside(values, "best_five_of_ten", facts=facts, measure=neither)
    with pytest.raises(NormError, match="only 4 of the peers"):
        beside([50, *[NAN] * 6, *range(4), 1, 1, 1], "best_five_of_ten", facts=facts)


def test_the_definition_says_that_luck_made_some_of_the_best():
    assert "regression to the mean" in NORMS["best_five_of_ten"].definition


def test_listed_peers_are_those_of_the_list(beside):
    lists = {"agreed": {"A": ("C", "D"), "B": ("A",)}, "other": {"A": ("B",)}}
    assert members(beside([1, 2, 3, 4], "peer_list", facts=Facts(lists=lists, peers=("agreed",)))) == ["C", "D"]
    assert members(beside([1, 2, 3, 4], "peer_list", facts=Facts(lists={"other": lists["other"]}))) == ["B"]
    for facts, says in ((Facts(), "no list"), (Facts(lists=lists), "agreed, other"), (Facts(lists=lists, peers=("x",)), "agreed, other")):
        with pytest.raises(NormError, match=says):
            beside([1, 2], "peer_list", facts=facts)
    with pytest.raises(NormError, match="gives 'D' no peers"):
        beside([1, 2, 3, 4], "peer_list", selected="D", facts=Facts(lists=lists, peers=("agreed",)))


def test_one_s_own_list_is_what_was_typed(beside):
    rows = beside([10, 20, 40], "own_list", facts=Facts(peers=("B", "C")))
    assert members(rows) == ["B", "C"]
    assert rows["norm_value"][0] == pytest.approx(30.0)
    with pytest.raises(NormError, match="--peers"):
        beside([1, 2], "own_list")
    with pytest.raises(NormError, match="no figures of Q"):
        beside([1, 2], "own_list", facts=Facts(peers=("B", "Q")))


def test_one_s_own_past_is_one_s_own(beside):
    rows = beside([10, 20, 30], "own_past", past=figures([20, 10], codes=("B", "A")))
    assert rows["norm_value"] == [10.0, 20.0, None]
    assert rows["difference"] == [0.0, 0.0, None]
    assert members(rows) == ["A"]
    with pytest.raises(NormError, match="12 months earlier"):
        beside([10, 20], "own_past")
    assert str(earlier(Period.parse("2024-04..2025-03"), NORMS["own_past"].months_back)) == "2023-04..2024-03"


def test_as_deprived_is_the_same_tenth_and_for_commissioners_the_same_fifth(beside):
    facts = Facts(deprivation=dict(zip(CODES, (1, 1, 2, 3, 10), strict=False)))
    assert members(beside([1] * 6, "same_deprivation", level="practice", facts=facts)) == ["A", "B"]
    assert members(beside([1] * 6, "same_deprivation", facts=facts)) == ["A", "B", "C"]
    with pytest.raises(NormError, match="deprivation of 'F'"):
        beside([1] * 6, "same_deprivation", selected="F", facts=facts)


def test_members_with_incomplete_months_leave_a_pooled_norm_and_are_marked(beside):
    whole = np.array([True, True, False])
    rows = beside([10, 20, 90], "own_list", facts=Facts(peers=("B", "C")), complete=whole)
    assert members(rows) == ["B"]
    assert rows["norm_value"][0] == pytest.approx(20.0)
    assert rows["is_complete"] == [True, True, False]
    total = beside([10, 20, 90], "national", total=figures([40]), complete=whole)
    assert members(total) == ["A", "B", "C"]  # the total counts everybody


def test_tenths_hold_the_highest_scores_first():
    assert tenths({code: float(number) for number, code in enumerate(CODES[:10])}) == dict(zip(CODES, range(10, 0, -1), strict=False))
    assert tenths({"A": 1.0}) == {}


def test_facts_are_read_from_the_reference_tables():
    def table(name, *rows):
        columns = dict.fromkeys(TABLES[name].schema.names)
        return pa.Table.from_pylist([{**columns, **row} for row in rows], schema=TABLES[name].schema.to_pyarrow())

    area = {"Area_Level": "practice", "IMD_Year": 2019, "IMD_Score": 1.0}
    tables = {
        "provider_feature": table("provider_feature", {"Provider_Code": "R", "Beds": 500.0}),
        "peer_list": table("peer_list", *({"List_Name": "x", "Organisation_Code": "R", "Peer_Code": code} for code in "ST")),
        "deprivation": table(
            "deprivation",
            {**area, "Area_Code": "P", "IMD_Decile": 4},
            {**area, "Area_Code": "P", "IMD_Decile": 7, "IMD_Year": 2015},
            {**area, "Area_Code": "C", "IMD_Decile": 1, "Area_Level": "commissioner"},
        ),
    }
    trusts = read_facts("provider", tables, peers=["x"], count=5)
    assert trusts == Facts(features={"R": {"Beds": 500.0}}, lists={"x": {"R": ("S", "T")}}, peers=("x",), count=5)
    assert read_facts("practice", tables).deprivation == {"P": 4}
    assert read_facts("commissioner", {}) == Facts()


def test_facts_work_out_tenths_where_none_is_published():
    rows = [{"IMD_Year": 2019, "Area_Level": "practice", "Area_Code": code, "IMD_Score": float(number), "IMD_Decile": None}
            for number, code in enumerate(CODES[:10])]  # fmt: skip
    held = pa.Table.from_pylist(rows, schema=TABLES["deprivation"].schema.to_pyarrow())
    assert read_facts("practice", {"deprivation": held}).deprivation["J"] == 1
