"""Every kind of measure from its questions to its figures, checked against sums done by hand."""

import ibis
import ibis.expr.operations as ops
import numpy as np
import pyarrow as pa
import pytest

from farr.lab.measures.benchmark import compare
from farr.lab.measures.figures import STANDARD, STRATA, FiguresError, interval, read_figures, values
from farr.lab.measures.norm import Norm, NormError
from farr.lab.measures.questions import questions, reference_questions
from farr.lab.measures.reference import Reference, expected_of_row, read_reference
from farr.lab.measures.statistics import directly_standardised_rate
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import QuestionError
from farr.lab.model.tables.sus import APC_SPELL

NORMS = discover("farr.lab.measures.norms", Norm)
MAY = Period.parse("2024-05")


def made(measure, answer, tables, level, *, reference=None):
    own = questions(measure, level=level, period=MAY, trend=None, verdict=False, reference=reference)
    activity, *population = [answer(each, tables[each.table.name]) for each in own]
    return read_figures(
        measure,
        activity,
        grouping=0,
        code_column=None if level == "national" else level,
        population=population[0] if population else None,
        reference=reference,
    )


def standardised(measure, answer, tables, level):
    asked = reference_questions(measure, period=MAY)
    reference = read_reference(measure, *(answer(each, tables[each.table.name]) for each in asked))
    return made(measure, answer, tables, level, reference=reference), reference


def test_spend_per_head_has_a_compound_interval(kinds, answer, make_people, make_spells):
    tables = {
        "apc_spell": [row for pounds in (100, 300) for row in make_spells(8, Commissioner_Code="A", Grand_Total=pounds)],
        "population": make_people("A", 100),
    }
    figures = made(kinds["spend"], answer, tables, "commissioner")
    assert figures.denominator.tolist() == [100.0]  # twelve strata of 100 person-months
    assert values(kinds["spend"], figures).tolist() == [3200.0]
    lower, upper = interval(kinds["spend"], figures, confidence=0.95)
    margin = 1.959964 * np.sqrt(8 * (100**2 + 300**2))
    assert (lower[0], upper[0]) == pytest.approx((3200 - margin, 3200 + margin), rel=1e-6)


def test_a_ratio_of_counts_counts_either_apart(kinds, answer, make_spells):
    tables = {"apc_spell": make_spells(20, Provider_Code="A") + make_spells(30, Provider_Code="A", Discharge_Method="4")}
    figures = made(kinds["counts"], answer, tables, "provider")
    assert values(kinds["counts"], figures).tolist() == [150.0]
    lower, upper = interval(kinds["counts"], figures, confidence=0.95)
    assert lower[0] < 150 < upper[0]


def test_a_ratio_of_sums_takes_rows_that_have_both(kinds, answer, make_spells):
    rows = make_spells(3, Provider_Code="A", Grand_Total=200, HRG_Weight=2.0) + make_spells(
        3, Provider_Code="A", Grand_Total=90, HRG_Weight=1.0
    )
    figures = made(kinds["sums"], answer, {"apc_spell": rows + make_spells(5, Provider_Code="A", Grand_Total=999)}, "provider")
    assert values(kinds["sums"], figures)[0] == pytest.approx(870 / 9)
    lower, upper = interval(kinds["sums"], figures, confidence=0.95)
    assert lower[0] < 870 / 9 < upper[0]
    assert figures.sum("rows").tolist() == [6.0]


def test_a_directly_standardised_rate_weighs_age_and_sex(kinds, answer, make_people, make_spells):
    counts = [2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0]
    rows = [
        row for (group, sex), count in zip(STRATA, counts, strict=True)
        for row in make_spells(count, Commissioner_Code="A", Age_Group=group, Sex=sex, Discharge_Method="4")
    ]  # fmt: skip
    rows += make_spells(50, Commissioner_Code="A", Sex="1", Discharge_Method="4")  # age not known: left out
    patients = [1200 * each for each in range(1, 13)]
    figures = made(kinds["direct"], answer, {"apc_spell": rows, "population": make_people("A", patients)}, "commissioner")
    assert figures.numerator.tolist() == [sum(counts)]
    years = np.array(patients) / 12
    by_hand = directly_standardised_rate(counts, years, STANDARD, confidence=0.95)
    assert values(kinds["direct"], figures)[0] == pytest.approx(float(by_hand.rate) * 100)
    assert float(by_hand.rate) == pytest.approx(sum(w * c / n for w, c, n in zip(STANDARD / 100_000, counts, years, strict=True)))
    assert interval(kinds["direct"], figures, confidence=0.95)[1][0] == pytest.approx(float(by_hand.upper) * 100)


def test_one_hidden_stratum_leaves_no_standardised_rate(kinds, answer, make_people, make_spells):
    rows = [row for group, sex in STRATA for row in make_spells(5, Commissioner_Code="A", Age_Group=group, Sex=sex, Discharge_Method="4")]
    asked = questions(kinds["direct"], level="commissioner", period=MAY, trend=None, verdict=False)
    activity, people = (answer(each, {"apc_spell": rows, "population": make_people("A", 120)}[each.table.name]) for each in asked)
    cells = activity.to_pylist()
    cells[3] |= {"numerator": None, "numerator__status": "suppressed"}
    figures = read_figures(
        kinds["direct"], pa.Table.from_pylist(cells), grouping=0, code_column="commissioner", population=people
    )  # fmt: skip
    assert np.isnan(values(kinds["direct"], figures)[0])
    assert figures.status == ("suppressed",)


