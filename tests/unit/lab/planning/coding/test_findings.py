"""From released tables to findings, readings and verdicts, of made-up providers of whom it is known."""

import numpy as np
import pytest

from farr.lab.planning.coding.findings import Answer, Control, findings_table, months_table
from farr.lab.planning.coding.indicator import indicator
from farr.lab.planning.coding.providers import providers_table, readings_table
from tests.unit.lab.planning.coding.released import table

MONTHS = [f"2024-{month:02d}" for month in range(4, 13)] + [f"2025-{month:02d}" for month in range(1, 4)]
PROVIDERS = [f"P{number:02d}" for number in range(20)]
FIGURES = ("rows", "observed", "expected")
EXACT = Control()


def answer(name, by_provider, by_month=None, *, hidden=()):
    """An indicator of which each provider has 1,200 admissions and 600 expected, and observed what `by_provider` times that says;
    `by_month`: (provider, factor, from place) of its months."""
    rows = []
    for code in PROVIDERS:
        observed = None if code in hidden else 600.0 * by_provider.get(code, 1.0)
        rows.append((0, {"provider": code}, (1200.0, observed, 600.0)))
    rows.append((1, {}, (24_000.0, 12_000.0, 12_000.0)))
    months = []
    for code in PROVIDERS:
        for place, month in enumerate(MONTHS):
            factor = by_month[1] if by_month and by_month[0] == code and place >= by_month[2] else 1.0
            wave = 1 + 0.02 * np.sin(place * 2.4 + int(code[1:]))
            months.append((0, {"provider": code, "month": month}, (100.0, 50.0 * factor * wave, 50.0)))
    months += [(1, {"month": month}, (2000.0, 1000.0, 1000.0)) for month in MONTHS]
    return Answer(
        which=indicator(name), dispersion=0.5, year=table(("provider",), rows, FIGURES), months=table(("provider", "month"), months,
        FIGURES)
    )  # fmt: skip


def rows_of(found, **wanted):
    return [row for row in found.to_pylist() if all(row[name] == value for name, value in wanted.items())]


def test_who_differs_is_found_and_nobody_else():
    found = findings_table([answer("depth_of_coding", {"P03": 1.5, "P07": 0.7})], EXACT)
    assert {row["code"] for row in rows_of(found, differs=True)} == {"P03", "P07"}
    (high,) = rows_of(found, code="P03")
    assert high["ratio"] == pytest.approx(1.5)
    assert high["value"] == pytest.approx(0.75)
    assert high["lower"] < 1.5 < high["upper"]


def test_a_hidden_figure_is_nobodys_finding():
    found = findings_table([answer("depth_of_coding", {}, hidden=("P05",))], EXACT)
    (row,) = rows_of(found, code="P05")
    assert (row["observed"], row["z"], row["q"], row["differs"], row["status"]) == (None, None, None, False, "suppressed")


def test_a_shift_is_found_in_its_month():
    found = findings_table([answer("depth_of_coding", {}, ("P04", 1.8, 6))], EXACT)
    (shifted,) = rows_of(found, shifted=True)
    assert (shifted["code"], shifted["shift_month"]) == ("P04", "2024-10")
    assert (shifted["shift_before"], shifted["shift_after"]) == pytest.approx((1.0, 1.8), abs=0.05)


def test_pounds_are_those_above_what_the_bulk_would_come_to():
    found = findings_table([answer("complexity_split", {"P03": 1.5})], EXACT)
    (row,) = rows_of(found, code="P03")
    assert row["worth"] == pytest.approx(300.0)
    assert row["worth_lower"] < 300 < row["worth_upper"]
    assert rows_of(findings_table([answer("depth_of_coding", {"P03": 1.5})], EXACT), code="P03")[0]["worth"] is None


def test_over_every_test_less_is_called_different():
    answers = [answer("depth_of_coding", {"P03": 1.14}), answer("length_of_stay", {})]
    within, over_all = (findings_table(answers, Control(over_all=each)) for each in (False, True))
    (one,), (other,) = (rows_of(each, code="P03", indicator="depth_of_coding") for each in (within, over_all))
    assert one["p"] == other["p"]
    assert one["q"] < other["q"]


def test_coding_is_told_from_care():
    answers = [
        answer("depth_of_coding", {"P01": 1.5, "P02": 1.5}),
        answer("length_of_stay", {"P02": 1.5, "P03": 0.6}),
        answer("unspecified", {"P03": 2.0}),
    ]
    findings = findings_table(answers, EXACT)
    verdicts = {row["code"]: row["verdict"] for row in providers_table(findings, answers, EXACT).to_pylist()}
    assert verdicts["P01"] == "codes differently"
    assert verdicts["P02"] == "differs as its patients do"
    assert verdicts["P03"] == "codes and treats differently, or has other patients"
    assert verdicts["P04"] == "as expected"
    (told,) = rows_of(readings_table(findings, answers, EXACT), code="P02")
    assert (told["reading"], told["explained_by"], told["way"]) == ("may have other patients", "length_of_stay", "higher")


def test_a_shift_of_coding_is_read_against_care_from_the_same_month():
    alone = [answer("depth_of_coding", {}, ("P04", 1.8, 6)), answer("length_of_stay", {})]
    both = [answer("depth_of_coding", {}, ("P04", 1.8, 6)), answer("length_of_stay", {}, ("P04", 1.6, 6))]
    for answers, expected in ((alone, "codes differently"), (both, "may have other patients")):
        (told,) = readings_table(findings_table(answers, EXACT), answers, EXACT).to_pylist()
        assert (told["when"], told["reading"]) == ("2024-10", expected)


def test_months_are_against_the_nations_month():
    found = months_table([answer("depth_of_coding", {}, ("P04", 1.8, 6))], EXACT)
    (before,), (after,) = (rows_of(found, code="P04", month=month) for month in ("2024-09", "2024-10"))
    assert before["ratio"] == pytest.approx(1.0, abs=0.03)
    assert after["ratio"] == pytest.approx(1.8, abs=0.05)
