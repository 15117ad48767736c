"""Two feeds drawn by hand: what is planted in one is found by the check that is for it, and nothing is found where they are the same."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from farr.lab.model.period import Period
from farr.lab.planning.feeds_compared.check import About, CheckError, Verdict, beyond_rounding, declared, rounded
from farr.lab.planning.feeds_compared.measured import best_lag, chi_square, like_for_like, price_change, total_variation
from farr.lab.planning.feeds_compared.questions import LEVELS, compared_questions, registered_questions
from farr.lab.planning.feeds_compared.side import Pair, Side, read_months
from farr.lab.planning.feeds_compared.trust import checked, deliveries_table, months_table, trust

MONTHS = [f"2024-{month:02d}" for month in range(4, 13)] + ["2025-01", "2025-02", "2025-03"]
COUNTS = [500, 520, 470, 540, 430, 500, 560, 530, 450, 570, 480, 510]
PODS = {"DC": 0.5, "EL": 0.2, "NEL": 0.3}
CHAPTERS = {"D": (0.4, 1500.0), "E": (0.35, 2000.0), "F": (0.25, 900.0)}
NAN = float("nan")


def side(counts=None, *, price=1.0, episodes=1.3, chapters=None, diagnoses=4.5, ungrouped=20.0, weight=1.1):
    """Spells by month, shared out among points of delivery and chapters."""
    months = dict(zip(MONTHS, map(float, counts or COUNTS), strict=True)) if not isinstance(counts, dict) else counts
    spells = sum(months.values())
    shares = {name: (share, CHAPTERS[name][1]) for name, share in (chapters or {k: v[0] for k, v in CHAPTERS.items()}).items()}
    mean = sum(share * pounds for share, pounds in CHAPTERS.values()) * price
    return Side(
        months=months,
        by_month={(m, pod): (n * part, n * part * mean) for m, n in months.items() for pod, part in PODS.items()},
        chapters={name: (spells * share, spells * share * pounds * price) for name, (share, pounds) in shares.items()},
        cells={
            (name, pod): (spells * share * part, spells * share * part * pounds * price)
            for name, (share, pounds) in shares.items()
            for pod, part in PODS.items()
        },
        coding={
            "spells": spells, "episodes": spells * episodes, "diagnoses": spells * diagnoses, "ungrouped": ungrouped, "weighted": spells,
            "weight": spells * weight,
        },
        others={(m, name): (n * 4.0, n * 500.0) for m, n in months.items() for name in ("outpatients", "attendances")},
    )  # fmt: skip


def pair(client, national=None):
    national = national or side()
    return Pair(national=national, client=client, shared=tuple(sorted(set(national.months) & set(client.months))))


def differing(found):
    return {check.name for check, each in checked(found) if each.verdict is Verdict.DIFFERS}


def without(month):
    return {name: float(count) for name, count in zip(MONTHS, COUNTS, strict=True) if name != month}


OF_ALL = {"spells", "paid", "outpatients", "attendances"}
SHIFTED = [505, *COUNTS[:-1]]
PLANTS = {
    "a month is missing": (side(without("2024-09")), {"months_held"}),
    "a month was sent in part": (
        side([*COUNTS[:9], 380, *COUNTS[10:]]),
        {"months_in_step", "spells", "paid", "outpatients", "attendances"},
    ),
    "records were sent twice": (side(episodes=1.3 * 1.05), {"records_repeated"}),
    "prices are three in a hundred higher": (side(price=1.03), {"paid", "prices"}),
    "one in ten was put into another group": (side(chapters={"D": 0.3, "E": 0.45, "F": 0.25}, weight=1.13), {"chapters", "casemix_index"}),
    "coding was cut early": (side(diagnoses=3.9, ungrouped=250.0), {"depth_of_coding", "ungrouped"}),
    "twice as many came": (side([2 * count for count in COUNTS]), OF_ALL),
}


def test_nothing_is_found_where_the_feeds_are_the_same():
    found = checked(pair(side()))
    assert {each.verdict for _, each in found} == {Verdict.AGREES}
    assert len(found) == len(declared())
    assert trust(found)[0].startswith("The two feeds agree in activity, months, casemix, coding and money")


@given(st.lists(st.integers(-2, 2), min_size=12, max_size=12), st.lists(st.integers(-2, 2), min_size=12, max_size=12))
def test_rounding_alone_is_never_a_difference(first, second):
    """Counts that are the same but for rounding to five, on each side its own way."""
    one, two = ([count + off for count, off in zip(COUNTS, offs, strict=True)] for offs in (first, second))
    assert not differing(pair(side(two), side(one))) & {"spells", "months_in_step", "months_held"}


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_is_found_and_nothing_else(plant):
    client, expected = PLANTS[plant]
    assert differing(pair(client)) == expected


def test_months_that_are_counted_later_are_seen():
    found = {check.name: each for check, each in checked(pair(side(SHIFTED)))}
    assert found["months_shifted"].verdict is Verdict.DIFFERS and found["months_shifted"].difference == 1.0
    assert "one later" in found["months_shifted"].says
    assert best_lag(side().months, side().months, MONTHS)[0] == 0


def test_trust_names_what_differs_and_what_does_not():
    lines = trust(checked(pair(PLANTS["prices are three in a hundred higher"][0])))
    assert lines[0].startswith("The client's feed can be trusted in its activity, months, casemix and coding, and not in its money")
    assert lines[1] == "Money: differs in pounds paid and prices like for like."


def test_what_is_hidden_cannot_be_said():
    hidden = dict.fromkeys(side().cells, (NAN, NAN))
    client = replace(side(), cells=hidden, chapters={"D": (NAN, NAN)}, coding={}, others={})
    found = {check.name: each for check, each in checked(pair(client))}
    for name in ("prices", "chapters", "casemix_index", "depth_of_coding", "ungrouped", "outpatients", "records_repeated"):
        assert found[name].verdict is Verdict.UNKNOWN and found[name].difference is None
    assert "Coding: nothing can be said." in trust(list(checked(pair(client))))
    assert found["spells"].verdict is Verdict.AGREES


def test_a_tolerance_may_be_said_and_is_refused_for_what_is_no_check():
    client = PLANTS["prices are three in a hundred higher"][0]
    assert {check.name for check, each in checked(pair(client), {"prices": 0.05, "paid": 0.05}) if each.verdict is Verdict.DIFFERS} == set()
    with pytest.raises(CheckError, match="no check 'colour'"):
        checked(pair(client), {"colour": 1.0})


def test_every_check_says_why_and_whence():
    assert {check.about for check in declared().values()} == set(About)
    for check in declared().values():
        assert all(text.strip() for text in (check.title, check.why, check.source, check.measured)) and check.tolerance >= 0


def test_a_price_index_by_hand():
    """Ten at £100 and five at £200 became twenty and five, dearer by a tenth: £2,200 + £1,100 over £2,000 + £1,000."""
    first, second = {("D", "EL"): (10.0, 1000.0), ("E", "EL"): (5.0, 1000.0)}, {("D", "EL"): (20.0, 2200.0), ("E", "EL"): (5.0, 1100.0)}
    assert price_change(first, second) == pytest.approx((0.1, 1.0))
    parts = like_for_like(first, second)
    assert float(parts.volume) == pytest.approx(10 * 2000 / 15) and float(parts.price) == pytest.approx(300.0)
    assert float(parts.volume + parts.casemix + parts.price) == pytest.approx(3300 - 2000)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=2, max_size=8))
def test_chi_square_is_that_of_another_implementation_and_distance_lies_between_nothing_and_one(pairs):
    named = {str(place): (float(a), float(b)) for place, (a, b) in enumerate(pairs)}
    theirs = chi2_contingency(np.array(pairs).T, correction=False)
    statistic, freedom, p = chi_square(named)
    assert (statistic, freedom, p) == pytest.approx((theirs.statistic, theirs.dof, theirs.pvalue), rel=1e-6, abs=1e-9)
    assert 0 <= total_variation(named) <= 1
    assert total_variation({code: (b, a) for code, (a, b) in named.items()}) == pytest.approx(total_variation(named))


def test_what_rounding_may_have_done_is_taken_off():
    assert beyond_rounding(1000.0, 1004.0) == 0.0
    assert beyond_rounding(1000.0, 1025.0) == pytest.approx(0.02) and beyond_rounding(1000.0, 975.0) == pytest.approx(-0.02)
    assert rounded(4) == 10.0


def test_tables_hold_what_both_sides_show():
    found = pair(side(price=1.1))
    rows = {row["point_of_delivery"]: row for row in deliveries_table(found).to_pylist()}
    assert set(rows) == set(PODS)
    for row in rows.values():
        assert row["paid_change"] == pytest.approx(0.1) and row["spells_change"] == pytest.approx(0.0)
        assert row["volume"] + row["casemix"] + row["price"] == pytest.approx(row["client_paid"] - row["national_paid"])
    assert len([row for row in months_table(found).to_pylist() if row["point_of_delivery"] is None]) == 12


def test_months_without_a_spell_are_not_held():
    table = pa.Table.from_pylist(
        [{"grouping": 0, "provider": code, "month": month, "spells": spells} for code, month, spells in (
            ("RAA", "2024-04", 500.0), ("RAA", "2024-05", 0.0), ("RAA", "2024-06", None), ("RBB", "2024-05", 5.0),
        )]
    )  # fmt: skip
    months = read_months(table, "provider", "RAA")
    assert set(months) == {"2024-04", "2024-06"} and np.isnan(months["2024-06"])


@pytest.mark.parametrize("level", LEVELS)
def test_every_question_is_registered_and_of_one_level(level):
    year = Period.parse("2024-04..2025-03")
    for question in compared_questions(level, year).values():
        (registered,) = registered_questions(question.name, level, year)
        assert registered.identity == question.identity
        assert all(level in grouping.dimensions for grouping in question.groupings)
    assert registered_questions("feed.months", "practice", year) == [] and registered_questions("feed.no", level, year) == []


def test_pounds_are_of_the_months_that_both_show_and_else_of_points_of_delivery():
    first, second = (
        replace(side(price=price), paid={"2024-04": 100.0, "2024-05": NAN, "2024-06": each}) for price, each in ((1, 10), (1.2, 12))
    )
    assert pair(second, first).pounds == (110.0, 112.0)
    hidden = replace(second, paid={})
    by_delivery = pair(hidden, first).deliveries.values()
    assert pair(hidden, first).pounds == (sum(one[1] for one, _ in by_delivery), sum(two[1] for _, two in by_delivery))
    assert pair(hidden, first).pounds[1] == pytest.approx(1.2 * pair(hidden, first).pounds[0])
