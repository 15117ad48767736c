"""Several releases: what is printed of one question, added to and taken from what is printed of others, all of one home.

Each country is asked of for the first time. Attacked are small counts that were hidden, and small counts of months that were never asked
for by themselves. The controls are the same questions, each in a home of its own, so that none is protected against another.
"""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from farr.lab.disclosure.gate import known_policies
from tests.share import some

from .attacker.releases import (
    LEVELS,
    Ask,
    Country,
    by_sex,
    judge,
    judge_differences,
    months,
    random_asks,
    random_country,
    with_more,
)

POLICIES = ("hes_legacy", "hes_2018")
EXACT = "hes_legacy"
YEAR = months(4)
WHOLE, BY_MONTH = Ask(months=YEAR), Ask(months=YEAR, levels=(), monthly=LEVELS)


def without(*left_out):
    return Ask(months=tuple(month for month in YEAR if month not in left_out))


SEQUENCES = {
    "a year, then its months": [WHOLE, BY_MONTH],
    "months, then their year": [BY_MONTH, WHOLE],
    "all months but one, then the year": [without(YEAR[1]), WHOLE],
    "a year, and each month left out": [WHOLE, *(without(month) for month in YEAR)],
    "a rolling year": [Ask(months=YEAR[:1]), Ask(months=YEAR[1:2]), Ask(months=YEAR[:3]), Ask(months=YEAR[1:])],
}
ORDERS = list(itertools.permutations(LEVELS))


def attack(counted, at, asks_of, policy, *, countries=10, over=4, homes=1, ledgers=1, users=1):
    for seed in range(some(countries)):
        country, asks = random_country(seed, over=over), asks_of(seed)
        prints = at.ask_all(country, asks, homes=homes or len(asks), ledgers=ledgers, users=users)
        judge(counted, prints, country, known_policies()[policy])
    at.assert_answered()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", SEQUENCES)
def test_months_and_years_leave_every_interval(name, policy, tally, desk):
    counted = tally(name)
    attack(counted, desk(policy), lambda _: SEQUENCES[name], policy)
    counted.assert_withstood()


@pytest.mark.parametrize("name", SEQUENCES)
def test_months_and_years_give_counts_back_where_each_is_asked_alone(name, tally, desk):
    counted = tally(name, "control")
    attack(counted, desk(EXACT), lambda _: SEQUENCES[name], EXACT, homes=None)
    counted.assert_bites()


def margins(order):
    return [Ask(months=YEAR[:1], levels=(level,)) for level in order]


@pytest.mark.parametrize("policy", POLICIES)
def test_margins_asked_one_by_one_leave_every_interval(policy, tally, desk):
    counted = tally("margins in releases of their own, in every order")
    for order in ORDERS:
        attack(counted, desk(policy), lambda _, order=order: margins(order), policy, over=1, countries=6)
    counted.assert_withstood()


def test_margins_give_counts_back_where_each_is_asked_alone(tally, desk):
    counted = tally("margins in releases of their own", "control")
    attack(counted, desk(EXACT), lambda _: margins(LEVELS), EXACT, over=1, homes=None)
    counted.assert_bites()


@pytest.mark.parametrize("policy", POLICIES)
def test_random_questions_leave_every_interval(policy, tally, desk):
    """Reconstruction: every figure of every release in one program."""
    counted = tally("reconstruction from ten random questions")
    attack(counted, desk(policy), lambda seed: random_asks(seed, 4, 10), policy)
    counted.assert_withstood()


def test_random_questions_give_counts_back_where_each_is_asked_alone(tally, desk):
    counted = tally("reconstruction from ten random questions", "control")
    attack(counted, desk(EXACT), lambda seed: random_asks(seed, 4, 10), EXACT, countries=5, homes=None)
    counted.assert_bites()


