"""A baseline from released tables drawn by hand: what is hidden is spread so that all adds up to what is shown."""

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.model.period import Period
from farr.lab.model.question import Grouping
from farr.lab.planning.projection.baseline import Answer, Residents, baseline_of
from farr.lab.planning.projection.cells import BANDS
from farr.lab.planning.projection.uncertain import ProjectionError
from farr.lab.planning.projection_questions import (
    appointment_prices_question,
    appointments_question,
    baseline_questions,
    months_questions,
    prices_question,
    shares_question,
    site_questions,
    spells_questions,
    visit_prices_question,
    visits_question,
)

YEAR = Period.parse("2024-04..2025-03")
EVEN = Residents(area=np.full((len(BANDS), 2), 10.0), nation=np.full((len(BANDS), 2), 100.0))
HIDDEN = None
NAMES = ("commissioner", "provider", "point_of_delivery", "site", "specialty", "age_group", "age_band", "sex")


def answer(questions, *rows):
    """Each row is the codes of its grouping as a dictionary and figures by name, None where hidden. It is of the first question that asks
    for its grouping."""
    questions = questions if isinstance(questions, list) else [questions]
    made = {question.name: [] for question in questions}
    for codes, figures in rows:
        wanted = Grouping(dimensions=tuple(codes))
        question = next(each for each in questions if wanted in each.groupings)
        row = {"grouping": question.groupings.index(wanted), "month": None, **{name: codes.get(name) for name in NAMES}}
        for each in question.aggregates:
            figure = figures.get(each.name, 0)
            row |= {
                each.name: None if figure is HIDDEN else float(figure),
                f"{each.name}__status": "suppressed" if figure is HIDDEN else "shown",
            }
        made[question.name].append(row)
    return Answer(parts=tuple((each, table_of(made[each.name])) for each in questions))


def status(figure):
    return "suppressed" if figure is HIDDEN else "shown"


def table_of(rows):
    return pa.Table.from_pylist(rows) if rows else pa.table({"grouping": pa.array([], pa.int64())})


def spells(*more):
    """Commissioner 01A: 100 emergencies, 60 of them shown as women of 75 to 84, the rest of the strata hidden."""
    pod = {"point_of_delivery": "NEL"}
    own = {"commissioner": "01A", **pod}
    return answer(
        spells_questions("commissioner", YEAR),
        ({**own}, {"activity": 100, "bed_days": 700}),
        ({**own, "age_group": "75-84", "sex": "2"}, {"activity": 60, "bed_days": 480}),
        ({**own, "age_group": "75-84", "sex": "1"}, {"activity": HIDDEN, "bed_days": HIDDEN}),
        ({**own, "age_group": "15-44", "sex": "1"}, {"activity": HIDDEN, "bed_days": HIDDEN}),
        ({**own, "specialty": "300"}, {"activity": 80, "bed_days": 600}),
        ({**own, "specialty": "110"}, {"activity": HIDDEN, "bed_days": HIDDEN}),
        ({**pod}, {"activity": 1000, "bed_days": 7000}),
        ({**pod, "age_band": "75-79", "sex": "2"}, {"activity": 300, "bed_days": 2000}),
        ({**pod, "age_band": "80-84", "sex": "2"}, {"activity": 300, "bed_days": 2600}),
        ({**pod, "age_band": "80-84", "sex": "1"}, {"activity": 300, "bed_days": 2000}),
        ({**pod, "age_band": "20-24", "sex": "1"}, {"activity": 100, "bed_days": 400}),
        ({**pod, "specialty": "300"}, {"activity": 700, "bed_days": 6000}),
        ({**pod, "specialty": "110"}, {"activity": 300, "bed_days": 1000}),
        ({**pod, "specialty": "300", "age_group": "75-84", "sex": "2"}, {"activity": 600, "bed_days": 4600}),
        ({**pod, "specialty": "110", "age_group": "75-84", "sex": "1"}, {"activity": 300, "bed_days": 2000}),
        ({**pod, "specialty": "300", "age_group": "15-44", "sex": "1"}, {"activity": 100, "bed_days": 400}),
        *more,
    )


def of(baseline, figures, **codes):
    chosen = np.ones(len(baseline.cells), dtype=bool)
    for name, code in codes.items():
        chosen &= getattr(baseline.cells, name) == code
    return float(figures[chosen].sum())


def test_what_is_hidden_is_spread_by_the_nations_shape_and_all_adds_up():
    found = baseline_of({"spells": spells()}, level="commissioner", code="01A", residents=EVEN)
    assert found.activity.sum() == pytest.approx(100) and found.bed_days.sum() == pytest.approx(700)
    # Women of 75 to 84: the 60 shown, half in each band, as in the nation. The hidden 40 go to men, three to one.
    assert of(found, found.activity, sex="2") == pytest.approx(60, rel=0.01)
    assert of(found, found.activity, sex="2", age_band="75-79") == pytest.approx(30, rel=0.01)
    assert of(found, found.activity, sex="1", age_band="80-84") == pytest.approx(30, rel=0.01)
    assert of(found, found.activity, sex="1", age_band="20-24") == pytest.approx(10, rel=0.01)


