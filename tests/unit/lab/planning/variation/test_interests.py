"""Which admissions are meant by a name, and which questions of them are registered."""

import pytest

from farr.lab.model.codelist import codelist_names
from farr.lab.model.period import Period
from farr.lab.planning.family import families
from farr.lab.planning.variation.interest import ADMITTED, InterestError, declared, interest, named
from farr.lab.planning.variation.questions import nation_question, places_question

YEAR = Period.parse("2024-04..2025-03")


@pytest.mark.parametrize("name", declared())
def test_a_declared_interest_says_why_and_by_which_source(name):
    each = declared()[name]
    assert each.name == name and each.why and "not clinically signed off" in each.source
    assert each.admitted in ADMITTED and (each.codes in codelist_names() or len(each.codes) == 3)


def test_a_name_spells_out_what_is_counted():
    assert interest("diagnosis-K80-emergency").title == "Emergency admissions with primary diagnosis K80"
    assert named("procedure", "w37", "planned") == "procedure-W37-planned"
    assert named("diagnosis", "stroke", "any") == "diagnosis-stroke"
    assert "circulatory" in interest("chapter-09").title


@pytest.mark.parametrize(
    "name", ["", "hips", "diagnosis-K8", "diagnosis-K802", "diagnosis-K80+K81", "chapter-99", "diagnosis-K80-slow", "K80"]
)
def test_any_other_set_of_codes_is_refused_with_what_may_be_typed(name):
    with pytest.raises(InterestError, match="diagnosis-K80"):
        interest(name)


def test_questions_are_registered_as_they_are_put():
    family = families()["variation"]
    for name in ("hip_replacement", "diagnosis-K80-emergency"):
        which = interest(name)
        nation, places = nation_question(which, period=YEAR), places_question(which, level="locality", period=YEAR)
        assert [each.identity for each in family.questions(nation.name, "national", YEAR)] == [nation.identity]
        assert [each.identity for each in family.questions(places.name, "locality", YEAR)] == [places.identity]
    assert family.questions("variation.hips.nation", "national", YEAR) == []
    assert family.questions("variation.stroke.places", "provider", YEAR) == []
    assert family.questions("variation.stroke.everything", "national", YEAR) == []