@pytest.mark.parametrize("policy", POLICIES)
def test_two_users_of_one_ledger_find_no_more_than_one(policy, tally, desk):
    counted = tally("two agreements, one ledger, in turn")
    attack(counted, desk(policy), lambda seed: random_asks(seed, 4, 6), policy, users=2, countries=6)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_question_again_says_nothing_new(policy, tally, desk):
    """Nothing to average: twenty times, it is the very same release; and by other names it prints the same."""
    counted, at = tally("the same question twenty times"), desk(policy)
    for seed in range(10):
        country, asks = random_country(seed), [Ask(months=YEAR, name=f"attacked {number}") for number in range(4)]
        again = [at.release(country, WHOLE, f"same {seed}/0") for _ in range(20)]
        prints = at.ask_all(country, asks)
        counted.tables += 24
        differ = any(one.manifest != again[0].manifest or not one.table.equals(again[0].table) for one in again)
        counted.count(recovered=False, narrowed=differ or any(each != prints[0] for each in prints), example=seed)
    counted.assert_withstood()


# Two agreements have two ledgers, and stores of their own with the same records.

TWO = "two agreements, two ledgers, in turn"
LEFT_OUT = SEQUENCES["a year, and each month left out"]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", SEQUENCES)
def test_two_ledgers_are_one_to_who_reads_both(name, policy, tally, desk):
    counted = tally(TWO)
    attack(counted, desk(policy), lambda _: SEQUENCES[name], policy, ledgers=2)
    counted.assert_withstood()


def test_random_questions_of_two_ledgers_leave_every_interval(tally, desk):
    counted = tally(f"{TWO}, ten random questions")
    attack(counted, desk(EXACT), lambda seed: random_asks(seed, 4, 10), EXACT, ledgers=2)
    counted.assert_withstood()


def test_two_ledgers_give_counts_back_where_they_are_apart(tally, desk):
    counted = tally(TWO, "control")
    attack(counted, desk(EXACT), lambda _: LEFT_OUT, EXACT, homes=2)
    counted.assert_bites()


# A cohort by another condition, that leaves a few records out, is another series. Exact figures of both would give what lies between.

WIDE, NARROW = Ask(months=YEAR, more=("+",)), Ask(months=YEAR, below=199)
BY_MONTH_WIDE, BY_MONTH_NARROW = (replace(each, levels=(), monthly=LEVELS) for each in (WIDE, NARROW))
COHORTS = {
    "all, then all but a few": [WIDE, NARROW],
    "all but a few, then all": [NARROW, WIDE],
    "all by month, then all but a few of the year": [BY_MONTH_WIDE, NARROW],
    "all but a few of the year, then all by month": [NARROW, BY_MONTH_WIDE],
    "providers, then the regions of all but a few": [replace(WIDE, levels=("provider",)), replace(NARROW, levels=("region",))],
    "both by month and by year": [WIDE, BY_MONTH_NARROW, BY_MONTH_WIDE, NARROW],
    "all, some again, and all but a few": [WIDE, replace(WIDE, months=YEAR[:3]), replace(NARROW, months=YEAR[3:])],
}


def nested(name, asks, policy, tally, desk, *, against="Farr", **where):
    counted, at, rules = tally(f"{name}, {policy}", against), desk(policy), known_policies()[policy]
    for seed in range(some(10)):
        country = with_more(random_country(seed), seed)
        prints = at.ask_all(country, asks, **where)
        counted.tables += len(prints)
        judge_differences(counted, prints, country, rules)
    at.assert_answered()
    return counted


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", COHORTS)
def test_a_cohort_less_a_few_records(name, policy, tally, desk):
    counted = nested("cohort less a few", COHORTS[name], policy, tally, desk)
    counted.assert_withstood()


def random_cohorts(seed):
    """Random questions, of the one cohort or the other."""
    wide = np.random.default_rng(seed).random(6) < 0.5
    asks = random_asks(seed, 4, len(wide))
    return [replace(ask, more=("+",)) if each else replace(ask, below=199) for ask, each in zip(asks, wide, strict=True)]


@pytest.mark.parametrize("policy", POLICIES)
def test_random_questions_of_two_cohorts(policy, tally, desk):
    counted, at = tally(f"random questions of two cohorts, {policy}"), desk(policy)
    for seed in range(some(15)):
        country = with_more(random_country(seed), seed)
        judge(counted, at.ask_all(country, random_cohorts(seed)), country, known_policies()[policy])
    at.assert_answered()
    counted.assert_withstood()


