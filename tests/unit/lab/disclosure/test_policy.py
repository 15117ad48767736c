"""Policies: rounding, what a printed figure may have been, and the strictest of several."""

import math
from dataclasses import replace

import pytest

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy, PolicyError, Rounding, strictest
from farr.lab.disclosure.tables.checks import is_small

POLICIES = known_policies()
MIDPOINT_6 = replace(POLICIES["opensafely"], rounding=Rounding.MIDPOINT, rounding_base=6)


@pytest.mark.parametrize(("count", "printed"), [(0, 0), (8, 10), (12, 10), (13, 15), (16, 15), (57, 55), (10023, 10025)])
def test_counts_are_rounded_to_the_nearest_five(count, printed):
    assert POLICIES["hes_2018"].rounded(count) == printed


@pytest.mark.parametrize(("count", "printed"), [(0, 0), (1, 3), (6, 3), (7, 9), (12, 9), (13, 15)])
def test_midpoint_six(count, printed):
    assert MIDPOINT_6.rounded(count) == printed


@pytest.mark.parametrize("policy", [*POLICIES.values(), MIDPOINT_6, replace(MIDPOINT_6, rounding=Rounding.NEAREST)], ids=lambda p: p.title)
def test_the_preimage_is_exactly_what_is_printed_alike(policy):
    for count in range(60):
        low, high = policy.preimage(policy.rounded(count), whole=True)
        alike = [other for other in range(80) if policy.rounded(other) == policy.rounded(count)]
        assert (low, high) == (alike[0], alike[-1])
        wide_low, wide_high = policy.preimage(policy.rounded(count), whole=False)
        assert wide_low <= low and wide_high >= high


def test_figures_out_of_range_are_errors_that_do_not_repeat_them():
    for figure in (-4711, 5_000_004_711):
        with pytest.raises(PolicyError) as error:
            POLICIES["nhsd_central"].rounded(figure)
        assert "4711" not in str(error.value)


def test_the_strictest_takes_each_setting_from_the_stricter():
    both = strictest([POLICIES["hes_2018"], POLICIES["opensafely"], POLICIES["nhsd_central"]])
    assert not both.zero_shown and not both.national_exempt and both.token is None
    assert both.maximum == 5e9 and both.threshold == 7 and both.protected == (0, 8)
    small = replace(POLICIES["hes_2018"], name="small", threshold=10, p_percent=0.2, dominance_k=0.5, dominance_n=1, minimum_contributors=3)
    both = strictest([small, POLICIES["hes_legacy"]])
    assert (both.threshold, both.p_percent, both.dominance_k, both.dominance_n, both.minimum_contributors) == (10, 0.2, 0.5, 2, 6)
    assert both.protected == (0, 11) and both.secondary


def test_the_strictest_of_one_is_itself_and_order_does_not_matter():
    assert strictest([POLICIES["hes_2018"], POLICIES["open_data"]]) == POLICIES["hes_2018"]
    assert strictest([POLICIES["open_data"]]) == POLICIES["open_data"]
    assert strictest(list(POLICIES.values())) == strictest(list(POLICIES.values())[::-1])


def test_no_policy_and_clashing_roundings_are_errors():
    with pytest.raises(PolicyError, match="no policy"):
        strictest([])
    with pytest.raises(PolicyError, match="round in different ways"):
        strictest([replace(MIDPOINT_6, name="midpoint"), POLICIES["hes_2018"]])


@pytest.mark.parametrize("wrong", [{"threshold": -1}, {"rounding_base": 0}, {"dominance_n": 3}, {"minimum_contributors": 0}])
def test_a_policy_that_makes_no_sense_is_an_error(wrong):
    with pytest.raises(PolicyError):
        Policy(**({"title": "t", "source": "s", "why": "w", "unverified": "u", "threshold": 7} | wrong))


def test_star_and_number_tokens():
    assert POLICIES["nhsd_central"].token == 5 and POLICIES["hes_2018"].token is None
    assert math.isinf(POLICIES["hes_2018"].maximum)


def test_cms_hides_one_to_ten_and_shows_zero_and_eleven_exactly():
    policy = POLICIES["cms11"]
    assert is_small([0, 1, 10, 11], policy.threshold, zero_shown=policy.zero_shown).tolist() == [False, True, True, False]
    assert [policy.rounded(count) for count in (0, 11, 12, 4711)] == [0, 11, 12, 4711]
    assert policy.protected == (0, 11) and policy.secondary and policy.minimum_contributors == 11


def test_cms_beside_an_english_policy_hides_to_ten_and_rounds():
    both = strictest([POLICIES["cms11"], POLICIES["hes_2018"]])
    assert (both.threshold, both.minimum_contributors, both.rounding_base, both.protected) == (10, 11, 5, (0, 11))
