import numpy as np
import pyarrow as pa
import pytest

from farr.lab.measures.benchmark import compare, completeness, hidden_members, of_organisation, pooled, trend
from farr.lab.measures.figures import Figures, FiguresError, interval, read_figures, value
from farr.lab.measures.measure import Measure
from farr.lab.measures.norm import Norm, NormError
from farr.lab.model.discover import discover

MEASURES = discover("farr.lab.measures.definitions", Measure)
NORMS = discover("farr.lab.measures.norms", Norm)
SHARE, RATE, MEAN = MEASURES["day_case_rate"], MEASURES["emergency_admissions"], MEASURES["length_of_stay"]
NAN = float("nan")


def figures(numerator, denominator, *, codes=None, region=None, verdict=None, squares=None, months=None):
    n = len(numerator)
    hidden = [a != a or b != b for a, b in zip(numerator, denominator, strict=True)]
    return Figures(
        codes=codes or tuple("ABCDEFGHIJKLMNOP"[:n]),
        months=months or ("",) * n,
        region=region or ("N",) * n,
        numerator=np.array(numerator, dtype=float),
        denominator=np.array(denominator, dtype=float),
        sums={} if squares is None else {"squares": np.array(squares, dtype=float)},
        status=tuple("suppressed" if each else "rounded" for each in hidden),
        verdict=verdict or ("",) * n,
    )


def released(rows):
    return pa.Table.from_pylist(rows)


def cell(grouping, code, numerator, denominator, *, status="rounded", month=None, region="N"):
    return {
        "grouping": grouping, "month": month, "provider": code, "provider_region": region, "numerator": numerator,
        "numerator__status": status, "denominator": denominator, "denominator__status": "rounded", "verdict": "high",
    }  # fmt: skip


def test_read_takes_one_grouping_and_leaves_out_unknown_organisations():
    table = released([cell(0, "A", 10.0, 20.0), cell(0, "unknown", 5.0, 5.0), cell(1, None, 15.0, 25.0)])
    read = read_figures(SHARE, table, grouping=0, code_column="provider", region_column="provider_region")
    assert (read.codes, read.region, read.verdict, read.status) == (("A",), ("N",), ("high",), ("rounded",))
    nation = read_figures(SHARE, table, grouping=1)
    assert nation.numerator.tolist() == [15.0]


def test_a_token_printed_for_a_hidden_number_is_no_number():
    table = released([cell(0, "A", 5.0, 20.0, status="suppressed")])
    read = read_figures(SHARE, table, grouping=0, code_column="provider")
    assert np.isnan(read.numerator[0])
    assert read.status == ("suppressed",)


def test_a_rate_is_matched_to_its_population_and_counted_in_person_years():
    activity = released([
        {"grouping": 0, "month": "2024-05", "commissioner": code, "numerator": 30.0, "numerator__status": "rounded"} for code in "AB"
    ])  # fmt: skip
    people = released([
        {"grouping": 0, "month": "2024-05", "commissioner": "A", "denominator": 24000.0, "denominator__status": "shown"}
    ])  # fmt: skip
    read = read_figures(RATE, activity, grouping=0, code_column="commissioner", population=people)
    assert read.denominator[0] == 2000
    assert np.isnan(read.denominator[1])
    assert read.status == ("rounded", "no population")
    assert value(RATE, read.numerator, read.denominator)[0] == pytest.approx(15.0)


def test_nothing_to_divide_by_gives_no_value():
    assert np.isnan(value(SHARE, np.array([0.0]), np.array([0.0]))[0])


def test_intervals_hold_the_value_and_are_in_the_measure_s_unit():
    shares = figures([50, NAN], [100, 100])
    lower, upper = interval(SHARE, shares, confidence=0.95)
    assert lower[0] == pytest.approx(40.38, abs=0.01)  # Wilson, 50 of 100
    assert upper[0] == pytest.approx(59.62, abs=0.01)
    assert np.isnan(lower[1])
    lower, upper = interval(RATE, figures([100], [1000]), confidence=0.95)
    assert lower[0] == pytest.approx(81.36, abs=0.01)  # Byar, 100 events
    assert upper[0] == pytest.approx(121.63, abs=0.01)
    lower, upper = interval(MEAN, figures([20], [10], squares=[60]), confidence=0.95)
    assert lower[0] < 2 < upper[0]


def test_a_mean_without_squares_is_refused():
    with pytest.raises(FiguresError, match="squares"):
        interval(MEAN, figures([20], [10]), confidence=0.95)


def compared(numerator, denominator, *, norm="national", level="provider", selected="A", **more):
    extra = {key: more.pop(key) for key in ("facts", "total", "past", "complete") if key in more}
    return compare(
        SHARE, figures(numerator, denominator, **more), selected=selected, norm=NORMS[norm], level=level, names={"A": "Alpha"}, **extra
    )