def test_a_cohort_less_a_few_records_is_had_where_each_is_asked_alone(tally, desk):
    counted = nested("cohort less a few", COHORTS["all, then all but a few"], EXACT, tally, desk, homes=2, against="control")
    assert counted.recovered > 0


# Several pieces of months that were never asked for may be certain together: 1 and 2 spells of two months may each be none, but are 3.

TOGETHER = "several months never asked for, together"


@pytest.mark.parametrize("policy", POLICIES)
def test_pieces_together_are_not_certain(policy, tally, desk):
    counted, at = tally(f"{TOGETHER}, {policy}"), desk(policy)
    for seed in range(some(20)):
        country = random_country(seed, over=4 + seed % 2)
        asks = SEQUENCES["a year, and each month left out"] if seed % 2 else random_asks(seed, 4 + seed % 2, 6)
        prints = at.ask_all(country, asks)
        counted.tables += len(prints)
        judge_differences(counted, prints, country, known_policies()[policy], wholes=True)
    counted.assert_withstood()


def test_pieces_together_that_other_codes_tell_are_not_certain(tally, desk):
    """What providers tell of several months of their region, which no span of its own leaves: of the 132nd country one was told so."""
    counted = tally(f"{TOGETHER}, of other codes")
    ask_of_other_codes(counted, desk(EXACT))
    counted.assert_withstood()


def test_pieces_together_that_other_codes_tell_are_had_where_each_is_asked_alone(tally, desk):
    counted = tally(f"{TOGETHER}, of other codes", "control")
    ask_of_other_codes(counted, desk(EXACT), homes=7)
    counted.assert_bites()


