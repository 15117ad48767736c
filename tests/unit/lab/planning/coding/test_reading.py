"""Codes or treats differently: the rule, case by case."""

import pytest

from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.tables.coding import SPELL_CODING
from farr.lab.planning.coding.indicator import IndicatorError, Subject, declared, indicator
from farr.lab.planning.coding.reading import Finding, Reading, Verdict, reading, verdict

DEPTH, SYMPTOMS, UNSPECIFIED = (indicator(name) for name in ("depth_of_coding", "symptoms", "unspecified"))


def found(z, *, differs=False, name="x"):
    return Finding(name=name, z=z, differs=differs)


def care(**z):
    return {name: found(value, name=name) for name, value in z.items()}


def test_deeper_coding_of_people_who_stay_and_die_as_expected_is_coding():
    assert reading(DEPTH, found(5.0, differs=True), care(length_of_stay=0.3, mortality=-0.5)) == (Reading.CODES, ())


def test_deeper_coding_of_people_who_stay_longer_may_be_sicker_people():
    assert reading(DEPTH, found(5.0, differs=True), care(length_of_stay=2.5, mortality=0.1)) == (
        Reading.MAYBE_PATIENTS,
        ("length_of_stay",),
    )


def test_care_that_differs_the_other_way_explains_nothing():
    assert reading(DEPTH, found(5.0, differs=True), care(length_of_stay=-2.5))[0] is Reading.CODES
    assert reading(DEPTH, found(-5.0, differs=True), care(length_of_stay=-2.5))[0] is Reading.MAYBE_PATIENTS


def test_many_symptoms_are_explained_by_short_stays():
    assert reading(SYMPTOMS, found(4.0, differs=True), care(length_of_stay=-3.0)) == (Reading.MAYBE_PATIENTS, ("length_of_stay",))
    assert reading(SYMPTOMS, found(4.0, differs=True), care(length_of_stay=3.0))[0] is Reading.CODES


def test_no_patient_explains_a_missing_diagnosis():
    assert reading(UNSPECIFIED, found(4.0, differs=True), care(length_of_stay=9.0))[0] is Reading.RECORD_ALONE


def test_hidden_care_tells_nothing():
    assert reading(DEPTH, found(5.0, differs=True), care(length_of_stay=None))[0] is Reading.UNTOLD
    with pytest.raises(ValueError, match="does not differ"):
        reading(DEPTH, found(0.1), {})


@pytest.mark.parametrize(
    ("readings", "care_differs", "expected"),
    [
        ([Reading.CODES], False, Verdict.CODES),
        ([Reading.RECORD_ALONE, Reading.MAYBE_PATIENTS], False, Verdict.CODES),
        ([Reading.CODES], True, Verdict.BOTH),
        ([Reading.MAYBE_PATIENTS], True, Verdict.PATIENTS),
        ([Reading.UNTOLD], False, Verdict.UNTOLD),
        ([], True, Verdict.TREATS),
        ([], False, Verdict.NEITHER),
    ],
)
def test_verdicts(readings, care_differs, expected):
    assert verdict(readings, {"mortality": found(4.0, differs=care_differs)}, is_tested=True) is expected


def test_who_could_not_be_tested_has_no_verdict():
    assert verdict([], {}, is_tested=False) is Verdict.UNKNOWN


def test_an_unknown_indicator_is_told_which_there_are():
    with pytest.raises(IndicatorError, match="farr coding-indicators"):
        indicator("nothing")


@pytest.mark.parametrize("name", declared())
def test_an_indicator_says_why_and_is_adjusted_by_what_the_mart_has(name):
    which = declared()[name]
    for text in (which.title, which.says, which.why, which.source, which.unit):
        assert text.strip()
    assert {DIMENSIONS[each].column for each in which.strata} <= set(SPELL_CODING.schema.names)
    assert all(declared()[care].subject is Subject.CARE for care, _ in which.explained_by)


def test_care_is_adjusted_by_nothing_that_is_coded():
    diagnoses = {"casemix_group", "diagnosis_chapter", "diagnosis", "hrg", "hrg_chapter", "operated"}
    assert not any(diagnoses & set(which.strata) for which in declared().values() if which.subject is Subject.CARE)
