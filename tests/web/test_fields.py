"""What docs/portal-fields.md says of input is what the code takes: forms, parameters, parts of addresses, and what goes with what."""

import ast
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError

from farr.lab.desk.answering.askable import DeskError, check_by, check_options, check_period
from farr.lab.measures.measure import Measure
from farr.lab.measures.norm import Norm
from farr.lab.measures.questions import QuestionError, check_level
from farr.lab.model.dimension import LEVELS
from farr.lab.model.discover import discover
from farr.lab.model.period import Month, Period
from farr.lab.model.request import BenchmarkRequest
from farr.portal.agreements.files import today
from farr.portal.agreements.forms import RequestForm
from farr.portal.benchmarks.downloads import CHARTS, TABLES
from farr.portal.benchmarks.urls import CodeConverter, NameConverter
from farr.portal.commentary.views import _PACKS
from scripts.portal_fields import MORE, PAGE, WHERE, below, fields_of, own_forms, signing_forms, written
from tests.web.installing import AGREEMENT, PURPOSE, sign_agreement

ROOT = Path(__file__).parents[2]
PORTAL = sorted((ROOT / "src" / "farr" / "portal").rglob("*.py"))
TEXT = PAGE.read_text(encoding="utf-8")
OWN = [(form, name) for form in own_forms() for name in fields_of(form)]


def table(heading: str, first: str) -> dict[str, list[str]]:
    """The cells of a table under a heading, by what stands in its first column, which is called `first`."""
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = part.partition(f"| {first} |")[2].partition("\n\n")[0].splitlines()[2:]
    found = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if line.startswith("|")]
    return {cells[0].strip("`"): cells for cells in found}


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


# --- forms


def test_the_page_says_what_the_forms_and_declarations_say_today():
    assert written(TEXT) == TEXT, "type: make portal-fields"


def test_every_form_there_is_is_on_the_page():
    declared = {
        node.name
        for path in PORTAL
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Form") for base in node.bases)
    }
    signing = {form.__name__ for form in signing_forms()}
    without_fields = {form.__name__ for form in below(forms.BaseForm) if not getattr(form, "base_fields", None)}
    assert declared - without_fields - signing == set(WHERE) == {form.__name__ for form in own_forms()}
    assert all(f"**{name}**, {where}" in TEXT for name, where in WHERE.items())
    assert {"LoginForm", "ChangePasswordForm", "AddWebAuthnForm", "ManageUserSessionsForm"} <= signing and len(signing) > 12
    assert "SignupForm" not in signing and "AddEmailForm" not in signing  # their pages are shut


def test_what_is_said_of_fields_is_of_fields_that_there_are():
    there = {form.__name__: set(fields_of(form)) for form in [*own_forms(), *signing_forms()]}
    assert [(form, name) for form, name in MORE if name not in there.get(form, ())] == []


@pytest.mark.parametrize(("form", "name"), OWN, ids=[f"{form.__name__}-{name}" for form, name in OWN])
def test_the_server_keeps_what_is_said_of_a_field(form, name):
    field = fields_of(form)[name]
    if field.required:
        with pytest.raises(ValidationError):
            field.clean([] if isinstance(field, forms.MultipleChoiceField) else "")
    if longest := getattr(field, "max_length", None):
        with pytest.raises(ValidationError):
            field.clean("a" * (longest + 1))
    if isinstance(field, forms.ChoiceField) and not field.widget.is_hidden:
        with pytest.raises(ValidationError):
            field.clean(["no such choice"] if isinstance(field, forms.MultipleChoiceField) else "no such choice")


# --- parameters and parts of addresses


def read_by_pages() -> set[str]:
    """The names of parameters that the code reads from queries, or from what was posted without a form."""
    found = set()
    for path in PORTAL:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "getlist"} and node.args:
                of = ast.unparse(node.func.value)
                if re.fullmatch(r"request\.(GET|POST)|query|QueryDict\(.*\)", of) and isinstance(node.args[0], ast.Constant):
                    found.add(node.args[0].value)
            if isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) in {"request.GET", "request.POST"}:
                found.add(ast.literal_eval(node.left))
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in {"request.GET", "request.POST"}:
                found.add(ast.literal_eval(node.slice))
    return found


def test_every_parameter_that_a_page_reads_is_told_and_no_other():
    told = {name for cells in table("Parameters of pages", "parameter").values() for name in named(cells[0])}
    assert told - {"codes.NAME"} == read_by_pages()
    assert "codes.NAME" in told  # read by what it begins with: choices.py