def test_the_rest_of_specialties_is_what_the_total_leaves():
    found = baseline_of({"spells": spells()}, level="commissioner", code="01A", residents=EVEN)
    assert of(found, found.activity, specialty="300") == pytest.approx(80, rel=0.01)
    assert of(found, found.activity, specialty="110") == pytest.approx(20, rel=0.02)
    # In the nation surgery (110) is of men of 75 to 84 alone.
    assert of(found, found.activity, specialty="110", age_band="80-84", sex="1") == pytest.approx(20, rel=0.05)


def test_more_people_of_an_age_draw_more_of_what_is_hidden():
    young = EVEN.area.copy()
    young[BANDS.index("20-24"), 0] = 30.0
    found = baseline_of({"spells": spells()}, level="commissioner", code="01A", residents=Residents(area=young, nation=EVEN.nation))
    # By people: 30 of 80-84 (300 × 10/100) and 30 of 20-24 (100 × 30/100): the hidden 40 are shared evenly.
    assert of(found, found.activity, age_band="20-24") == pytest.approx(20, rel=0.01)


def test_prices_are_the_organisations_else_the_nations():
    own = {"commissioner": "01A", "point_of_delivery": "NEL"}
    shown = answer(
        prices_question("commissioner", YEAR),
        (own, {"priced": 50, "paid": 100_000}),
        ({"point_of_delivery": "NEL"}, {"priced": 1, "paid": 9}),
    )
    hidden = answer(
        prices_question("commissioner", YEAR),
        (own, {"priced": HIDDEN, "paid": HIDDEN}),
        ({"point_of_delivery": "NEL"}, {"priced": 10, "paid": 30_000}),
    )
    for prices, price in ((shown, 2000.0), (hidden, 3000.0)):
        found = baseline_of({"spells": spells(), "prices": prices}, level="commissioner", code="01A", residents=EVEN)
        assert found.price == pytest.approx(np.full(len(found.price), price))


def test_shares_of_mitigations_are_by_point_of_delivery():
    own = {"commissioner": "01A", "point_of_delivery": "NEL"}
    shares = answer(
        shares_question("commissioner", YEAR), (own, {"activity": 100, "ambulatory_sensitive": 25}),
        ({"point_of_delivery": "NEL"}, {"activity": 1000, "ambulatory_sensitive": 100}),
        ({"point_of_delivery": "DC"}, {"activity": 500, "ambulatory_sensitive": 0}),
    )  # fmt: skip
    found = baseline_of({"spells": spells(), "shares": shares}, level="commissioner", code="01A", residents=EVEN)
    assert found.shares["ambulatory_sensitive"] == {"NEL": pytest.approx(0.25), "DC": 0.0}


def test_appointments_and_attendances_stand_beside_spells():
    own = {"commissioner": "01A"}
    appointments = answer(
        appointments_question("commissioner", YEAR), (own, {"OPFA": 200, "OPFUP": 400}), ({}, {"OPFA": 2000, "OPFUP": 4000}),
        ({"age_band": "20-24", "sex": "1"}, {"OPFA": 1000, "OPFUP": 1000}),
        ({"age_band": "80-84", "sex": "2"}, {"OPFA": 1000, "OPFUP": 3000}),
        ({**own, "age_band": "20-24", "sex": "1"}, {"OPFA": 50, "OPFUP": HIDDEN}),
        ({**own, "age_band": "80-84", "sex": "2"}, {"OPFA": 150, "OPFUP": HIDDEN}),
        ({"specialty": "110"}, {"OPFA": 2000, "OPFUP": 4000}), ({**own, "specialty": "110"}, {"OPFA": 200, "OPFUP": 400}),
    )  # fmt: skip
    priced = answer(appointment_prices_question("commissioner", YEAR), (own, {"OPFA_priced": 100, "OPFA_paid": 15_000}))
    visits = answer(
        visits_question("commissioner", YEAR), (own, {"AE": 90}), ({}, {"AE": 900}), ({"age_band": "20-24", "sex": "1"}, {"AE": 900}),
        ({**own, "age_band": "20-24", "sex": "1"}, {"AE": 90}),
    )  # fmt: skip
    untreated = answer(
        visit_prices_question("commissioner", YEAR), (own, {"AE": 90, "without_treatment": 30}), ({}, {"AE": 900, "without_treatment": 90})
    )
    answers = {"spells": spells(), "appointments": appointments, "appointment_prices": priced, "visits": visits, "visit_prices": untreated}
    found = baseline_of(answers, level="commissioner", code="01A", residents=EVEN)
    assert of(found, found.activity, point_of_delivery="OPFA", age_band="20-24") == pytest.approx(50, rel=0.01)
    assert of(found, found.activity, point_of_delivery="OPFUP", age_band="20-24") == pytest.approx(100, rel=0.01)
    assert of(found, found.payments, point_of_delivery="OPFA") == pytest.approx(200 * 150)
    assert of(found, found.activity, point_of_delivery="AE") == pytest.approx(90)
    assert found.shares["without_treatment"] == {"AE": pytest.approx(1 / 3)}


