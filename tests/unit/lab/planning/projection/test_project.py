"""Projections that a person can follow on paper."""

from dataclasses import replace

import numpy as np
import pytest

from farr.lab.planning.projection.drivers import NON_DEMOGRAPHIC_GROWTH, Driver, waiting_list
from farr.lab.planning.projection.mitigation import Effect, Mitigation, chosen, declared
from farr.lab.planning.projection.population import unchanged
from farr.lab.planning.projection.result import ACTIVITY, BED_DAYS, CHANCE, PAYMENTS, interval
from farr.lab.planning.projection.run import project
from farr.lab.planning.projection.settings import Settings, nothing_changes
from farr.lab.planning.projection.tables import sites_table
from farr.lab.planning.projection.uncertain import ProjectionError, Uncertain, parse_range, standard_normal
from tests.unit.lab.planning.projection.small import SMALL, baseline, grown

TWO = nothing_changes(2)


def sure(value):
    return Uncertain(low=value, high=value)


def mitigation(**more):
    said = {
        "name": "made_up",
        "title": "Made up",
        "why": "To see.",
        "population": "Some",
        "evidence": "None",
        "unverified": "All",
        "full": 2,
    }
    return Mitigation(**{**said, **more})


def of(projection, figures, pod, year=-1):
    return figures[year, projection.points_of_delivery.index(pod)]


def test_where_nothing_changes_every_year_is_the_first():
    found = project(SMALL, unchanged(2), TWO, runs=3)
    for year in range(3):
        assert found.activity[year].sum(axis=0) == pytest.approx([1350.0] * 3)
        assert found.bed_days[year].sum(axis=0) == pytest.approx([2000.0] * 3)
        assert found.payments[year].sum(axis=0) == pytest.approx([975_000.0] * 3)
    assert found.gap == pytest.approx(np.zeros((3, 3)), abs=1e-6)


def test_people_of_an_age_and_sex_bring_their_own_activity():
    # 10% more women of 80 to 84 each year, and nobody else: 200 emergencies become 242, 1,000 follow-ups 1,210.
    found = project(SMALL, grown(2, {("80-84", "2"): 1.1}), TWO, runs=1)
    assert of(found, found.activity, "NEL") == pytest.approx([242.0])
    assert of(found, found.activity, "OPFUP") == pytest.approx([1210.0])
    assert of(found, found.activity, "EL") == pytest.approx([100.0])
    assert of(found, found.bed_days, "NEL") == pytest.approx([1936.0])


def test_maternity_goes_with_births_and_not_with_people_of_the_mothers_age():
    found = project(SMALL, grown(1, {("00-04", "1"): 1.2, ("00-04", "2"): 1.2, ("25-29", "2"): 2.0}), nothing_changes(1), runs=1)
    assert of(found, found.activity, "NELNE") == pytest.approx([60.0])
    assert found.causes(ACTIVITY)["births"] == pytest.approx([10.0])


def test_non_demographic_growth_compounds_by_kind_of_care():
    found = project(SMALL, unchanged(2), replace(TWO, drivers=NON_DEMOGRAPHIC_GROWTH), runs=2000)
    assert np.median(of(found, found.activity, "OPFUP")) == pytest.approx(1000 * 1.0249**2, rel=1e-3)
    low, _, high = interval(of(found, found.activity, "OPFUP", 1))
    assert (low, high) == (pytest.approx(1022.8, abs=0.4), pytest.approx(1027.0, abs=0.4))
    assert of(found, found.activity, "NELNE") == pytest.approx([50.0] * 2000)


def test_a_waiting_list_is_worked_off_by_equal_steps_and_then_stays():
    settings = replace(nothing_changes(4), drivers=(waiting_list(sure(1.2), 2),))
    found = project(SMALL, unchanged(4), settings, runs=1)
    assert of(found, found.activity, "EL", slice(None))[:, 0] == pytest.approx([100.0, 110.0, 120.0, 120.0, 120.0])


