import ibis
import pytest

from farr.lab.engine.allowed import check_question
from farr.lab.engine.errors import QuestionRefused
from farr.lab.model.codegroup import codegroup_names, load_codegroups
from farr.lab.model.codelist import CodeListError
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.reference import COMMISSIONER_USUAL_REGION


def grouped(name, codes):
    rows = ibis.memtable({"code": codes}, schema={"code": "string"})
    found = ibis.duckdb.connect().to_pyarrow(rows.mutate(group=load_codegroups(name).group_of(rows.code)))
    return dict(zip(found["code"].to_pylist(), found["group"].to_pylist(), strict=True))


@pytest.mark.parametrize("name", codegroup_names())
def test_every_range_groups_its_own_codes_and_no_others(name):
    groups = load_codegroups(name)
    every = [f"{letter}{number:02d}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for number in range(100)]
    expected = {code: next((each.group for each in groups.ranges if each.first <= code <= each.last), None) for code in every}
    assert grouped(name, every) == expected
    assert grouped(name, [code + "9X" for code in every]) == {code + "9X": group for code, group in expected.items()}


def test_an_unknown_grouping_names_the_known():
    with pytest.raises(CodeListError, match="icd10_chapter"):
        load_codegroups("nothing_of_the_kind")


def test_no_question_can_be_asked_of_the_usual_regions():
    where = COMMISSIONER_USUAL_REGION.unbound.Region_Code == "A"
    counted = (Aggregate(name="numerator", kind=AggregateKind.COUNT, where=where),)
    period = Period.parse("2024-05")
    question = Question(name="q", table=COMMISSIONER_USUAL_REGION, period=period, where=where, aggregates=counted, groupings=(Grouping(),))
    with pytest.raises(QuestionRefused, match="has no months"):
        check_question(question)