def provider_spells():
    """Provider RAA: 100 emergencies and 10 day cases, their specialties and ages hidden."""
    rows = []
    for pod, count, days in (("NEL", 100, 700), ("DC", 10, 0)):
        nation = {"activity": 10 * count, "bed_days": 10 * days}
        rows += [
            ({"provider": "RAA", "point_of_delivery": pod}, {"activity": count, "bed_days": days}),
            ({"provider": "RAA", "point_of_delivery": pod, "specialty": "300"}, {"activity": HIDDEN, "bed_days": HIDDEN}),
            ({"provider": "RAA", "point_of_delivery": pod, "age_group": "75-84", "sex": "2"}, {"activity": HIDDEN, "bed_days": HIDDEN}),
            ({"point_of_delivery": pod}, nation),
            ({"point_of_delivery": pod, "age_band": "80-84", "sex": "2"}, nation),
            ({"point_of_delivery": pod, "specialty": "300"}, nation),
            (
                {"point_of_delivery": pod, "specialty": "300", "age_group": "75-84", "sex": "2"},
                {"activity": 10 * count, "bed_days": 10 * days},
            ),
        ]
    return answer(spells_questions("provider", YEAR), *rows)


def spells_by_site(*parts):
    """Each part is point of delivery, site, spells and bed days, None where hidden."""
    (question, *_) = site_questions("provider", YEAR)
    totals = [
        ({"provider": "RAA", "point_of_delivery": pod}, {"activity": count, "bed_days": days})
        for pod, count, days in (("NEL", 100, 700), ("DC", 10, 0))
    ]
    own = [
        ({"provider": "RAA", "point_of_delivery": pod, "site": site}, {"activity": count, "bed_days": days})
        for pod, site, count, days in parts
    ]
    return answer(question, *totals, *own)


def sited(by_site):
    answers = {"spells": provider_spells(), **({"spells_by_site": by_site} if by_site else {})}
    return baseline_of(answers, level="provider", code="RAA", residents=EVEN).sites


def test_sites_share_what_is_shown_and_the_hidden_rest_as_they_share_everything_else():
    hidden = (("DC", "RAA01", HIDDEN, HIDDEN), ("DC", "RAA02", HIDDEN, HIDDEN))
    found = sited(spells_by_site(("NEL", "RAA01", 80, 490), ("NEL", "RAA02", 20, 210), *hidden))
    assert found["NEL"] == {"RAA01": (pytest.approx(0.8), pytest.approx(0.7)), "RAA02": (pytest.approx(0.2), pytest.approx(0.3))}
    assert [found["DC"][site][0] for site in ("RAA01", "RAA02")] == pytest.approx([0.8, 0.2])


def test_records_without_a_site_keep_their_share():
    found = sited(spells_by_site(("NEL", "RAA01", 75, 600), ("NEL", "RAA@", 20, 80), ("NEL", "RXX@", 5, 20), ("DC", "RAA01", 10, 0)))
    assert found["NEL"]["unknown"] == (pytest.approx(0.25), pytest.approx(1 / 7))
    assert found["DC"] == {"RAA01": (1.0, 1.0)}
    for shares in found.values():
        assert [sum(each) for each in zip(*shares.values(), strict=True)] == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(
    "by_site",
    [
        None,
        spells_by_site(("NEL", "RAA@", 100, 700), ("DC", "RAA@", 10, 0)),
        spells_by_site(("NEL", "RAA01", HIDDEN, HIDDEN), ("NEL", "RAA02", HIDDEN, HIDDEN)),
    ],
    ids=["not released", "not sent", "hidden"],
)
def test_without_sites_there_are_none(by_site):
    assert sited(by_site) == {}


@pytest.mark.parametrize("level", ["commissioner", "region", "national"])
def test_sites_are_asked_of_providers_alone(level):
    assert site_questions(level, YEAR) == []
    assert [each.name for each in site_questions("provider", YEAR)] == [
        "projection.spells_by_site", "projection.appointments_by_site", "projection.visits_by_site",
    ]  # fmt: skip


def test_an_organisation_of_which_nothing_is_shown_has_no_baseline():
    with pytest.raises(ProjectionError, match="02B"):
        baseline_of({"spells": spells()}, level="commissioner", code="02B", residents=EVEN)


@pytest.mark.parametrize("level", ["provider", "commissioner", "region", "national"])
def test_sums_that_are_asked_for_are_of_amounts_never_below_nothing_and_names_are_said_once(level):
    asked = [*baseline_questions(level, YEAR), *months_questions(level, YEAR)]
    assert len({each.name for each in asked}) == len(asked)
    assert all(each.name.startswith("projection.") for each in asked)
