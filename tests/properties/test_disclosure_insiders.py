"""Small tables of sums against brute force: every pattern tried by another solver, which knows who contributed what."""

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from farr.lab.disclosure.api import protect
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.tables.structure import FigureColumn, Structure, flat
from farr.lab.model.question import AggregateKind

P, CONTRIBUTORS = 0.1, 3
PLAIN = Policy(title="plain", source="none", why="none", unverified="none", threshold=0, minimum_contributors=CONTRIBUTORS, p_percent=P)
PROVEN = Effort(passes=1, rounds=1000, nodes=100_000, seconds=60)
FIGURES = (FigureColumn(column="cost", kind=AggregateKind.SUM, persons="people", largest="first", second="next"),)
NOT_EMPTY = 1.0  # a hidden row, where nothing is printed as nought
A_TOTAL = 2.0


@st.composite
def spending(draw):
    """What each person spent, by cell of two rows and two or three columns; nobody as much as another, and each in one cell."""
    each, found = itertools.count(), {}
    for place in itertools.product(range(2), range(draw(st.integers(2, 3)))):
        people = draw(st.sampled_from([1, 2, 6, 9]))
        most = draw(st.sampled_from([1, 1, 40]))
        found[place] = [100.0 * (most if at == 0 else 1) + next(each) for at in range(people)]
    return found


def with_totals(spent):
    """Of each cell and total what everybody spent there, most first."""
    shape = tuple(max(places) + 1 for places in zip(*spent, strict=True))
    whole = {}
    for place in itertools.product(*(range(size + 1) for size in shape)):
        inside = [each for cell, each in spent.items() if all(at in (of, size) for of, at, size in zip(cell, place, shape, strict=True))]
        whole[place] = sorted(itertools.chain(*inside), reverse=True)
    return whole, shape


def sums_of(whole, shape):
    keys = list(whole)
    for at, size in enumerate(shape):
        for place in (key for key in keys if key[at] == size):
            line = np.zeros(len(keys))
            line[keys.index(place)] = -1.0
            line[[keys.index((*place[:at], part, *place[at + 1 :])) for part in range(size)]] = 1.0
            yield line


def is_unsafe(each):
    first, second = (*each, 0.0)[:2]
    return len(each) < CONTRIBUTORS or sum(each) - first - second < P * first


def is_safe(whole, shape, hidden):
    """Whether the largest contribution to each unsafe sum stays uncertain by its share, upwards to everybody who contributed most to any
    sum, and downwards to all of them but whoever made it."""
    matrix, values = np.array(list(sums_of(whole, shape))), np.array([sum(each) for each in whole.values()])
    for target, each in enumerate(whole.values()):
        if not is_unsafe(each):
            continue
        width = max(0.5, P * each[0])
        for sign, without in ((-1.0, None), (1.0, each[0])):
            known = [max((amount for amount in spent if amount != without), default=0.0) for spent in whole.values()]
            ends = [(max(least, NOT_EMPTY), None) if h else (v, v) for v, least, h in zip(values, known, hidden, strict=True)]
            cost = np.zeros(len(values))
            cost[target] = sign
            found = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=ends, method="highs")
            if found.status == 0 and found.fun > sign * values[target] - width + 1e-6:
                return False
    return True


def cheapest(whole, shape):
    """The least cost of a safe pattern, by trying all."""
    first = np.array([is_unsafe(each) for each in whole.values()])
    costs = np.array([A_TOTAL if any(at == size for at, size in zip(place, shape, strict=True)) else 1.0 for place in whole])
    others = np.flatnonzero(~first)
    subsets = (list(subset) for size in range(len(others) + 1) for subset in itertools.combinations(others, size))
    for subset in sorted(subsets, key=lambda subset: costs[subset].sum()):
        if is_safe(whole, shape, first | np.isin(np.arange(len(first)), subset)):
            return float(costs[subset].sum())
    return None


def table_of(whole, shape):
    codes = [[*(f"c{at}" for at in range(size)), "Total"] for size in shape]
    rows = [
        {"a": codes[0][a], "b": codes[1][b], "cost": sum(each), "people": len(each), "first": each[0], "next": (*each, 0.0)[1]}
        for (a, b), each in whole.items()
    ]
    return pa.Table.from_pylist(rows), Structure(axes=(flat("a", codes[0]), flat("b", codes[1])), figures=FIGURES)


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(spent=spending())
def test_no_cheaper_pattern_of_sums_is_safe_from_contributors(spent):
    whole, shape = with_totals(spent)
    assume(any(is_unsafe(each) for each in whole.values()))
    table, structure = table_of(whole, shape)
    found = protect(table, structure, PLAIN, effort=PROVEN)
    assert is_safe(whole, shape, found.protection.hidden)
    assert found.protection.bound == found.protection.cost == cheapest(whole, shape)
