"""What projections assume, against the inputs of the New Hospital Programme's demand model (MIT) and what it rests on."""

import csv
import json
import os
from pathlib import Path

import pytest

from farr.lab.planning.projection.drivers import NON_DEMOGRAPHIC_GROWTH
from farr.lab.planning.projection.mitigation import declared
from farr.lab.planning.projection.settings import Settings

REFERENCE = Path(os.environ.get("FARR_SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data")) / "nhs_reference"
needs = {
    name: pytest.mark.skipif(not (REFERENCE / name).exists(), reason=f"nhs_reference/{name} is absent; set FARR_SHARED_DATA")
    for name in ("ndg_variants.json", "life_expectancy.csv", "params-sample.json")
}


@needs["ndg_variants.json"]
def test_non_demographic_growth_is_that_of_the_published_variant():
    published = json.loads((REFERENCE / "ndg_variants.json").read_text())["variant_2"]["values"]
    ours = {each.name.removeprefix("growth of "): [each.factor.low, each.factor.high] for each in NON_DEMOGRAPHIC_GROWTH}
    assert ours["A&E"] == published["aae"]["walk-in"] == published["aae"]["ambulance"]
    assert ours["outpatients"] == published["op"]["first"] == published["op"]["followup"] == published["op"]["procedure"]
    assert (ours["elective care"], ours["emergencies"]) == (published["ip"]["elective"], published["ip"]["non-elective"])
    assert ours["maternity"] == published["ip"]["maternity"]


@needs["life_expectancy.csv"]
def test_the_gain_of_life_assumed_lies_within_what_is_projected():
    with (REFERENCE / "life_expectancy.csv").open() as file:
        expected = {(int(row["year"]), row["sex"], int(row["age"])): float(row["ex"]) for row in csv.DictReader(file)}
    gains = [(expected[2033, sex, age] - expected[2023, sex, age]) / 10 for sex in "12" for age in range(55, 91)]
    assert min(gains) >= 0.02 and max(gains) <= 0.13
    assert min(gains) < Settings().life_gain < max(gains)


@needs["params-sample.json"]
@pytest.mark.parametrize(
    ("name", "group", "kind", "strategy"),
    [
        ("ambulatory_sensitive_admissions", "activity_avoidance", "ip", "ambulatory_care_conditions_chronic"),
        ("untreated_attendances", "activity_avoidance", "aae", "discharged_no_treatment_adult_walk-in"),
        ("shorter_emergency_stays", "efficiencies", "ip", "emergency_elderly"),
    ],
)
def test_ranges_that_are_said_to_be_the_samples_are(name, group, kind, strategy):
    sample = json.loads((REFERENCE / "params-sample.json").read_text())
    low, high = sample[group][kind][strategy]["interval"]
    assert (declared()[name].strength.low, declared()[name].strength.high) == (pytest.approx(1 - high), pytest.approx(1 - low))


@needs["params-sample.json"]
def test_a_projection_has_as_many_runs_as_the_model_unless_said():
    assert json.loads((REFERENCE / "params-sample.json").read_text())["model_runs"] == 256
