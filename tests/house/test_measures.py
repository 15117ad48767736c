"""Every measure can be put to the engine, is broken down by what its table has, cites the codes it uses, and stands in a theme."""

import re
from pathlib import Path

import pytest

from farr.lab.engine.allowed import check_question
from farr.lab.measures.measure import Measure, MeasureKind, Theme
from farr.lab.measures.people import PERSON_YEARS
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import BREAKDOWNS, DIMENSIONS
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question

ROOT = Path(__file__).parents[2]
DEFINITIONS = ROOT / "src" / "farr" / "lab" / "measures" / "definitions"
MEASURES = discover("farr.lab.measures.definitions", Measure)
PROMISED = {
    *("elective_admissions", "emergency_admissions", "ae_attendances", "ae_four_hour_performance", "ae_conversion"),
    *("length_of_stay", "zero_stay_emergencies", "long_stay_21_days", "excess_bed_days", "day_case_rate", "weekend_discharges"),
    *("emergency_readmission_30_days", "readmission_i02040_ratio", "readmission_28_days_nhp"),
    *("op_follow_up_ratio", "op_did_not_attend", "op_procedure_share", "ambulatory_sensitive_admissions"),
    *("spend_per_head", "cost_per_weighted_spell", "casemix_index", "critical_care_days_per_cabg"),
    *("specialised_activity_share", "specialised_spend_per_head", "hospital_mortality", "hospital_mortality_ratio"),
    *("depth_of_coding", "uncoded_hrg", "unspecified_primary_diagnosis", "procedure_for_diagnosis"),
}
# By age and sex already: too few people are left of a part of such a figure.
BY_AGE_AND_SEX = (MeasureKind.DIRECTLY_STANDARDISED, MeasureKind.STANDARDISED_RATIO_PER_HEAD)


def as_question(measure: Measure) -> Question:
    """All that the measure's declaration holds, as one question."""
    conditions = [each for each in (measure.numerator, measure.against) if each is not None]
    numbers = [each for each in (measure.value, measure.weight) if each is not None]
    rows = measure.denominator
    counts = [Aggregate(name=f"count_{at}", kind=AggregateKind.COUNT, where=each) for at, each in enumerate(conditions)]
    sums = [Aggregate(name=f"sum_{at}", kind=AggregateKind.SUM, where=rows, value=each) for at, each in enumerate(numbers)]
    groupings = tuple(Grouping(dimensions=(name,)) for name in dict.fromkeys((*measure.breakdowns, *measure.strata)))
    period = Period.parse("2024-05")
    return Question(name=measure.name, table=measure.table, period=period, where=rows, aggregates=(*counts, *sums),
                    groupings=(Grouping(), *groupings))  # fmt: skip


def codes_used(name: str) -> set[str]:
    """Code lists that the definition's file reads by name."""
    source = (DEFINITIONS / f"{name}.py").read_text(encoding="utf-8")
    return set(re.findall(r'(?:load_codelist|has_diagnosis|has_procedure)\("(\w+)"\)', source))


def test_the_measures_that_were_promised_are_there():
    assert set(MEASURES) >= PROMISED
    assert len(PROMISED) >= 30


@pytest.mark.parametrize("name", MEASURES)
def test_the_engine_would_take_every_expression_breakdown_and_stratum(name):
    check_question(as_question(MEASURES[name]))


@pytest.mark.parametrize("name", MEASURES)
def test_breakdowns_are_registered_and_only_figures_by_age_and_sex_have_none(name):
    measure = MEASURES[name]
    assert set(measure.breakdowns) <= set(BREAKDOWNS)
    assert len(set(measure.breakdowns)) == len(measure.breakdowns)
    assert bool(measure.breakdowns) != (measure.kind in BY_AGE_AND_SEX)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_made_at_levels_that_its_table_knows(name):
    measure = MEASURES[name]
    columns = measure.table.schema.names
    assert all(level == "national" or DIMENSIONS[level].column in columns for level in measure.levels)
    if measure.kind.is_per_head:
        assert "provider" not in measure.levels, "nobody knows how many people a provider serves"


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_cites_the_codes_that_it_uses(name):
    assert codes_used(name) <= set(MEASURES[name].codelists)
    for codelist in MEASURES[name].codelists:
        assert load_codelist(codelist).codes


@pytest.mark.parametrize("name", MEASURES)
def test_what_a_figure_is_divided_by_is_said(name):
    measure = MEASURES[name]
    if measure.kind is MeasureKind.RATE_PER_HEAD:
        assert PERSON_YEARS in measure.definition
    if not measure.kind.is_ranked:
        assert "compared with the nation" in measure.definition
        assert measure.per == 100


def test_every_theme_has_measures_and_no_title_stands_twice():
    assert {measure.theme for measure in MEASURES.values()} == set(Theme)
    titles = [measure.title for measure in MEASURES.values()]
    assert len(set(titles)) == len(titles)


def test_the_three_readmissions_name_each_other():
    for name in ("emergency_readmission_30_days", "readmission_i02040_ratio", "readmission_28_days_nhp"):
        assert "readmission" in MEASURES[name].title.lower()
        assert "28" in MEASURES[name].definition
        assert MEASURES[name].follow_up_months == 2


def test_a_choice_of_codes_makes_the_measure_of_that_pair():
    measure = MEASURES["procedure_for_diagnosis"]
    fracture = {"diagnosis": load_codelist("hip_fracture"), "procedure": load_codelist("hip_replacement")}
    chosen = measure.chosen(fracture)
    check_question(as_question(chosen))
    assert chosen.title.endswith("diagnosis Hip fracture, procedure Total replacement of the hip joint")
    assert not chosen.denominator.equals(measure.denominator)