def test_compare_ranks_groups_and_sets_beside_the_nation():
    # The nation counts the hidden organisation too.
    rows = compared([10, 20, 30, 40, NAN], [100, 100, 100, 100, 100], total=figures([125], [500]))
    assert rows["rank"] == [1, 2, 3, 4, None]
    assert rows["ranked"][0] == 4
    assert rows["quartile"] == [1, 2, 3, 4, None]
    assert rows["decile"] == [None] * 5
    assert rows["name"][:2] == ["Alpha", "B"]
    assert rows["is_selected"] == [True, False, False, False, False]
    assert rows["norm_value"][0] == pytest.approx(25.0)
    assert rows["difference"][0] == pytest.approx(-15.0)
    assert rows["expected"][0] == pytest.approx(25.0)
    assert rows["ratio"][0] == pytest.approx(0.4)
    assert rows["value"][4] is None
    assert rows["lower"][4] is None
    assert hidden_members(rows) == 1


def test_a_norm_whose_total_is_hidden_is_not_known():
    for total in (None, figures([NAN], [100])):
        assert compared([10, 20], [100, 100], total=total)["norm_value"] == [None, None]


def test_funnel_limits_are_in_the_measure_s_unit_and_never_past_all_of_them():
    rows = compared([95, 96, 97, 98], [100, 100, 100, 100])
    for lower, upper in zip(rows["funnel_lower_998"], rows["funnel_upper_998"], strict=True):
        assert 0 <= lower < 96.5 < upper <= 100


def test_verdicts_come_from_the_session_where_it_judged():
    rows = compared([10, 20, 30], [100, 100, 100], verdict=("low", "as expected", "high"))
    assert rows["verdict"] == ["low", "as expected", "high"]


def test_where_it_gave_none_they_come_from_what_is_shown():
    many = ([20] * 9 + [60], [100] * 10)
    assert compared(*many)["verdict"] == ["as expected"] * 9 + ["high"]
    some = compared(*many, verdict=("low", *[""] * 9))
    assert some["verdict"] == ["low", *["as expected"] * 8, "high"]
    hidden = compared([NAN, *many[0]], [NAN, *many[1]], verdict=("", *["low"] * 10))
    assert hidden["verdict"] == [None, *["low"] * 10]


def test_a_rate_is_judged_on_released_values():
    found = compare(
        RATE, figures([100, 100, 100, 100, 100, 100, 100, 100, 100, 400], [1000] * 10), selected="J",
        norm=NORMS["national"], level="commissioner", names={},
    )  # fmt: skip
    assert found["verdict"][9] == "high"
    assert "high" not in found["verdict"][:9]


def test_the_region_norm_is_one_s_own_region():
    rows = compared([10, 20, 90], [100, 100, 100], norm="region", region=("N", "N", "S"), total=figures([30], [200]))
    assert rows["in_norm"] == [True, True, False]
    assert rows["norm_value"][0] == pytest.approx(15.0)
    with pytest.raises(NormError, match="region of organisation 'A'"):
        compared([10, 20], [100, 100], norm="region", region=("", "S"))


def test_a_norm_is_refused_at_a_level_it_cannot_be_made_for():
    with pytest.raises(NormError, match="similar_ten"):
        compared([1, 2], [10, 10], norm="similar_ten", level="practice")


def test_an_organisation_without_a_row_is_named():
    with pytest.raises(FiguresError, match="'Q'"):
        compared([1, 2], [10, 10], selected="Q")


def test_the_norm_of_nobody_shown_is_not_known():
    hidden = figures([NAN, NAN], [100, 100])
    assert np.isnan(pooled(SHARE, hidden, np.array([True, True])))


def test_trend_is_in_order_beside_the_nation():
    own = figures([30, 10, NAN], [100, 100, 100], codes=("A",) * 3, months=("2024-03", "2024-01", "2024-02"))
    nation = figures([200, 300], [1000, 1000], codes=("", ""), months=("2024-01", "2024-03"))
    rows = trend(SHARE, of_organisation(own, "A"), nation)
    assert rows["month"] == ["2024-01", "2024-02", "2024-03"]
    assert rows["value"] == [10.0, None, 30.0]
    assert rows["norm_value"] == [20.0, None, 30.0]
    assert rows["status"][1] == "suppressed"
    assert rows["point"][1] == "not assessed"


def test_a_proportion_s_process_limits_stay_between_none_and_all():
    months = tuple(f"2024-{month:02d}" for month in range(1, 13))
    rows = trend(SHARE, figures([5, 95] * 6, [100] * 12, codes=("A",) * 12, months=months))
    assert rows["lower_limit"][0] == 0
    assert rows["upper_limit"][0] == 100


def test_completeness_asks_for_twelve_months_and_marks_a_thin_one():
    months = (*tuple(f"2023-{month:02d}" for month in range(1, 13)), "2024-01", "2024-02")
    spells = np.array([1000.0] * 12 + [500.0, NAN])
    rows = completeness(months, spells, ("rounded",) * 13 + ("suppressed",))
    assert rows["expected"][:12] == [None] * 12
    assert rows["completeness"][12] == pytest.approx(0.5)
    assert rows["status"][11:] == ["not assessed", "may be incomplete", "suppressed"]