def test_healthier_people_use_what_younger_ones_do_now():
    # Use doubles every five years of age. One year younger in health: 2^(-1/5) of it.
    rates = {("NEL", "2"): 2.0 ** np.arange(20)}
    place = baseline(("NEL", "300", "80-84", "2", 200, 0, 1.0), ("NEL", "300", "30-34", "2", 100, 0, 1.0), rates=rates)
    settings = replace(nothing_changes(10), life_gain=0.2, healthy_share=sure(0.5))
    found = project(place, unchanged(10), settings, runs=1)
    assert of(found, found.activity, "NEL") == pytest.approx([200 * 2 ** (-1 / 5) + 100])
    assert found.causes(ACTIVITY)["health status"] == pytest.approx([200 * 2 ** (-1 / 5) - 200])


def test_what_is_avoided_is_a_part_of_a_part_and_comes_step_by_step():
    # A quarter of emergencies are concerned, 40% of them avoided in the end: 200, 190, 180.
    avoid = mitigation(applies=lambda c: c.is_of("NEL"), share="ambulatory_sensitive", effect=Effect.AVOIDED, strength=sure(0.4))
    found = project(SMALL, unchanged(2), TWO, mitigations=[avoid], runs=1)
    assert of(found, found.activity, "NEL", slice(None))[:, 0] == pytest.approx([200.0, 190.0, 180.0])
    assert found.causes(PAYMENTS)["made_up"] == pytest.approx([-60_000.0])
    assert of(found, found.unmitigated_activity, "NEL") == pytest.approx([200.0])


def test_what_is_moved_is_paid_for_and_stays_where_it_goes():
    # Half of 100 elective spells become day cases of £600 with a day each.
    place = baseline(("EL", "110", "50-54", "1", 100, 300, 2000.0), ("DC", "120", "20-24", "1", 10, 10, 600.0))
    move = mitigation(applies=lambda c: c.is_of("EL"), effect=Effect.MOVED, to="DC", strength=sure(0.5))
    found = project(place, unchanged(2), TWO, mitigations=[move], runs=1)
    assert (of(found, found.activity, "EL")[0], of(found, found.activity, "DC")[0]) == (pytest.approx(50.0), pytest.approx(60.0))
    assert of(found, found.payments, "DC") == pytest.approx([36_000.0])
    assert found.bed_days[-1].sum() == pytest.approx(150 + 60)
    assert found.causes(PAYMENTS)["made_up"] == pytest.approx([-100_000.0 + 30_000.0])
    assert found.causes(ACTIVITY)["made_up"] == pytest.approx([0.0])


def test_what_is_shortened_costs_no_less():
    short = mitigation(applies=lambda c: c.is_of("NEL"), effect=Effect.SHORTENED, strength=sure(0.25))
    found = project(SMALL, unchanged(2), TWO, mitigations=[short], runs=1)
    assert of(found, found.bed_days, "NEL") == pytest.approx([1200.0])
    assert found.payments[-1].sum() == pytest.approx(975_000.0)
    assert found.causes(BED_DAYS)["made_up"] == pytest.approx([-400.0])


def test_two_that_move_the_same_activity_share_it_evenly():
    place = baseline(("EL", "110", "50-54", "1", 100, 0, 1.0), ("DC", "110", "50-54", "1", 0, 0, 1.0), ("DC", "1", "50-54", "1", 1, 0, 1.0))
    both = [mitigation(name=name, applies=lambda c: c.is_of("EL"), effect=Effect.MOVED, to="DC", strength=sure(0.5)) for name in "ab"]
    found = project(place, unchanged(2), TWO, mitigations=both, runs=1)
    assert of(found, found.activity, "EL") == pytest.approx([25.0])
    assert of(found, found.activity, "DC") == pytest.approx([76.0])


def test_prices_costs_and_funding_make_the_gap():
    settings = replace(TWO, price=sure(1.02), cost=sure(1.03), funding=sure(1.01))
    found = project(SMALL, unchanged(2), settings, runs=1)
    assert found.payments[-1].sum() == pytest.approx(975_000 * 1.02**2)
    assert found.gap[-1] == pytest.approx([975_000 * (1.02**2 - 1.01**2)])
    assert found.deficit[-1] == pytest.approx([975_000 * (1.03**2 - 1.02**2)])
    assert found.causes_of_gap()["prices"] == pytest.approx([975_000 * (1.02**2 - 1)])


