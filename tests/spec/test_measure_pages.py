"""Every measure has a page, made of its definition, its code lists and its worked example."""

from farr.lab.measures.measure import Measure
from farr.lab.measures.page import OPEN_SIGN_OFF, measure_page
from farr.lab.model.discover import discover

MEASURES = discover("farr.lab.measures.definitions", Measure)


def test_a_page_holds_why_codes_and_example(measure_example):
    name, example = measure_example
    measure = MEASURES[name]
    page = measure_page(measure, example)
    assert page.startswith(f"# {measure.title}\n")
    for text in (measure.why, measure.definition, example.title, *(f"{key} {figure}" for key, figure in example.expected.items())):
        assert text in page
    for codelist in measure.codelists:
        assert f"`{codelist}`, version" in page
    assert (OPEN_SIGN_OFF in page) == (measure.signed_off_by is None)
