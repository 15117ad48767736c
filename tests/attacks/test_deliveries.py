"""Two deliveries of the same months, of which the one has a few records that the other has not: as where a month is sent again, or is held
under another agreement with other opt-outs, or a provider becomes part of another.

Attacked are small counts that were hidden, and what lies between the two. The attacker knows that the one has all records of the other.
"""

import itertools
from dataclasses import replace

import pytest

from farr.lab.disclosure.gate import known_policies
from tests.share import some

from .attacker.releases import LEVELS, Ask, judge, left_of, merging, months, random_country, with_more

POLICIES = ("hes_legacy", "hes_2018")
EXACT = "hes_legacy"
YEAR = months(4)
WHOLE, BY_MONTH = Ask(months=YEAR), Ask(months=YEAR, levels=(), monthly=LEVELS)


def without(left_out):
    return Ask(months=tuple(month for month in YEAR if month != left_out))


MONTH = YEAR[:1]
PROVIDERS_OF_IT = Ask(months=MONTH, levels=("provider",))
REGIONS_OF_IT = Ask(months=MONTH, levels=("region", "nation"))


def more(ask, again=None):
    """The same of a delivery with a few records more in the months `again` (None: in all)."""
    return replace(ask, more=("+",), sent=2, again=again)


DELIVERIES = {
    "the same month": [Ask(months=MONTH), more(Ask(months=MONTH))],
    "fewer records": [more(Ask(months=MONTH)), Ask(months=MONTH)],
    "a year, then its months": [WHOLE, more(BY_MONTH)],
    "months, then their year": [BY_MONTH, more(WHOLE)],
    "months, then the year of fewer records": [more(BY_MONTH), WHOLE],
    "months, then the year less one": [BY_MONTH, more(without(YEAR[1]))],
    "a year, and the year less a month, then the month": [WHOLE, without(YEAR[0]), more(Ask(months=MONTH))],
    "providers, then regions": [PROVIDERS_OF_IT, more(REGIONS_OF_IT)],
    "regions, then providers": [REGIONS_OF_IT, more(PROVIDERS_OF_IT)],
    "one month of a year differs": [WHOLE, more(WHOLE, MONTH)],
    "one month differs, printed by itself and in the year": [Ask(months=MONTH), WHOLE, more(Ask(months=MONTH)), more(WHOLE, MONTH)],
    "a month, then its year and the rest": [Ask(months=MONTH), more(WHOLE), more(without(YEAR[0]))],
}


def deliveries(name, asks, policy, tally, desk, *, against="Farr", countries=10, **where):
    counted, at = tally(f"{name}, {policy}", against), desk(policy)
    for seed in range(some(countries)):
        country = with_more(random_country(seed), seed)
        judge(counted, at.ask_all(country, asks, **where), country, known_policies()[policy])
    at.assert_answered()
    return counted


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", DELIVERIES)
def test_two_deliveries_that_differ_by_a_few_records(name, policy, tally, desk):
    deliveries("two deliveries", DELIVERIES[name], policy, tally, desk, ledgers=2).assert_withstood()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", DELIVERIES)
def test_a_month_sent_again(name, policy, tally, desk):
    """A refresh among them, which keeps the earlier figures of what changed by a few."""
    deliveries("month sent again", DELIVERIES[name], policy, tally, desk).assert_withstood()


BY = (LEVELS, ("provider",), ("region",))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("fewer", [False, True], ids=["late", "opted out"])
def test_two_deliveries_of_which_figures_do_not_tell_which_has_more(policy, fewer, tally, desk):
    """Few providers have any records more, so that either delivery may have all of the other; an attacker knows which does."""
    counted, at = tally(f"two deliveries nearly alike, {policy}"), desk(policy)
    for seed, (before, after) in itertools.product(range(some(6)), itertools.product(BY, BY)):
        country = with_more(random_country(seed, over=1), seed, of=0.2)
        asks = [Ask(months=MONTH, levels=before), more(Ask(months=MONTH, levels=after))]
        asks = [more(asks[0]), Ask(months=MONTH, levels=after)] if fewer else asks
        judge(counted, at.ask_all(country, asks, ledgers=2), country, known_policies()[policy])
    at.assert_answered()
    counted.assert_withstood()


@pytest.mark.parametrize("name", DELIVERIES)
def test_what_two_deliveries_differ_by_is_had_where_each_is_asked_alone(name, tally, desk):
    deliveries("two deliveries", DELIVERIES[name], EXACT, tally, desk, homes=len(DELIVERIES[name]), against="control").assert_bites()


# Where one provider becomes part of another, the codes mean other records: what the larger has more is the smaller.

MERGER = [Ask(months=MONTH), Ask(months=MONTH, levels=("merged", "region", "nation"))]


def mergers(asks, policy, tally, desk, *, against="Farr", **where):
    """Attacked are providers with few, by what the code into which they went has more than before."""
    counted, at, rules, month = tally(f"providers that merge, {policy}", against), desk(policy), known_policies()[policy], frozenset(MONTH)
    for seed in range(some(40)):
        country = merging(random_country(seed))
        one, other = at.ask_all(country, asks, **where)
        counted.tables += 2
        for unit in country.parents:
            provider, _, into = unit.partition("/")
            count, before = country.count(provider, month), f"P{into[1:]}"
            if provider != before and 1 <= count <= rules.threshold:
                small, large = (left_of({**one, **other}[code, month], rules) for code in (before, into))
                low, high = max(large[0] - small[1], 0.0), large[1] - small[0]
                assert low <= count <= high, "the attacker excludes the truth"
                counted.count(recovered=low == high, narrowed=low > 0 and high <= rules.threshold, example=(seed, unit, low, high))
    at.assert_answered()
    return counted


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("asks", [MERGER, MERGER[::-1]])
def test_a_provider_into_which_another_was_merged(asks, policy, tally, desk):
    mergers(asks, policy, tally, desk).assert_withstood()


def test_a_merger_gives_the_smaller_back_where_each_is_asked_alone(tally, desk):
    mergers(MERGER, EXACT, tally, desk, homes=2, against="control").assert_bites()


# Whoever knows which providers did not merge knows that these are the same before and after, and so are regions.


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("asks", [MERGER, MERGER[::-1]], ids=["then, now", "now, then"])
def test_providers_that_did_not_merge_are_the_same(asks, policy, tally, desk):
    counted, at = tally(f"providers that merge, and those that do not, {policy}"), desk(policy)
    for seed in range(some(40)):
        country = merging(random_country(seed))
        judge(counted, at.ask_all(country, asks), country, known_policies()[policy])
    at.assert_answered()
    counted.assert_withstood()


def test_providers_that_did_not_merge_give_counts_back_where_each_is_asked_alone(tally, desk):
    counted, at = tally("providers that merge, and those that do not", "control"), desk(EXACT)
    for seed in range(some(40)):
        country = merging(random_country(seed))
        judge(counted, at.ask_all(country, MERGER, homes=2), country, known_policies()[EXACT])
    assert counted.narrowed > 0
