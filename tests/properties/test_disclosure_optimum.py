"""Small tables against brute force: every pattern tried by another solver, every whole-number table that would print alike."""

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from farr.lab.disclosure.api import audit, protect
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.tables.structure import FigureColumn, Structure, flat

THRESHOLD = 2
PLAIN = Policy(title="plain", source="none", why="none", unverified="none", threshold=THRESHOLD)
PROVEN = Effort(passes=1, rounds=1000, nodes=100_000, seconds=60)
A_TOTAL = 2.0


@st.composite
def inner_tables(draw, rows=3, columns=4, most=9):
    shape = draw(st.integers(2, rows)), draw(st.integers(2, columns))
    return np.array(draw(st.lists(st.integers(0, most), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))).reshape(shape)


def with_margins(inner):
    return np.block([[inner, inner.sum(1, keepdims=True)], [inner.sum(0, keepdims=True), inner.sum(keepdims=True)]])


def codes(count):
    return [*(f"c{number}" for number in range(count - 1)), "Total"]


def table_of(whole) -> tuple[pa.Table, Structure]:
    rows, columns = (codes(size) for size in whole.shape)
    places = list(itertools.product(rows, columns))
    table = pa.table({"a": [a for a, _ in places], "b": [b for _, b in places], "n": whole.ravel().astype(int)})
    return table, Structure(axes=(flat("a", rows), flat("b", columns)), figures=(FigureColumn(column="n"),))


def sums_of(shape):
    """Rows of the matrix of what comes to nought, for a table with margins."""
    numbers = np.arange(shape[0] * shape[1]).reshape(shape)
    for line in (*numbers, *numbers.T):
        row = np.zeros(numbers.size)
        row[line[:-1]], row[line[-1]] = 1.0, -1.0
        yield row


def is_safe(whole, hidden) -> bool:
    """Whether, for real numbers, every hidden small cell may be anything from the least possible to one above the threshold."""
    values, matrix = whole.ravel().astype(float), np.array(list(sums_of(whole.shape)))
    bounds = [(1.0, None) if h else (v, v) for v, h in zip(values, hidden, strict=True)]
    for cell in np.flatnonzero((values > 0) & (values <= THRESHOLD)):
        for sign, need in ((1.0, least(whole, cell)), (-1.0, -(THRESHOLD + 1.0))):
            cost = np.zeros(len(values))
            cost[cell] = sign
            found = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds, method="highs")
            if found.status == 0 and found.fun > need + 1e-6:
                return False
    return True


def least(whole, cell) -> float:
    """Nothing is printed as nothing: a hidden total is at least as many as its parts that are not nothing."""
    row, column = divmod(cell, whole.shape[1])
    inner = whole[:-1, :-1] > 0
    if row < whole.shape[0] - 1 and column < whole.shape[1] - 1:
        return 1.0
    if row < whole.shape[0] - 1:
        return float(inner[row].sum())
    return float(inner[:, column].sum() if column < whole.shape[1] - 1 else inner.sum())


def cheapest(whole) -> float | None:
    """The least cost of a safe pattern, by trying all; None where none is safe."""
    values = whole.ravel()
    small = (values > 0) & (values <= THRESHOLD)
    others = np.flatnonzero(~small & (values > 0))
    total = np.zeros(whole.shape, dtype=bool)
    total[-1], total[:, -1] = True, True
    costs = np.where(total.ravel(), A_TOTAL, 1.0)
    subsets = (subset for size in range(len(others) + 1) for subset in itertools.combinations(others, size))
    for subset in sorted(subsets, key=lambda subset: costs[list(subset)].sum()):
        hidden = small.copy()
        hidden[list(subset)] = True
        if is_safe(whole, hidden):
            return float(costs[list(subset)].sum())
    return None


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(inner=inner_tables())
def test_no_cheaper_pattern_is_safe(inner):
    whole = with_margins(inner)
    assume(((whole > 0) & (whole <= THRESHOLD)).any() and (whole > THRESHOLD).sum() <= 11)
    table, structure = table_of(whole)
    found = protect(table, structure, PLAIN, effort=PROVEN)
    assert is_safe(whole, found.protection.hidden)
    assert found.protection.bound == found.protection.cost == cheapest(whole)


def whole_tables(printed, hidden, most):
    """Every table of whole numbers that would print alike."""
    free = np.flatnonzero(hidden)
    matrix = list(sums_of(printed.shape))
    for values in itertools.product(range(1, most + 1), repeat=len(free)):
        whole = printed.ravel().astype(float)
        whole[free] = values
        if not any(row @ whole for row in matrix):
            yield whole


@settings(max_examples=40)
@given(inner=inner_tables(rows=2, columns=3, most=5), chance=st.randoms(use_true_random=False))
def test_an_interval_is_what_whole_numbers_leave(inner, chance):
    whole = with_margins(inner)
    inside = [(row, column) for row in range(inner.shape[0]) for column in range(inner.shape[1]) if inner[row, column]]
    hidden = np.zeros(whole.shape, dtype=bool)
    for place in chance.sample(inside, min(4, len(inside))):
        hidden[place] = True
    table, structure = table_of(whole)
    printed = table.set_column(2, "n", pa.array(np.where(hidden.ravel(), np.nan, whole.ravel()), from_pandas=True))
    alike = np.array(list(whole_tables(whole, hidden.ravel(), int(whole.max()))))
    ends = audit(printed, structure, PLAIN).to_pylist()
    cells = np.flatnonzero(hidden.ravel())
    assert [(each["low"], each["high"]) for each in ends] == [(alike[:, cell].min(), alike[:, cell].max()) for cell in cells]