def test_beds_are_bed_days_at_the_occupancy_assumed():
    found = project(SMALL, unchanged(2), replace(TWO, occupancy=0.8), runs=1)
    assert found.beds[0] == pytest.approx([2000 / 365 / 0.8])


def test_a_mitigation_more_leaves_the_others_draws_as_they_were():
    settings = Settings(years=3)
    one = project(SMALL, unchanged(3), settings, mitigations=chosen(["follow_up_reduction"]), runs=20, seed=3)
    two = project(
        SMALL, unchanged(3), settings, mitigations=chosen(["follow_up_reduction", "ambulatory_sensitive_admissions"]), runs=20, seed=3
    )
    assert np.array_equal(of(one, one.activity, "OPFUP"), of(two, two.activity, "OPFUP"))
    assert np.array_equal(one.unmitigated_activity, two.unmitigated_activity)


def test_counts_scatter_as_counts_do():
    found = project(SMALL, unchanged(1), replace(nothing_changes(1), with_chance=True), runs=4000)
    follow_ups = of(found, found.activity, "OPFUP")
    assert follow_ups.mean() == pytest.approx(1000, rel=0.005)
    assert follow_ups.std() == pytest.approx(np.sqrt(1000), rel=0.05)
    assert CHANCE in found.causes(ACTIVITY)


def test_variants_are_drawn_by_their_weights():
    people = grown(1, {}, high={("80-84", "2"): 2.0})
    settings = replace(nothing_changes(1), variants={"principal": 0.75, "high": 0.25})
    found = project(SMALL, people, settings, runs=4000)
    emergencies = of(found, found.activity, "NEL")
    assert set(np.round(emergencies)) == {200.0, 400.0}
    assert np.mean(emergencies > 300) == pytest.approx(0.25, abs=0.02)


def test_a_range_is_its_tenth_and_ninetieth_percentile():
    drawn = Uncertain(low=1.0, high=2.0).of(standard_normal(1, "any", 200_000))
    assert np.quantile(drawn, [0.1, 0.9]) == pytest.approx([1.0, 2.0], abs=0.01)
    bounded = Uncertain(low=0.1, high=0.9).of(standard_normal(1, "any", 200_000), least=0.0, most=1.0)
    assert np.quantile(bounded, [0.1, 0.9]) == pytest.approx([0.1, 0.9], abs=0.01)
    assert (bounded.min(), bounded.max()) == (0.0, 1.0)


@pytest.mark.parametrize("text", ["1.2..1.1", "a", "1..", "..2"])
def test_what_is_no_range_is_said_to_be_none(text):
    if text == "1..":
        assert parse_range(text) == sure(1.0)
        return
    with pytest.raises(ProjectionError):
        parse_range(text)


def test_refusals_say_what_to_type():
    with pytest.raises(ProjectionError, match="--years"):
        project(SMALL, unchanged(1), TWO)
    with pytest.raises(ProjectionError, match="farr mitigations"):
        chosen(["no_such"])
    with pytest.raises(ProjectionError, match="variants"):
        project(SMALL, unchanged(2), replace(TWO, variants={"none": 1.0}))
    with pytest.raises(ProjectionError, match="moves activity"):
        move = mitigation(applies=lambda c: c.is_of("EL"), effect=Effect.MOVED, to="DC", strength=sure(0.5))
        project(SMALL, unchanged(2), TWO, mitigations=[move])


def test_every_declared_mitigation_says_what_it_rests_on_and_waits_for_sign_off():
    assert len(declared()) >= 5
    for name, each in declared().items():
        assert each.name == name and each.why and each.evidence and each.population and each.signed_off_by is None
        assert each.unverified, "none rests on a publication alone yet"


SITED = replace(SMALL, sites={
    "EL": {"RAA01": (0.75, 0.5), "RAA02": (0.25, 0.5)},
    "NEL": {"RAA01": (0.4, 0.3), "RAA02": (0.6, 0.7)},
    "OPFUP": {"unknown": (1.0, 1.0)},
    "NELNE": {"RAA02": (1.0, 1.0)},
})  # fmt: skip