def mortality(make_spells):
    """Two casemix groups by two ages; B has twice A's deaths in the same case mix."""
    return [
        row
        for provider, deaths in (("A", (2, 4, 6, 8)), ("B", (4, 8, 12, 16)))
        for (group, age), died in zip([("1", "45-64"), ("1", "85+"), ("2", "45-64"), ("2", "85+")], deaths, strict=True)
        for method, count in (("4", died), ("1", 100 - died))
        for row in make_spells(count, Provider_Code=provider, Casemix_Group=group, Age_Group=age, Discharge_Method=method)
    ]


def test_a_standardised_ratio_expects_what_the_nation_would_count(kinds, answer, make_spells):
    figures, reference = standardised(kinds["indirect"], answer, {"apc_spell": mortality(make_spells)}, "provider")
    assert reference.of(("1", "45-64")) == pytest.approx(0.03)
    assert figures.numerator.tolist() == [20.0, 40.0] if figures.codes == ("A", "B") else [40.0, 20.0]
    assert figures.denominator == pytest.approx([30, 30])
    ratios = dict(zip(figures.codes, values(kinds["indirect"], figures), strict=True))
    assert ratios == pytest.approx({"A": 100 * 20 / 30, "B": 100 * 40 / 30})


def test_a_hidden_stratum_takes_the_share_of_all_that_are_hidden(kinds, answer, make_spells):
    (asked,) = reference_questions(kinds["indirect"], period=MAY)
    cells = answer(asked, mortality(make_spells)).to_pylist()
    shown_events = shown_rows = 0.0
    for row in cells:
        if row["grouping"] == 0 and row["age_group"] == "85+":
            row |= {"numerator": None, "numerator__status": "suppressed"}
        elif row["grouping"] == 0:
            shown_events, shown_rows = shown_events + row["numerator"], shown_rows + row["denominator"]
    (nation,) = (row for row in cells if row["grouping"] == 1)
    reference = read_reference(kinds["indirect"], pa.Table.from_pylist(cells))
    rest = (nation["numerator"] - shown_events) / (nation["denominator"] - shown_rows)
    assert reference.of(("1", "85+")) == reference.of(("2", "85+")) == reference.of(("9", "00-14")) == pytest.approx(rest, rel=1e-5)
    assert reference.of(("1", "45-64")) == pytest.approx(0.03)


def test_the_expected_expression_gives_every_row_its_share(kinds, answer, make_spells):
    reference = Reference(
        strata=("casemix_group", "age_group"),
        shares={(): 0.5, ("1",): 0.25, ("1", "85+"): 0.125, ("2", "85+"): 0.5, ("3",): 1.0, ("unknown",): 0.75, ("4", "85+"): 0.5},
    )
    rows = [
        ({"Casemix_Group": "1", "Age_Group": "85+"}, 0.125),
        ({"Casemix_Group": "1", "Age_Group": "00-14"}, 0.25),
        ({"Casemix_Group": "1"}, 0.25),
        ({"Casemix_Group": "2", "Age_Group": "85+"}, 0.5),
        ({"Casemix_Group": "3", "Age_Group": "85+"}, 1.0),
        ({"Casemix_Group": "8"}, 0.5),
        ({}, 0.75),
        ({"Casemix_Group": "  "}, 0.75),
    ]
    for row, share in rows:
        own = questions(kinds["indirect"], level="national", period=MAY, trend=None, verdict=False, reference=reference)[0]
        assert answer(own, make_spells(1, **row))["expected"].to_pylist() == [share], row


def test_expected_counts_are_added_up_as_doubles(kinds):
    shares = Reference(strata=("casemix_group",), shares={(): 0.5, ("1",): 0.1234567})
    expected = expected_of_row(shares, kinds["indirect"].table.unbound)
    connection = ibis.duckdb.connect()
    connection.create_table("apc_spell", schema=APC_SPELL.schema)
    sql = ibis.to_sql(APC_SPELL.unbound.select(share=expected), dialect="duckdb")
    assert connection.raw_sql(f"describe {sql}").fetchone()[1] == "DOUBLE"  # Ibis would say so of decimals too


def test_the_expression_of_a_reference_that_does_not_vary_is_a_number(kinds):
    flat = Reference(strata=("casemix_group",), shares={(): 0.5, ("1",): 0.5})
    assert not expected_of_row(flat, kinds["indirect"].table.unbound).op().find(ops.Field)


