"""The page of a measure: what it counts, why, by which codes, and a worked example, as Markdown."""

from textwrap import dedent

from farr.lab.measures.measure import Measure
from farr.lab.measures.reference import strata_of
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.example import Example

OPEN_SIGN_OFF = "Clinical sign-off open: no clinician has yet confirmed the clinical rule."


def measure_page(measure: Measure, example: Example | None = None) -> str:
    """The page. Nothing in it is written twice: all of it comes from the definition, its code lists and its worked example."""
    parts = [f"# {measure.title}", measure.why, "## What is counted", measure.definition, _facts(measure)]
    parts += [_codes(name) for name in measure.codelists]
    if example is not None:
        parts.append(_worked(measure, example))
    return "\n\n".join(parts) + "\n"


def sign_off(measure: Measure) -> str:
    return OPEN_SIGN_OFF if measure.signed_off_by is None else f"Signed off by {measure.signed_off_by}."


def _facts(measure: Measure) -> str:
    facts = {
        "Name": f"`{measure.name}`",
        "Theme": measure.theme.value,
        "Unit": measure.unit,
        "Kind": measure.kind.value,
        "Direction": measure.direction.value,
        "Levels": ", ".join(measure.levels),
        "Source": measure.source,
        "Owner": measure.owner,
        "Review by": measure.review_date.isoformat(),
        "Sign-off": sign_off(measure),
    }
    if strata := strata_of(measure):
        facts["Standardised by"] = ", ".join(DIMENSIONS[name].title.lower() for name in strata)
    if measure.breakdowns:
        facts["Broken down by"] = ", ".join(DIMENSIONS[name].title.lower() for name in measure.breakdowns)
    if measure.choices:
        facts["Choices"] = ", ".join(measure.choices)
    if measure.follow_up_months:
        facts["Follow-up"] = f"{measure.follow_up_months} months must be held after the period"
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in facts.items())])


def _codes(name: str) -> str:
    listed = load_codelist(name)
    said = f"`{name}`, version {listed.version}, matched by {listed.match}. Source: {listed.source}. Licence: {listed.licence}."
    rows = "\n".join(f"| {code} | {meaning} |" for code, meaning in listed.codes.items())
    return f"## Codes: {listed.title}\n\n{said}\n\n| code | name |\n|---|---|\n{rows}"


def _worked(measure: Measure, example: Example) -> str:
    tables = "\n\n".join(f"`{name}`\n\n```\n{dedent(text).strip()}\n```" for name, text in example.tables.items())
    answer = ", ".join(f"{name} {figure}" for name, figure in example.expected.items())
    return f"## Worked example\n\n{example.title}.\n\n{tables}\n\nAnswer: {answer} {measure.unit}."
