import pytest

from farr.lab.measures.comparison.breakdown import breakdown
from farr.lab.measures.questions import breakdown_questions, reference_questions
from farr.lab.measures.reference import read_reference
from farr.lab.model.period import Period
from farr.lab.model.question import Grouping, QuestionError

MAY = Period.parse("2024-05")


def broken_down(measure, answer, tables, *, level, by, organisation, reference=None):
    asked = breakdown_questions(measure, level=level, by=by, period=MAY, reference=reference)
    activity, *people = [answer(each, tables[each.table.name]) for each in asked]
    rows = breakdown(measure, activity, level=level, by=by, organisation=organisation, population=people[0] if people else None)
    return {row[0]: dict(zip(rows, row, strict=True)) for row in zip(*rows.values(), strict=True)}


@pytest.fixture
def wards(make_spells):
    """Provider A: 100 by general surgery with 10 deaths, 20 elsewhere with 8; the nation's surgery: 20 of 200."""
    common = {"Casemix_Group": "1", "Age_Group": "85+"}
    return {
        "apc_spell": [
            row
            for provider, specialty, alive, died in (("A", "100", 90, 10), ("A", "300", 12, 8), ("B", "100", 90, 10))
            for method, count in (("1", alive), ("4", died))
            for row in make_spells(count, Provider_Code=provider, Treatment_Function_Code=specialty, Discharge_Method=method, **common)
        ]
    }


def test_it_is_asked_by_code_within_the_organisation_and_in_the_nation(kinds):
    (asked,) = breakdown_questions(kinds["proportion"], level="provider", by="specialty", period=MAY)
    assert asked.name == "trial.by_specialty"
    assert [each.dimensions for each in asked.groupings] == [("provider", "specialty"), ("specialty",), ("provider",), ()]
    (nation,) = breakdown_questions(kinds["proportion"], level="national", by="specialty", period=MAY)
    assert nation.groupings == (Grouping(dimensions=("specialty",)), Grouping())


def test_each_code_is_set_beside_the_nation_s_and_has_its_share(kinds, answer, wards):
    rows = broken_down(kinds["proportion"], answer, wards, level="provider", by="specialty", organisation="A")
    assert list(rows) == ["100", "300"]
    assert rows["100"]["value"] == pytest.approx(10.0)
    assert rows["100"]["norm_value"] == pytest.approx(10.0)
    assert rows["300"]["value"] == pytest.approx(40.0)
    assert rows["300"]["share"] == pytest.approx(20 / 120)
    assert rows["300"]["lower"] < 40 < rows["300"]["upper"]
    assert rows["300"]["note"] is None


def test_the_nation_itself_is_broken_down(kinds, answer, wards):
    rows = broken_down(kinds["proportion"], answer, wards, level="national", by="specialty", organisation="national")
    assert rows["100"]["value"] == rows["100"]["norm_value"] == pytest.approx(10.0)
    assert rows["100"]["share"] == pytest.approx(200 / 220)


def test_a_site_stands_beside_the_whole_nation_for_no_other_has_its_code(kinds, answer, make_spells):
    rows = [
        row
        for provider, site, alive, died in (("A", "A01", 90, 10), ("A", "A02", 12, 8), ("B", "B01", 78, 2))
        for method, count in (("1", alive), ("4", died))
        for row in make_spells(count, Provider_Code=provider, Site_Code=site, Discharge_Method=method)
    ]
    found = broken_down(kinds["proportion"], answer, {"apc_spell": rows}, level="provider", by="site", organisation="A")
    assert {site: row["value"] for site, row in found.items()} == {"A01": pytest.approx(10.0), "A02": pytest.approx(40.0)}
    assert [row["norm_value"] for row in found.values()] == pytest.approx([10.0, 10.0])


def test_per_head_too_the_norm_of_a_site_is_the_nations(kinds, answer, make_spells, make_people):
    rows = [
        row for code, site, deaths in (("A", "A01", 20), ("B", "B01", 60))
        for row in make_spells(deaths, Commissioner_Code=code, Site_Code=site, Discharge_Method="4")
    ]  # fmt: skip
    tables = {"apc_spell": rows, "population": make_people("A", 100) + make_people("B", 200)}
    found = broken_down(kinds["rate"], answer, tables, level="commissioner", by="site", organisation="A")
    assert found["A01"]["value"] == pytest.approx(20.0)
    assert found["A01"]["norm_value"] == pytest.approx(100 * 80 / 300)


def test_a_standardised_ratio_stands_beside_what_is_expected(kinds, answer, wards):
    (asked,) = reference_questions(kinds["indirect"], period=MAY)
    reference = read_reference(kinds["indirect"], answer(asked, wards["apc_spell"]))
    rows = broken_down(kinds["indirect"], answer, wards, level="provider", by="specialty", organisation="A", reference=reference)
    assert rows["300"]["denominator"] == pytest.approx(20 * 28 / 220, rel=1e-5)
    assert rows["300"]["norm_value"] == 100
    assert rows["300"]["share"] == pytest.approx(20 / 120)


@pytest.fixture
def commissioners(make_spells, make_people):
    rows = [
        row for code, deaths in (("A", 10), ("B", 30)) for sex in ("1", "2")
        for row in make_spells(deaths, Commissioner_Code=code, Sex=sex, Treatment_Function_Code="100", Discharge_Method="4")
    ]  # fmt: skip
    return {"apc_spell": rows, "population": make_people("A", 100) + make_people("B", [300, 100] * 6)}


def test_a_code_s_people_are_all_of_the_organisation_s_unless_they_are_known_by_it(kinds, answer, commissioners):
    by_specialty = broken_down(kinds["rate"], answer, commissioners, level="commissioner", by="specialty", organisation="A")
    assert by_specialty["100"]["denominator"] == pytest.approx(100)
    assert by_specialty["100"]["value"] == pytest.approx(20.0)
    assert by_specialty["100"]["norm_value"] == pytest.approx(100 * 80 / 300)
    by_sex = broken_down(kinds["rate"], answer, commissioners, level="commissioner", by="sex", organisation="B")
    assert by_sex["1"]["denominator"] == pytest.approx(150)
    assert by_sex["1"]["value"] == pytest.approx(20.0)
    assert by_sex["1"]["norm_value"] == pytest.approx(100 * 40 / 200)
    assert by_sex["2"]["share"] == pytest.approx(0.5)


def test_a_hidden_code_says_so_and_stands_last(kinds, answer, wards):
    (asked,) = breakdown_questions(kinds["proportion"], level="provider", by="specialty", period=MAY)
    released = answer(asked, wards["apc_spell"])
    cells = released.to_pylist()
    for row in cells:
        if row["grouping"] == 0 and (row["provider"], row["specialty"]) == ("A", "100"):
            row.update({"numerator": None, "denominator": None, "numerator__status": "suppressed", "denominator__status": "suppressed"})
    rows = breakdown(
        kinds["proportion"], type(released).from_pylist(cells), level="provider", by="specialty", organisation="A", names={"100": "Surgery"}
    )
    assert rows["code"] == ["300", "100"]
    assert rows["name"] == ["300", "Surgery"]
    assert rows["value"][1] is None
    assert rows["note"] == [None, "hidden: too few people"]


@pytest.mark.parametrize(("name", "by", "says"), [("proportion", "hrg", "specialty, site, sex"), ("direct", "specialty", "age and sex")])
def test_what_cannot_be_broken_down_is_refused(kinds, name, by, says):
    with pytest.raises(QuestionError, match=says):
        breakdown_questions(kinds[name], level="commissioner", by=by, period=MAY)