def test_a_standardised_ratio_per_head_expects_by_age_and_sex(kinds, answer, make_people, make_spells):
    rows = [
        row for code, count in (("A", 10), ("B", 30)) for group, sex in STRATA
        for row in make_spells(count, Commissioner_Code=code, Age_Group=group, Sex=sex, Discharge_Method="4")
    ]  # fmt: skip
    tables = {"apc_spell": rows, "population": make_people("A", 1200) + make_people("B", 1200)}
    figures, reference = standardised(kinds["indirect per head"], answer, tables, "commissioner")
    assert reference.of(("85+", "2")) == pytest.approx(40 / 200)
    assert figures.denominator == pytest.approx([240, 240])
    assert sorted(values(kinds["indirect per head"], figures)) == pytest.approx([50, 150])


def test_an_organisation_without_people_has_no_expected_count(kinds, answer, make_people, make_spells):
    rows = make_spells(12, Commissioner_Code="A", Age_Group="85+", Sex="1", Discharge_Method="4")
    tables = {"apc_spell": rows, "population": make_people("B", 1200)}
    figures, _ = standardised(kinds["indirect per head"], answer, tables, "commissioner")
    assert np.isnan(figures.denominator).all()
    assert figures.status == ("no population",)


def test_standardised_ratios_are_asked_after_their_reference(kinds):
    with pytest.raises(QuestionError, match="reference_questions"):
        questions(kinds["indirect"], level="provider", period=MAY, trend=None, verdict=False)
    for name in ("proportion", "direct", "counts"):
        assert reference_questions(kinds[name], period=MAY) == []


def test_figures_say_what_they_lack(kinds, answer, make_people, make_spells):
    activity, _ = questions(kinds["rate"], level="commissioner", period=MAY, trend=None, verdict=False)
    released = answer(activity, make_spells(1, Commissioner_Code="A"))
    with pytest.raises(FiguresError, match="population"):
        read_figures(kinds["rate"], released, grouping=0, code_column="commissioner")


@pytest.mark.parametrize("norm", ["national", "quartiles", "region"])
def test_standardised_ratios_are_set_beside_the_nation_and_never_ranked(kinds, answer, make_spells, norm):
    figures, _ = standardised(kinds["indirect"], answer, {"apc_spell": mortality(make_spells)}, "provider")
    rows = compare(kinds["indirect"], figures, selected="A", norm=NORMS[norm], level="provider", names={})
    assert rows["norm_value"] == [100.0, 100.0]
    assert rows["compared_with"] == ["national", "national"]
    assert [rows[name] for name in ("rank", "quartile", "decile", "ranked")] == [[None, None]] * 4
    assert rows["expected"] == rows["denominator"]


@pytest.mark.parametrize("norm", ["best_five_of_ten", "own_past"])
def test_the_best_of_standardised_ratios_is_refused(kinds, answer, make_spells, norm):
    figures, _ = standardised(kinds["indirect"], answer, {"apc_spell": mortality(make_spells)}, "provider")
    with pytest.raises(NormError, match="standardised ratio"):
        compare(kinds["indirect"], figures, selected="A", norm=NORMS[norm], level="provider", names={})


@pytest.mark.parametrize("name", ["counts", "sums", "indirect"])
def test_funnels_find_the_one_far_above_the_rest(kinds, answer, make_spells, name):
    rows = []
    for number in range(12):
        code, deaths = f"P{number:02d}", 60 if number == 11 else 20
        common = {"Provider_Code": code, "Casemix_Group": "1", "Age_Group": "85+", "HRG_Weight": 1.0}
        rows += make_spells(deaths, Discharge_Method="4", Grand_Total=500, **common) + make_spells(200, Grand_Total=100, **common)
    measure = kinds[name]
    figures = standardised(measure, answer, {"apc_spell": rows}, "provider")[0] if name == "indirect" else made(
        measure, answer, {"apc_spell": rows}, "provider"
    )  # fmt: skip
    found = compare(measure, figures, selected="P00", norm=NORMS["national"], level="provider", names={}, total=figures)
    verdicts = dict(zip(found["organisation"], found["verdict"], strict=True))
    assert verdicts["P11"] == "high"
    assert sum(each == "high" for each in verdicts.values()) == 1
    for low, middle, high in zip(found["funnel_lower_998"], found["funnel_lower_95"], found["funnel_upper_998"], strict=True):
        assert 0 <= low < middle < high


def test_rates_of_money_and_by_age_are_judged_on_their_own_errors(kinds, answer, make_people, make_spells):
    rows, population = [], []
    for number in range(10):
        code = f"C{number}"
        population += make_people(code, 2400)
        for group, sex in STRATA:
            count = 12 if number == 9 else 4
            rows += make_spells(count, Commissioner_Code=code, Age_Group=group, Sex=sex, Discharge_Method="4", Grand_Total=100)
    for name in ("spend", "direct"):
        figures = made(kinds[name], answer, {"apc_spell": rows, "population": population}, "commissioner")
        found = compare(kinds[name], figures, selected="C1", norm=NORMS["national"], level="commissioner", names={}, total=figures)
        verdicts = dict(zip(found["organisation"], found["verdict"], strict=True))
        assert verdicts.pop("C9") == "high"
        assert "high" not in verdicts.values()
        assert found["rank"][found["organisation"].index("C9")] == 10