def test_sites_have_their_shares_and_add_up_to_the_provider_in_every_run():
    move = mitigation(applies=lambda c: c.is_of("EL"), effect=Effect.MOVED, to="OPFUP", strength=Uncertain(low=0.2, high=0.6))
    shorter = mitigation(name="shorter", applies=lambda c: c.is_of("NEL"), effect=Effect.SHORTENED, strength=sure(0.25))
    settings = replace(Settings(years=3), drivers=NON_DEMOGRAPHIC_GROWTH)
    found = project(SITED, grown(3, {("80-84", "2"): 1.1, ("50-54", "1"): 1.03}), settings, mitigations=[move, shorter], runs=50)
    of = found.by["site"]
    for name in ("activity", "bed_days", "payments"):
        for at, pod in enumerate(found.points_of_delivery):
            places = [place for place, pair in enumerate(of.pairs) if pair[0] == pod]
            assert getattr(of, name)[:, places].sum(axis=1) == pytest.approx(getattr(found, name)[:, at])
    assert of.activity[0, of.pairs.index(("NEL", "RAA01"))] == pytest.approx([80.0] * 50)
    assert of.bed_days[0, of.pairs.index(("NEL", "RAA01"))] == pytest.approx([480.0] * 50)
    # What is moved stays at its site: of the elective care that became follow-ups three in four were at the first.
    first, second = (of.activity[3, of.pairs.index(("OPFUP", site))] for site in ("RAA01", "RAA02"))
    assert np.all(first > 0) and first == pytest.approx(3 * second)


def test_sites_change_no_other_figure():
    plain, sited = (project(each, unchanged(2), Settings(years=2), runs=20) for each in (SMALL, SITED))
    assert np.array_equal(plain.activity, sited.activity) and np.array_equal(plain.payments, sited.payments)
    assert "site" not in plain.by


def test_the_table_of_sites_adds_up_over_points_of_delivery():
    found = project(SITED, unchanged(1), nothing_changes(1), runs=2)
    rows = {(row["site"], row["measure"]): row["median"] for row in sites_table(found, 2024).to_pylist() if row["year"] == 0}
    assert rows["RAA01", "spells"] == pytest.approx(75 + 80) and rows["RAA02", "spells"] == pytest.approx(25 + 120 + 50)
    assert rows["unknown", "appointments"] == pytest.approx(1000) and rows["RAA01", "appointments"] == 0
    assert rows["RAA01", "bed_days"] == pytest.approx(150 + 480)
    assert rows["RAA01", "beds"] == pytest.approx(630 / 365 / found.settings.occupancy)
    assert sum(rows[site, "payments"] for site in ("RAA01", "RAA02", "unknown")) == pytest.approx(975_000)


def test_what_is_moved_keeps_its_specialty():
    rows = [("EL", specialty, "50-54", "1", items, 0, 1000.0) for specialty, items in (("110", 100), ("120", 50))]
    place = baseline(*rows, ("DC", "300", "20-24", "1", 10, 0, 600.0))
    move = mitigation(applies=lambda c: c.is_of("EL"), effect=Effect.MOVED, to="DC", strength=sure(0.5))
    found = project(place, unchanged(2), TWO, mitigations=[move], runs=1).by["specialty"]
    last = {pair: (activity[0], paid[0]) for pair, activity, paid in zip(found.pairs, found.activity[-1], found.payments[-1], strict=True)}
    assert last["EL", "110"] == (pytest.approx(50), pytest.approx(50_000))
    assert last["DC", "110"] == (pytest.approx(50), pytest.approx(30_000))
    assert last["DC", "120"] == (pytest.approx(25), pytest.approx(15_000))
    assert last["DC", "300"] == (pytest.approx(10), pytest.approx(6_000))


def test_a_specialty_that_is_concerned_alone_grows_alone():
    driver = Driver(name="hips", component="hips", applies=lambda c: c.specialty == "110", factor=sure(1.1), source="Made up")
    place = baseline(("EL", "110", "50-54", "1", 100, 0, 1.0), ("EL", "120", "50-54", "1", 100, 0, 1.0))
    found = project(place, unchanged(2), replace(TWO, drivers=(driver,)), runs=1)
    assert dict(zip(found.by["specialty"].pairs, found.by["specialty"].activity[-1, :, 0], strict=True)) == {
        ("EL", "110"): pytest.approx(121),
        ("EL", "120"): pytest.approx(100),
    }