def test_parts_of_addresses_are_as_told():
    told = {cells[0]: named(cells[2]) for cells in table("Parts of an address", "part").values()}
    assert told["`level`, `measure`, name of a chart"] == {NameConverter.regex}
    assert told["`organisation`"] == {CodeConverter.regex}
    assert told["kind of a table"] == set(TABLES)
    assert told["kind of a chart"] == set(CHARTS)
    assert told["kind of a pack"] == set(_PACKS)


# --- combinations


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, None),
        ({"purpose": "research"}, "purpose"),
        ({"until": today() - timedelta(days=1)}, "until"),
        ({"until": today() + timedelta(days=301)}, "until"),
        ({"agreement": "another"}, "agreement"),
        ({"organisation": "*"}, None),
        ({"organisation": "C09/.."}, "organisation"),
    ],
)
def test_what_is_asked_for_fits_the_agreement(changed, refused):
    said = {"agreement": AGREEMENT, "purpose": PURPOSE, "level": "commissioner", "organisation": "C09",
            "until": today() + timedelta(days=10), "why": "Work", **changed}  # fmt: skip
    form = RequestForm(said)
    assert (list(form.errors) or [None])[0] == refused


def test_a_purpose_of_another_agreement_is_refused(settings):
    folder = settings.FARR.folder
    sign_agreement(folder, "other", "research")
    try:
        said = {"agreement": AGREEMENT, "purpose": "research", "level": "commissioner", "organisation": "C09", "why": "Work"}
        form = RequestForm({**said, "until": today()})
        assert list(form.errors) == ["purpose"] and form.fields["purpose"].choices == [(PURPOSE, PURPOSE), ("research", "research")]
    finally:
        (folder / "agreements" / "other.json").unlink()


def _levels(cell: str) -> set[str]:
    """What stands for `all`, `all but …`, or some."""
    return set(LEVELS) - (named(cell) if cell.startswith("all") else set(LEVELS) - named(cell))


def _refuses(check, *said) -> bool:
    try:
        check(*said)
    except (DeskError, QuestionError):
        return True
    return False


def test_levels_take_the_periods_and_breakdowns_that_are_told():
    held = [Month(2023, 1).plus(at) for at in range(36)]
    year, quarter = Period.parse("2024-01..2024-12"), Period.parse("2024-01..2024-03")
    told = table("Combinations", "level")
    assert tuple(told) == LEVELS
    for level, cells in told.items():
        assert not _refuses(check_period, level, year, held) and _refuses(check_period, level, Period.parse("2022-01..2022-12"), held)
        assert _refuses(check_period, level, quarter, held) == (cells[1] == "rolling years alone")
        assert _refuses(check_by, "specialty", level) == (cells[2] == "no")


def test_measures_are_made_at_the_levels_that_are_told_and_no_other():
    measures = discover("farr.lab.measures.definitions", Measure)
    told = table("Combinations", "measure")
    assert set(told) == set(measures)
    for name, cells in told.items():
        measure = measures[name]
        assert {level for level in LEVELS if not _refuses(check_level, measure, level)} == _levels(cells[1])
        assert named(cells[2]) == set(measure.breakdowns) and named(cells[3]) == {f"codes.{each}" for each in measure.choices}
        assert (cells[4] == "no") == measure.kind.value.startswith("indirectly standardised")


def test_norms_take_the_options_that_are_told_and_no_other():
    norms = discover("farr.lab.measures.norms", Norm)
    told = table("Combinations", "norm")
    assert set(told) == set(norms)
    options = {"peers": {"peers": ("C01",)}, "count": {"count": 5}}
    for name, cells in told.items():
        for option, said in options.items():
            asked = BenchmarkRequest(organisation="C09", measure="made_up", norm=name, **said)
            assert _refuses(check_options, norms[name], asked) == (option not in named(cells[2]))
        assert _levels(cells[1]) == {level for level in LEVELS if norms[name].is_made_at(level)}


def test_days_are_days_and_no_others():
    field = fields_of(RequestForm)["until"]
    assert field.clean("2026-05-31") == date(2026, 5, 31)
    for wrong in ("2026-02-30", "next year", "2026-13-01"):
        with pytest.raises(ValidationError):
            field.clean(wrong)