def ask_of_other_codes(counted, at, **where):
    for seed in range(132, 132 + some(40) // 4):
        country, asks = random_country(seed, over=4 + seed % 3), random_asks(seed, 4 + seed % 3, 7)
        prints = at.ask_all(country, asks, **where)
        counted.tables += len(prints)
        judge_differences(counted, prints, country, known_policies()[EXACT], wholes=True)


def test_the_least_pieces_together_may_be_none(tally, desk):
    """A year of 43 and a month of 40, were it printed, leave 3 of the two others."""
    counted, (first, second, third) = tally("two months left of a year"), months(3)
    country = Country({"P0": "R0"}, {("P0", first): 1, ("P0", second): 2, ("P0", third): 40})
    asks = [Ask(months=of, levels=("provider",)) for of in ((first, second, third), (first, third), (third,))]
    prints = desk(EXACT).ask_all(country, asks)
    assert [each["P0", frozenset(asked.months)][0] for each, asked in zip(prints, asks, strict=True)] == [43, None, None]
    counted.tables += len(prints)
    judge_differences(counted, prints, country, known_policies()[EXACT], wholes=True)
    counted.assert_withstood()


# Groupings of which none is made of another add up to the same nation all the same, also where no figure of a coarser grouping is asked for
# that both make up: by provider and by sex, or by provider over a year and nationally by month.

ACROSS = "groupings across each other"
PROVIDERS, SEXES = Ask(months=YEAR[:1], levels=("provider",)), Ask(months=YEAR[:1], levels=("sex",))


@pytest.mark.parametrize("asks", [[PROVIDERS, SEXES], [SEXES, PROVIDERS], [Ask(months=YEAR[:1], levels=("provider", "sex"))]])
def test_providers_and_sexes_leave_every_interval(asks, tally, desk):
    counted, at = tally(f"{ACROSS}, providers and sexes"), desk(EXACT)
    for seed in range(10):
        country = by_sex(random_country(seed, over=1, small=0.1), seed)
        judge(counted, at.ask_all(country, asks), country, known_policies()[EXACT])
    at.assert_answered()
    counted.assert_withstood()


@pytest.mark.parametrize("asks", [[PROVIDERS, SEXES], [SEXES, PROVIDERS], [Ask(months=YEAR[:1], levels=("provider", "sex"))]])
def test_the_least_providers_and_sexes(asks, tally, desk):
    """Providers of 40 and 38, and 75 of the one sex: were all printed, 3 of the other."""
    counted, parents = tally(f"{ACROSS}, providers and sexes"), dict.fromkeys(("P0/1", "P0/2", "P1/1", "P1/2"), "R0")
    country = Country(parents, dict(zip(((unit, YEAR[0]) for unit in parents), (39, 1, 36, 2), strict=True)))
    prints = desk(EXACT).ask_all(country, asks)
    values = {code: value for each in prints for (code, _), (value, _) in each.items()}
    assert values["2"] is None and list(values.values()).count(None) == 2
    judge(counted, prints, country, known_policies()[EXACT])
    counted.assert_withstood()


def test_one_table_of_a_year_and_of_months(tally, desk):
    """A provider of 75 in two months, its region of 74 in the first: were both printed, 1 in the second."""
    counted, over = tally(f"{ACROSS}, year and months"), YEAR[:2]
    country = Country({"P0": "R0"}, {("P0", YEAR[0]): 74, ("P0", YEAR[1]): 1})
    at = desk(EXACT)
    for level in ("region", "nation"):
        prints = at.ask_all(country, [Ask(months=over, levels=("provider",), monthly=(level,))])
        judge(counted, prints, country, known_policies()[EXACT])
    counted.assert_withstood()


# What earlier releases protect is asked for no further than they leave it by themselves: the new table's own rows are no excuse.


@pytest.mark.parametrize(
    ("counts", "asks"),
    [
        pytest.param(
            {("P0", YEAR[0]): 2, ("P0", YEAR[1]): 2, ("P0", YEAR[2]): 2},
            [
                Ask(months=YEAR[:3], levels=("provider",)),
                Ask(months=YEAR[:2], levels=(), monthly=("provider",)),
                Ask(months=YEAR[:1], levels=("provider",)),
            ],
            id="at most",
        ),
        pytest.param(
            {("P0", YEAR[1]): 3, ("P1", YEAR[0]): 2, ("P1", YEAR[1]): 79},
            [
                Ask(months=YEAR[:2], levels=("provider",)),
                Ask(months=YEAR[1:2], levels=("nation",)),
                Ask(months=YEAR[:1], levels=("provider",)),
            ],
            id="at least",
        ),
    ],
)
def test_earlier_figures_are_not_let_go_for_rows_that_hold_one(counts, asks, tally, desk):
    counted = tally("earlier figures beside rows that hold one")
    country = Country({"P0": "R0", "P1": "R1"}, counts)
    judge(counted, desk(EXACT).ask_all(country, asks), country, known_policies()[EXACT])
    counted.assert_withstood()


def test_a_row_that_is_not_there_gives_nothing_away(tally, desk):
    """76 in a region's second month, 75 of one of its two providers in both: were it known that the region has none in the first month,
    the other would have 1."""
    counted, (first, second) = tally("rows that are not there"), YEAR[:2]
    counts = {"P0": (0, 75), "P1": (0, 1), "P2": (20, 30)}
    country = Country(
        {"P0": "R0", "P1": "R0", "P2": "R1"},
        {(provider, month): count for provider, each in counts.items() for month, count in zip((first, second), each, strict=True)},
    )
    asks = [Ask(months=of, levels=(level,)) for of, level in (((second,), "region"), ((first, second), "provider"), ((first,), "region"))]
    judge(counted, desk(EXACT).ask_all(country, asks), country, known_policies()[EXACT])
    counted.assert_withstood()


def test_random_questions_where_something_was_found(tally, desk):
    """Of countries in which the gate was once seen to give counts away."""
    counted, at = tally("reconstruction where something was found"), desk(EXACT)
    for seed in (103, 109, 110, 112, 120):
        country = random_country(seed, over=5)
        judge(counted, at.ask_all(country, random_asks(seed, 5, 12)), country, known_policies()[EXACT])
    counted.assert_withstood()
