"""What is chosen on a page is its address, and what the release service is asked."""

import pytest
from django.http import QueryDict

from farr.portal.benchmarks.choices import ChoiceError, View, periods, read_view
from farr.portal.benchmarks.published import PUBLISHED


def view(query):
    return read_view("commissioner", "C09", "procedure_for_diagnosis", QueryDict(query))


def test_codes_of_ones_own_are_asked_for_with_the_reason_which_no_address_holds():
    chosen = view("codes.diagnosis=K80+K81&codes.procedure=J18&why=Table+two")
    assert chosen.why == ""
    chosen = chosen.other(why="Table two")
    assert chosen.codes == (("diagnosis", "K80 K81"), ("procedure", "J18"))
    asked = chosen.request()
    assert asked.choices == {"diagnosis": "K80 K81", "procedure": "J18"} and asked.why == "Table two"
    assert "why" not in chosen.query
    again = view(chosen.query)
    assert again.codes == chosen.codes and again.request().why is None


def test_every_view_is_its_address():
    chosen = view("norm=similar_ten&period=2024-04..2025-03&by=specialty&count=5&with=C01&codes.procedure=J18")
    assert view(chosen.query) == chosen
    assert chosen.url == f"/o/commissioner/C09/procedure_for_diagnosis/?{chosen.query}"
    plain = view("")
    assert plain == View(level="commissioner", organisation="C09", measure="procedure_for_diagnosis") and plain.query == ""


@pytest.mark.parametrize("query", ["period=last+year", "count=51", "count=x", "period=2024-13..2025-01"])
def test_what_there_is_not_is_refused_in_words(query):
    with pytest.raises(ChoiceError):
        view(query)


def test_months_from_and_to_are_a_period():
    assert view("from=2024-04&to=2024-06").period == "2024-04..2024-06"


def test_the_period_that_is_shown_can_be_chosen_again():
    contents = PUBLISHED.contents()
    assert ("2024-02..2024-11", "February 2024 to November 2024") in periods(contents, "commissioner", "2024-02..2024-11")
    offered = [value for value, _ in periods(contents, "commissioner", "2023-04..2024-03")]
    assert offered.count("2023-04..2024-03") == 1
