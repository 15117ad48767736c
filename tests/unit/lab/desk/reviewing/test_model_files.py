"""A model's output as a file: read strictly, and an error names the place and repeats no value."""

import json
import re
from datetime import date

import pytest

from farr.lab.desk.reviewing.model_file import read_model
from farr.lab.disclosure.models.output import Column, ModelKind
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.model.agreement import AgreementError, OptOuts, Terms

TERMS = Terms(
    id="leeds", title="t", legal_basis="l", purposes=("p",), datasets=("apc_episode",), period_first="2024-01", period_last="2024-12",
    starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018", opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
LEVEL = {"name": "female", "estimate": -0.3, "column": "level", "groups": [{"persons": 240}, {"persons": 260}]}
MODEL = {"kind": "linear regression", "everybody": {"persons": 500}, "coefficients": [LEVEL]}
FILE = {"name": "stay", "records": "apc_spell", "period": "2024-01..2024-06", "model": MODEL}


@pytest.fixture
def read(tmp_path):
    def reading(content) -> object:
        path = tmp_path / "model.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return read_model(path, TERMS, "1")

    return reading


def test_a_file_is_read_as_declared(read):
    fitted = read(FILE)
    assert (fitted.output.kind, fitted.output.coefficients[0].column) == (ModelKind.LINEAR, Column.LEVEL)
    assert [group.persons for group in fitted.output.coefficients[0].groups] == [240, 260]
    assert fitted.output.parameters is None and (fitted.agreement, fitted.agreement_policy) == ("leeds", "hes_2018")


def model(**changes):
    return {**FILE, "model": {**MODEL, **changes}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "the file: Invalid JSON"),
        ({name: value for name, value in FILE.items() if name != "period"}, "period: is missing"),
        ({**FILE, "policy": "open_data"}, "policy: no such field"),
        ({**FILE, "records": "spells"}, "there is no table 'spells'"),
        (model(kind="magic"), "model.kind: Input should be 'linear regression'"),
        (model(leafs=[]), "model.leafs: no such field"),
        (model(everybody={"persons": "4711"}), "model.everybody.persons: Input should be a valid integer"),
        (model(everybody={"persons": 4711.5}), "model.everybody.persons: Input should be a valid integer"),
        (model(coefficients=[LEVEL, {"name": "age"}]), "model.coefficients[1].estimate: is missing"),
        (model(coefficients=[{**LEVEL, "estimate": float("nan")}]), "model.coefficients[0].estimate: Input should be a finite number"),
        (model(statistics=[{"name": "r_squared", "value": [4711]}]), "model.statistics[0].value is no finite number"),
        (model(statistics=[{"name": "r_squared"}]), "model.statistics[0].value is no finite number"),
        (model(statistics=[{"name": "r_squared", "value": 10**400}]), "model.statistics[0].value"),
        (json.dumps(model(statistics=[{"name": "r_squared", "value": 4711}])).replace("4711", "1e400"), "model.statistics[0].value"),
        (model(statistics=[{"name": "aic", "value": 1}, {"name": "r_squared", "value": float("nan")}]), "model.statistics[1].value"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(read, content, said):
    with pytest.raises(ReviewError, match=re.escape(said)) as wrong:
        read(content)
    assert "4711" not in str(wrong.value) and "model.json" in str(wrong.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ReviewError, match="cannot be read"):
        read_model(tmp_path / "none.json", TERMS, "1")


def test_months_and_records_are_those_of_the_agreement(read):
    with pytest.raises(AgreementError, match="covers 2024-01..2024-12"):
        read({**FILE, "period": "2023-12..2024-06"})
    with pytest.raises(AgreementError, match="does not cover the dataset 'ae_attendance'"):
        read({**FILE, "records": "ae_attendance"})
