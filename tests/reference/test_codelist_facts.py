"""Names in our code lists against published ones (The Strategy Unit, nhp_data)."""

import csv
import os
from pathlib import Path

import pytest

from farr.lab.model.codelist import load_codelist

SHARED = Path(os.environ.get("FARR_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
REFERENCE = SHARED / "nhs_reference"


def published(name):
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip(f"the reference file {path} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OPERATIONS = ("hernia_repair", "gallbladder_removal", "cataract_extraction", "hip_replacement", "knee_replacement", "coronary_bypass")


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_bear_their_opcs_names(name):
    names = {row["code"]: row["description"] for row in published("nhp_procedures_opcs.csv")}
    assert {code: names[code] for code in load_codelist(name).codes} == load_codelist(name).codes


@pytest.mark.parametrize("name", ["gallstones", "stroke", "signs_and_symptoms"])
def test_diagnoses_bear_their_icd_names(name):
    names = {row["diagnosis_code"]: row["diagnosis_description"] for row in published("nhp_diagnoses_icd10.csv") if row["type"] == "icd10"}
    assert {code: names[code] for code in load_codelist(name).codes} == load_codelist(name).codes


def test_hip_fractures_lie_within_fracture_of_femur_and_leave_its_shaft_out():
    names = {row["diagnosis_code"]: row["diagnosis_description"] for row in published("nhp_diagnoses_icd10.csv")}
    assert names["S72"] == "Fracture of femur"
    assert set(load_codelist("hip_fracture").codes) == {"S720", "S721", "S722"}


def test_signs_and_symptoms_are_all_of_their_chapter_but_r69():
    codes = {row["diagnosis_code"] for row in published("nhp_diagnoses_icd10.csv") if row["type"] == "icd10"}
    chapter = {code for code in codes if code[0] == "R" and len(code) == 3}
    assert len(chapter) > 80
    assert set(load_codelist("signs_and_symptoms").codes) == chapter - {"R69"}


def test_no_total_joint_replacement_is_left_out_or_of_another_joint():
    names = {row["code"]: row["description"] for row in published("nhp_procedures_opcs.csv")}
    for joint in ("hip", "knee"):
        parts = (f"total prosthetic replacement of {joint} joint", f"hybrid prosthetic replacement of {joint} joint")
        found = {code for code, name in names.items() if any(part in name.lower() for part in parts)}
        assert found == set(load_codelist(f"{joint}_replacement").codes)


def test_extraction_of_the_lens_is_all_that_opcs_calls_so():
    names = {row["code"]: row["description"] for row in published("nhp_procedures_opcs.csv")}
    found = {code for code, name in names.items() if "extraction of lens" in name}
    assert found == set(load_codelist("cataract_extraction").codes)


def test_gall_bladders_are_removed_as_day_cases_at_times():
    settings = {row["procedure_code"]: row["type"] for row in published("day_procedure_opcs_codes.csv")}
    found = {code: kind for code, kind in settings.items() if code.startswith(tuple(load_codelist("gallbladder_removal").codes))}
    assert found["J183"] == "usually_dc"
    assert set(found.values()) == {"usually_dc", "occasionally_dc"}


def test_the_hrg_of_ungroupable_data_bears_its_name():
    path = REFERENCE / "hrgs.json"
    if not path.is_file():
        pytest.skip(f"the reference file {path} is not here")
    assert '"UZ01Z": "Data Invalid for Grouping"' in path.read_text(encoding="utf-8")
    assert load_codelist("uncoded_hrg").codes == {"UZ01Z": "Data Invalid for Grouping"}


def test_no_hernia_repair_in_the_list_is_usually_an_operation_with_a_stay():
    settings = {row["procedure_code"]: row["type"] for row in published("day_procedure_opcs_codes.csv")}
    listed = tuple(load_codelist("hernia_repair").codes)
    found = {code: kind for code, kind in settings.items() if code.startswith(listed)}
    assert len(found) >= 10
    assert set(found.values()) == {"usually_dc"}


def test_cancer_ranges_hold_every_code_of_their_chapters_and_no_other():
    codes = {row["diagnosis_code"] for row in published("nhp_diagnoses_icd10.csv") if row["type"] == "icd10"}
    listed = tuple(load_codelist("cancer").codes)
    held = {code for code in codes if code.startswith(listed)}
    assert held == {code for code in codes if code[0] == "C" or "D37" <= code <= "D48"}


def test_r69_bears_its_icd_name():
    names = {row["diagnosis_code"]: row["diagnosis_description"] for row in published("nhp_diagnoses_icd10.csv")}
    assert load_codelist("unspecified_diagnosis").codes == {"R69": names["R69"]}
