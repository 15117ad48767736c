"""Cases from other implementations: NHS Digital's codonPython, and sdcTable's tests (read as numbers only)."""

import csv
import itertools
import json
import os
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from farr.lab.disclosure.api import audit, protect
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy, PolicyError
from farr.lab.disclosure.tables.structure import Axis, FigureColumn, Structure, flat

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[3].parent / "shared" / "data") / "disclosure"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}; set FARR_SHARED_DATA")


def suppressed(count: float) -> float:
    """One sub-national count as the policy prints it."""
    policy = known_policies()["nhsd_central"]
    if count != int(count):
        raise PolicyError("a count is whole")
    return policy.token if 0 < count <= policy.threshold else policy.rounded(count)


def test_nhs_digital_central_suppression_cases():
    with (DATA / "codonpython_central_suppression_cases.csv").open() as file:
        cases = list(csv.DictReader(file))
    assert len(cases) >= 12
    for case in cases:
        if case["expected"] == "ERROR":
            with pytest.raises(PolicyError):
                suppressed(float(case["input"]))
        else:
            assert suppressed(float(case["input"])) == float(case["expected"]), case


def with_totals(inner: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """A two-way table of counts with its margins."""
    found: Counter[tuple[str, str]] = Counter()
    for (row, column), count in inner.items():
        for key in itertools.product((row, "Total"), (column, "Total")):
            found[key] += count
    return dict(found)


def two_way(keys) -> Structure:
    axes = (flat("row", [row for row, _ in keys]), flat("column", [column for _, column in keys]))
    return Structure(axes=axes, figures=(FigureColumn(column="n"),))


def table_of(counts: dict[tuple[str, str], int], hidden=()) -> pa.Table:
    rows, columns = zip(*counts, strict=True)
    return pa.table({"row": rows, "column": columns, "n": [None if key in hidden else float(counts[key]) for key in counts]})


def left(counts: dict[tuple[str, str], int], hidden) -> dict[tuple[str, str], tuple[float, float]]:
    """What an attacker is left with of each hidden cell, to a thousandth."""
    found = audit(table_of(counts, hidden), two_way(counts)).to_pylist()
    return {(row["row"], row["column"]): (round(row["low"], 3), round(row["high"], 3)) for row in found}


def policy_of(**settings) -> Policy:
    return Policy(name="test", title="Of the test", source="the test", why="to compare", unverified="", **settings)


def expected():
    return json.loads((DATA / "expected.json").read_text())


def test_problem_4x4():
    case = expected()["problem4x4"]
    cells = zip(itertools.product("wxyz", "abcd"), itertools.chain(*case["inner_rows_wxyz_cols_abcd"]), strict=True)
    counts = with_totals(dict(cells))
    primary = [(name[0], name[1]) for name in case["primary"]]
    assert list(left(counts, primary)["w", "b"]) == case["attack_before"]["wb"]
    extra = case["our_cost_optimal_extra"]
    after = left(counts, [*primary, (extra[0], extra[1])])
    assert list(after["w", "b"]) == case["attack_after_wb"]
    # The hidden cells are of any size here: what counts is that none is left with a single value.
    assert all(after[cell][0] < after[cell][1] for cell in primary)


def test_microdata_1_needs_a_rectangle_which_is_found_and_proven_to_be_the_least():
    case = expected()["microdata1"]
    with (DATA / "microdata1.csv").open() as file:
        people = list(csv.DictReader(file))
    counts = with_totals(Counter((person["region"], person["gender"]) for person in people))
    ((region, gender),) = case["primary"]
    low, high = left(counts, [(region, gender)])[region, gender]
    assert low == high
    # Of that test: the one smallest cell is hidden, and may not be known exactly.
    least = counts[region, gender]
    done = protect(table_of(counts), two_way(counts), policy_of(threshold=least, protection=(least - 1, least + 1)))
    assert done.protection.rows_hidden_first == 1 and done.protection.gap == 0
    assert done.protection.rows_hidden_besides == case["n_secondary"]
    assert done.table["n"].null_count == 15 - case["publishable"]
    pattern = [tuple(cell) for cell in case["pattern_cells"]]
    low, high = left(counts, pattern)[region, gender]
    assert low < least < high


def test_linked_tables_are_safe_apart_and_not_together():
    case = expected()["linked"]
    counts = dict(case["regions"])
    codes = list(counts)
    groups = {name: tuple((group, tuple(members)) for group, members in case[name].items()) for name in ("h1", "h2")}
    counts |= {group: sum(counts[code] for code in members) for sums in groups.values() for group, members in sums}

    def structure(*hierarchies):
        return Structure(
            axes=(Axis(column="region", sums=sum((groups[name] for name in hierarchies), ())),), figures=(FigureColumn(column="n"),)
        )

    def known(hidden, *hierarchies):
        """Regions that an attacker knows exactly."""
        table = pa.table({"region": list(counts), "n": [None if code in hidden else float(count) for code, count in counts.items()]})
        return [row["region"] for row in audit(table, structure(*hierarchies)).to_pylist() if row["high"] - row["low"] < 1]

    primary = [code for code in codes if counts[code] <= case["primary_maxN"]]
    assert known(primary, "h1") == [] and known(primary, "h2") == []
    assert known(primary, "h1", "h2") == ["K"]
    assert known([*primary, *case["jointly_needs_extra"]], "h1", "h2") == []
    table = pa.table({"region": list(counts), "n": list(counts.values())})
    done = protect(table, structure("h1", "h2"), policy_of(threshold=case["primary_maxN"], protection=(2, 3)))
    assert [code for code, why in zip(counts, done.why, strict=True) if why == "protects others"] == case["jointly_needs_extra"]
