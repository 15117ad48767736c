"""What is registered: every question that a measure puts, by itself and as the desk plans it, and nothing that differs from one."""

from dataclasses import replace

import ibis
import pytest

from farr.lab.desk.answering.plan import Plan
from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.disclosure.review.registry import is_registered
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.questions import breakdown_questions, completeness_question, questions, reference_questions
from farr.lab.model.codelist import CodeList, load_codelist
from farr.lab.model.dimension import AS_WAS
from farr.lab.model.discover import discover
from farr.lab.model.period import Month, Period
from farr.lab.model.question import AggregateKind, Grouping, QuestionError
from farr.lab.model.tables.sus import APC_SPELL

MEASURES = discover("farr.lab.measures.definitions", Measure)
PERIOD = Period.parse("2024-04..2025-03")
RATIOS = {MeasureKind.STANDARDISED_RATIO}


def put_by(measure):
    """All that a measure puts, but what needs the nation's shares."""
    found = reference_questions(measure, period=PERIOD)
    levels = [*measure.levels, *(AS_WAS[level] for level in measure.levels if level in AS_WAS)]
    for level in levels:
        found.append(completeness_question(level=level, trend=PERIOD, table=measure.table))
        if measure.kind not in RATIOS:
            found += [each for v in (True, False) for each in questions(measure, level=level, period=PERIOD, trend=PERIOD, verdict=v)]
            found += [each for by in measure.breakdowns for each in broken(measure, level, by)]
    return found


def broken(measure, level, by):
    try:
        return breakdown_questions(measure, level=level, by=by, period=PERIOD)
    except QuestionError:
        return []


@pytest.mark.parametrize("name", MEASURES)
def test_every_question_of_a_measure_is_registered(name):
    registry = RegisteredMeasures()
    assert [each.name for each in put_by(MEASURES[name]) if not is_registered(each, registry)] == []


def test_so_is_what_a_plan_asks_whatever_months_it_leaves_out():
    left_out = (Month(2024, 7),)
    plan = Plan(
        measure=MEASURES["length_of_stay"], level="provider", period=PERIOD, months=PERIOD, left_out=left_out, by="specialty",
        past=Period.parse("2023-04..2024-03"),
    )  # fmt: skip
    asked = [plan.completeness(), *plan.all()]
    assert len(asked) > 4 and all(is_registered(each, RegisteredMeasures()) for each in asked)
    assert any(each.left_out for each in asked)


def changed(question):
    """The question with one thing changed, and what."""
    table, (first, *others) = question.table.unbound, question.aggregates
    more = table.Activity_Month.notnull()
    with_first = lambda **changes: replace(question, aggregates=(replace(first, **changes), *others))  # noqa: E731
    yield "name", replace(question, name=f"{question.name}.x")
    yield "rows", replace(question, where=question.where & more)
    yield "all rows", replace(question, where=ibis.literal(True))
    yield "condition", with_first(where=first.where & more)
    yield "the other way", with_first(where=~first.where)
    yield "figure's name", with_first(name="another")
    yield "within", with_first(subset_of=None if first.subset_of else "denominator")
    yield "fewer figures", replace(question, aggregates=(first,), estimates=())
    yield "one grouping", replace(question, groupings=question.groupings[:1], estimates=())
    yield "another grouping", replace(question, groupings=(*question.groupings, Grouping(dimensions=("age_band", "sex"))))
    yield "groupings in another order", replace(question, groupings=question.groupings[::-1])
    if first.kind is AggregateKind.SUM:
        yield "value", with_first(value=first.value + 1)
    for estimate in question.estimates:
        yield "parameters", replace(question, estimates=(replace(estimate, parameters=(("method", "mean"), ("confidence", 0.5))),))


@pytest.mark.parametrize("name", ["length_of_stay", "day_case_rate", "emergency_admissions"])
def test_what_differs_in_anything_is_not(name):
    question = questions(MEASURES[name], level="commissioner", period=PERIOD, trend=None, verdict=True)[0]
    assert is_registered(question, RegisteredMeasures())
    registered = [
        what for what, other in changed(question) if other.identity != question.identity and is_registered(other, RegisteredMeasures())
    ]
    assert registered == []


