import pytest

from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import check_level, completeness_question, questions
from farr.lab.measures.reference import Reference
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import Grouping, QuestionError

MEASURES = discover("farr.lab.measures.definitions", Measure)
YEAR = Period.parse("2023-06..2024-05")
TREND = Period.parse("2022-06..2024-05")


ONE_SHARE = Reference(strata=(), shares={(): 0.5})


def asked(name, level, trend=TREND, verdict=True):
    return questions(MEASURES[name], level=level, period=YEAR, trend=trend, verdict=verdict, reference=ONE_SHARE)


def test_a_proportion_asks_by_level_parent_and_nation_then_by_month():
    total, monthly = asked("day_case_rate", "provider")
    assert total.groupings == (Grouping(dimensions=("provider",)), Grouping(dimensions=("provider_region",)), Grouping())
    assert monthly.groupings == (Grouping(dimensions=("provider",), monthly=True), Grouping(monthly=True))
    assert monthly.period == TREND
    assert {a.name: a.subset_of for a in total.aggregates} == {"numerator": "denominator", "denominator": None}


def test_the_verdict_is_asked_once_over_the_whole_period():
    total, monthly = asked("day_case_rate", "provider")
    (estimate,) = total.estimates
    assert (estimate.name, estimate.estimator, estimate.grouping) == ("verdict", "funnel_verdict", Grouping(dimensions=("provider",)))
    assert dict(estimate.parameters)["method"] == "proportion"
    assert monthly.estimates == ()
    assert asked("day_case_rate", "provider", verdict=False)[0].estimates == ()
    assert asked("day_case_rate", "national")[0].estimates == ()


def test_a_mean_asks_for_squares_and_judges_with_them():
    total = asked("length_of_stay", "provider")[0]
    assert [a.name for a in total.aggregates] == ["numerator", "denominator", "squares"]
    assert ("squares", "squares") in total.estimates[0].inputs


def test_a_rate_per_head_asks_the_population_the_same_way():
    names = [q.name for q in asked("emergency_admissions", "commissioner")]
    assert names == [
        "emergency_admissions",
        "emergency_admissions.population",
        "emergency_admissions.monthly",
        "emergency_admissions.population.monthly",
    ]
    activity, people = asked("emergency_admissions", "commissioner")[:2]
    assert people.table.name == "population"
    assert people.groupings == activity.groupings
    assert activity.estimates == ()


def test_small_organisations_are_not_asked_by_month():
    assert [q.name for q in asked("day_case_rate", "practice")] == ["day_case_rate"]
    assert completeness_question(level="practice", trend=TREND).groupings == (Grouping(monthly=True),)


@pytest.mark.parametrize("level", ["provider", "ward"])
def test_a_level_that_the_measure_lacks_is_refused_by_name(level):
    with pytest.raises(QuestionError, match=level):
        check_level(MEASURES["emergency_admissions"], level)


@pytest.mark.parametrize("name", MEASURES)
def test_every_question_of_every_measure_can_be_put(name):
    for level in MEASURES[name].levels:
        for question in asked(name, level):
            assert question.sources in {(MEASURES[name].table.name,), ("population",)}
            assert len(question.identity) == 64
