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


def test_hernia_repairs_bear_their_opcs_names():
    names = {row["code"]: row["description"] for row in published("nhp_procedures_opcs.csv")}
    assert {code: names[code] for code in load_codelist("hernia_repair").codes} == load_codelist("hernia_repair").codes


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