def test_of_one_measure_nothing_is_lent_to_another():
    one, other = (questions(MEASURES[name], level="provider", period=PERIOD, trend=None, verdict=False)[0] for name in
                  ("length_of_stay", "day_case_rate"))  # fmt: skip
    assert not is_registered(replace(one, name=other.name), RegisteredMeasures())
    assert not is_registered(replace(one, aggregates=other.aggregates), RegisteredMeasures())


def codes(name="typed", match="prefix", **given) -> CodeList:
    return CodeList(name=name, title="t", version="v", source="s", licence="none", match=match, codes=given)


@pytest.mark.parametrize(
    ("diagnosis", "free"),
    [
        (codes(K35="K35"), True),
        (load_codelist("gallstones"), True),
        (codes(K80="K80", K81="K81"), False),
        (codes(K801="K80.1"), False),
        (codes(match="exact", K80="K80"), False),
        (codes(name="gallstones", K80="K80", C22="C22"), False),  # by the name of a list that Farr carries
        (codes(name="a_local_list", K80="K80", K83="K83"), False),
    ],
)
def test_single_categories_and_lists_that_farr_carries_are_registered_codes(diagnosis, free):
    registry, measure = RegisteredMeasures(), MEASURES["procedure_for_diagnosis"]
    chosen = registry.chosen(measure, {"diagnosis": diagnosis, "procedure": codes(J18="J18")})
    asked = questions(chosen, level="provider", period=PERIOD, trend=None, verdict=True)[0]
    assert is_registered(asked, registry) is free
    if diagnosis != load_codelist("gallstones"):
        assert not is_registered(asked, RegisteredMeasures())  # another desk was told of no choice


CATEGORIES = {"diagnosis": codes(K35="K35"), "procedure": codes(J18="J18")}


def asked_of(measure):
    return questions(measure, level="provider", period=PERIOD, trend=None, verdict=True)[0]


def test_a_choice_is_registered_of_the_measure_as_declared_whatever_is_handed_in():
    registry, measure = RegisteredMeasures(), MEASURES["procedure_for_diagnosis"]
    old = APC_SPELL.unbound.Age >= 85
    handed = replace(measure, choose=lambda _: (old, old))
    assert not is_registered(asked_of(registry.chosen(handed, CATEGORIES)), registry)
    assert is_registered(asked_of(measure.chosen(CATEGORIES)), registry)


def test_a_list_that_lies_about_its_codes_registers_what_it_says_it_is():
    class Lying(CodeList):
        def contains(self, code):
            return code == "C22"

    registry, measure = RegisteredMeasures(), MEASURES["procedure_for_diagnosis"]
    lying = Lying(**vars(CATEGORIES["diagnosis"]))
    assert not is_registered(asked_of(registry.chosen(measure, {**CATEGORIES, "diagnosis": lying})), registry)
    changed = codes(K35="K35")
    registry.chosen(measure, {**CATEGORIES, "diagnosis": changed})
    changed.codes["C22"] = "C22"
    assert not is_registered(asked_of(measure.chosen({**CATEGORIES, "diagnosis": changed})), registry)


def test_what_farr_carries_cannot_be_changed():
    with pytest.raises(TypeError):
        load_codelist("gallstones").codes["C22"] = "C22"


def test_the_same_choice_is_kept_once():
    registry, measure = RegisteredMeasures(), MEASURES["procedure_for_diagnosis"]
    for _ in range(3):
        registry.chosen(measure, CATEGORIES)
    first, *others = {id(each) for each in registry._chosen[measure.name].values()}
    assert first and not others


def test_tables_and_levels_that_are_not_there_put_nothing():
    question = completeness_question(level="provider", trend=PERIOD)
    for name in ("completeness.elsewhere", "completeness", "", ".", "length_of_stay.by_", "length_of_stay.reference"):
        assert not is_registered(replace(question, name=name), RegisteredMeasures())
