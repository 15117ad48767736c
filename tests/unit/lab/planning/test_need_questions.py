"""Which questions about people are registered, and what is declared of conditions."""

import pytest

from farr.lab.model.codelist import load_codelist
from farr.lab.model.period import Period
from farr.lab.model.question import QuestionError
from farr.lab.model.tables.people import CONDITIONS, PERSON_MONTH, seen_column
from farr.lab.planning.family import families
from farr.lab.planning.need.condition import declared
from farr.lab.planning.need.questions import SEEN, nation_question, places_question
from farr.lab.planning.risk.questions import (
    BURDEN,
    EMERGENCIES,
    OUTPATIENTS,
    VISITS,
    Window,
    condition_question,
    deprivation_question,
    outpatients_question,
    strata_question,
    visits_question,
)

YEAR = Period.parse("2024-04..2025-03")


def test_every_condition_of_the_table_is_declared_with_its_codes_and_what_is_not_seen():
    assert set(declared()) == set(CONDITIONS)
    for name, condition in declared().items():
        assert condition.why and condition.unseen and "not clinically signed off" in load_codelist(name).source
        assert seen_column(name) in PERSON_MONTH.schema.names


@pytest.mark.parametrize("name", [SEEN, "heart_failure"])
def test_needs_are_registered_as_they_are_put(name):
    nation, places = nation_question(name, period=YEAR), places_question(name, level="region", period=YEAR)
    assert [each.identity for each in families()["need"].questions(nation.name, "national", YEAR)] == [nation.identity]
    assert [each.identity for each in families()["need"].questions(places.name, "region", YEAR)] == [places.identity]
    assert families()["need"].questions("need.hay_fever.nation", "national", YEAR) == []
    assert families()["need"].questions("need.stroke.places", "provider", YEAR) == []


def test_histories_are_registered_as_they_are_put_and_no_others():
    window = Window(before=YEAR, months=6)
    asked = [strata_question(window, emergencies, burden) for emergencies in EMERGENCIES for burden in BURDEN]
    asked += [visits_question(window, emergencies, visits) for emergencies in EMERGENCIES for visits in VISITS]
    asked += [outpatients_question(window, emergencies, seen) for emergencies in EMERGENCIES for seen in OUTPATIENTS]
    asked += [deprivation_question(window, emergencies) for emergencies in EMERGENCIES]
    asked.append(condition_question(window, "chronic_kidney_disease"))
    for question in asked:
        assert [each.identity for each in families()["risk"].questions(question.name, "national", YEAR)] == [question.identity]
    assert len({question.identity for question in asked}) == len(asked)
    for name in (
        "risk.strata_4_0_6",
        "risk.strata_0_0",
        "risk.strata_0_0_0",
        "risk.condition_gout_6",
        "risk.condition_copd_99",
        "risk.all_6",
        "risk.visits_0_3+_6",
        "risk.deprivation_4_6",
    ):
        assert families()["risk"].questions(name, "national", YEAR) == []


def test_the_months_after_begin_where_the_history_ends():
    window = Window(before=YEAR, months=3)
    assert (str(window.first), str(window.last)) == ("2025-04", "2025-06")
    with pytest.raises(QuestionError, match="1 to 24"):
        Window(before=YEAR, months=0)
