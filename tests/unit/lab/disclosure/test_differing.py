"""What print leaves of rounded counts of two cohorts, and which of their differences hold others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.disclosure.history.differing import Differing, are_apart, holding, left_by_print
from farr.lab.disclosure.history.parts import Part
from farr.lab.disclosure.history.sheet import Sheet

JAN, FEB = frozenset({"2024-01"}), frozenset({"2024-02"})
BOTH = JAN | FEB
REGION_OF = {"P": "R", "Q": "R", "S": "T"}
GROUPINGS = {"provider": ("provider",), "provider_region": ("provider_region",), "nation": ()}


def codes_of(level, code):
    return {"provider": (code,), "provider_region": (code,), "nation": ()}[level]


def sheet(level, months, ends):
    """Of a level, by code what print leaves of it."""
    names = {"nation": (), "provider_region": ("provider_region",)}.get(level, ("provider", "provider_region"))
    above = {name: [code if name == level else REGION_OF[code] for code in ends] for name in names}
    low, high = np.array(list(ends.values()), dtype=float).reshape(-1, 2).T
    codes, rows = tuple(codes_of(level, code) for code in ends), np.arange(len(ends))
    return Sheet(
        series="s", figure="f", dimensions=GROUPINGS[level], months=months, codes=codes, above=above, rows=rows, low=low, high=high
    )  # fmt: skip


def left(level, code, months, *sheets):
    return left_by_print(tuple(sheets))[GROUPINGS[level], codes_of(level, code), months]


PROVIDERS = sheet("provider", JAN, {"P": (8, 12), "Q": (0, np.inf), "S": (18, 22)})


def test_a_whole_is_no_less_than_its_parts_also_where_nobody_asked_for_it():
    assert left("provider_region", "R", JAN, PROVIDERS, sheet("provider_region", JAN, {"T": (18, 22)})) == (8, np.inf)
    assert left("provider_region", "R", JAN, PROVIDERS, sheet("provider_region", JAN, {"R": (0, np.inf), "T": (18, 22)})) == (8, np.inf)


def test_a_part_is_no_more_than_what_its_whole_leaves_it_and_no_less_than_the_others_leave():
    assert left("provider", "Q", JAN, PROVIDERS, sheet("provider_region", JAN, {"R": (13, 17), "T": (18, 22)})) == (1, 9)


def test_months_are_parts_of_their_year():
    january, year = sheet("provider", JAN, {"P": (8, 12)}), sheet("provider", BOTH, {"P": (13, 17)})
    assert left("provider", "P", JAN, january, year) == (8, 12)
    february = sheet("provider", FEB, {"P": (0, np.inf)})
    assert left("provider", "P", FEB, january, february, year) == (1, 9)


def test_months_alone_leave_no_year_that_was_not_printed():
    found = left_by_print((sheet("provider", JAN, {"P": (8, 12)}), sheet("provider", FEB, {"P": (3, 7)})))
    assert {months for *_, months in found} == {JAN, FEB}


def test_what_two_releases_print_of_a_figure_is_what_both_leave():
    assert left("provider", "P", JAN, sheet("provider", JAN, {"P": (8, 12)}), sheet("provider", JAN, {"P": (10, 14)})) == (10, 12)


@given(st.data())
def test_the_true_counts_are_always_left(data):
    counts = {(code, month): data.draw(st.integers(0, 30)) for code in REGION_OF for month in ("2024-01", "2024-02")}
    sheets = []
    for level in ("provider", "provider_region", "nation"):
        for months in (JAN, FEB, BOTH):
            if data.draw(st.booleans()):
                true = truth(counts, level, months)
                shown = {code: data.draw(st.booleans()) for code in true}
                ends = {code: (5 * round(count / 5) - 2.5, 5 * round(count / 5) + 2.5) for code, count in true.items()}
                sheets.append(sheet(level, months, {code: ends[code] if shown[code] else (0.0, np.inf) for code in true}))
    for (dimensions, codes, months), (low, high) in left_by_print(tuple(sheets)).items():
        level = next(name for name, each in GROUPINGS.items() if each == dimensions)
        assert low <= truth(counts, level, months)[codes[0] if codes else ""] <= high


def truth(counts, level, months):
    found = {}
    for (code, month), count in counts.items():
        if month in months:
            key = {"provider": code, "provider_region": REGION_OF[code], "nation": ""}[level]
            found[key] = found.get(key, 0) + count
    return found


def part(level, codes):
    names = ("provider", "provider_region") if level == "provider" else ("provider_region",)
    return Part(
        dimensions=(level,), pieces=(JAN, FEB), differences=(), printed=frozenset(), place={(code,): at for at, code in enumerate(codes)},
        above={name: [code if name == level else REGION_OF[code] for code in codes] for name in names}, first=0,
    )  # fmt: skip


def differing(level, code, months):
    return Differing(part=PARTS[level], codes=(code,), months=months, low=0.0, high=5.0)


PARTS = {"provider": part("provider", ["P", "Q", "S"]), "provider_region": part("provider_region", ["R", "T"])}


def test_a_region_differs_by_no_less_than_its_providers_together():
    every = [differing("provider_region", "R", JAN), *(differing("provider", code, JAN) for code in "PQS"), differing("provider", "P", FEB)]
    assert list(holding(every)) == [(0, [1, 2])]


def test_a_year_differs_by_no_less_than_its_months_together():
    assert list(holding([differing("provider", "P", BOTH), differing("provider", "P", JAN), differing("provider", "P", FEB)])) == [
        (0, [1, 2])
    ]


@pytest.mark.parametrize(("spans", "apart"), [([JAN, FEB], True), ([JAN, BOTH], False), ([], True)])
def test_spans_are_apart_where_they_have_no_month_in_common(spans, apart):
    assert are_apart(spans) is apart
