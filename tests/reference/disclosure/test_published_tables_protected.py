"""Whole tables of other implementations, protected: R's rtauargus (primary flags given) and sdcTable's micro data (two classifications).

What they hide besides is not compared: it is not given there, and another pattern may be as good. That ours passes its audit is."""

import csv
import itertools
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from farr.lab.disclosure.api import audit, protect
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.tables.cells import CellsError
from farr.lab.disclosure.tables.checks import is_dominated
from farr.lab.disclosure.tables.structure import FigureColumn, Structure, flat, nested
from farr.lab.model.question import AggregateKind

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[3].parent / "shared" / "data") / "disclosure"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}; set FARR_SHARED_DATA")
CODES = ("treff", "cj", "type_distrib", "A10")
QUICK = Effort(passes=1, rounds=2, nodes=20, seconds=2.0)


def policy_of(**settings) -> Policy:
    return Policy(name="test", title="Of the test", source="the test", why="to compare", unverified="", **settings)


@pytest.fixture(scope="module")
def firms() -> pa.Table:
    return pyarrow.csv.read_csv(DATA / "rtauargus_datatest1.csv")


def sums(table: pa.Table, column: str) -> Structure:
    axes = tuple(flat(name, table[name].to_pylist()) for name in CODES)
    return Structure(axes=axes, figures=(FigureColumn(column=column, kind=AggregateKind.SUM, persons="nb_obs"),))


@pytest.mark.slow
def test_the_same_rows_are_hidden_for_few_contributors_and_what_is_printed_passes_the_audit(firms):
    """The numbers of firms are weighted: not whole, but they add up, and so they are sums here. Fewer than three are too few."""
    few = policy_of(threshold=2, minimum_contributors=3)
    done = protect(firms, sums(firms, "nb_obs"), few, effort=QUICK)
    assert len(done.why) == 689
    assert ["dominated" in why for why in done.why] == firms["is_secret_freq"].to_pylist()
    flagged = {tuple(row) for row, why in zip(zip(*(firms[name].to_pylist() for name in CODES), strict=True), done.why, strict=True)
               if "dominated" in why}  # fmt: skip
    true = {tuple(row[name] for name in CODES): row["nb_obs"] for row in firms.to_pylist()}
    for row in audit(done.table, sums(firms, "nb_obs"), few).to_pylist():
        if (key := tuple(row[name] for name in CODES)) in flagged:
            # Half the width asked of a count, to either side; but what is hidden is not nothing, and a total not less than its parts.
            assert row["high"] >= true[key] + 1.5 - 1e-4
            assert row["low"] <= max(true[key] - 1.5, 1.0) + 1e-4 or "Total" in key


def test_the_same_rows_are_dominated(firms):
    """By the rule of one contributor and 85 per cent. Sums below zero count as dominated there; here they are refused."""
    largest, total = (np.array(firms[name].to_pylist(), dtype=float) for name in ("pizzas_max", "pizzas_tot"))
    assert is_dominated(total, largest, np.zeros(len(total)), 1, 0.85).tolist() == firms["is_secret_dom"].to_pylist()
    with pytest.raises(CellsError, match="'pizzas_tot' of the table has figures that are missing or below zero"):
        protect(firms, sums(firms, "pizzas_tot"), policy_of(threshold=2))


@pytest.mark.parametrize("column", ["nb_obs_rnd", "pizzas_tot_abs"])
def test_columns_whose_margins_do_not_add_up_are_refused(firms, column):
    """They were rounded, or made positive, one by one."""
    with pytest.raises(CellsError, match=f"'{column}' of the table does not add up along"):
        protect(firms, sums(firms, column), policy_of(threshold=2))


def test_two_classifications_of_the_same_people_are_protected_together():
    """sdcTable's linked tables: region by gender by the old classification, and by the new one. Both are nested."""
    with (DATA / "microdata2.csv").open() as file:
        people = list(csv.DictReader(file))
    names = ("region", "gender", "ecoOld", "ecoNew")
    counts: Counter[tuple[str, ...]] = Counter()
    for person in people:
        above = [(person[name], *((person[name][0],) if name.startswith("eco") else ()), "Total") for name in names]
        counts.update(key for key in itertools.product(*above) if "Total" in key[2:])
    parents = {name: {person[name]: person[name][0] for person in people} for name in names[2:]}
    parents = {name: found | dict.fromkeys(set(found.values()), "Total") for name, found in parents.items()}
    table = pa.table({name: [key[at] for key in counts] for at, name in enumerate(names)} | {"n": list(counts.values())})
    axes = (flat("region", table["region"].to_pylist()), flat("gender", table["gender"].to_pylist()),
            *(nested(name, found) for name, found in parents.items()))  # fmt: skip
    structure = Structure(axes=axes, figures=(FigureColumn(column="n"),))
    policy = policy_of(threshold=2)
    done = protect(table, structure, policy)
    assert done.protection.rows_hidden_first == sum(count <= 2 for count in counts.values()) > 0
    assert done.protection.gap == 0
    small = [key for key, count in counts.items() if count <= 2]
    for row in audit(done.table, structure, policy).to_pylist():
        if tuple(row[name] for name in names) in small:
            assert row["low"] <= 1 + 1e-4 and row["high"] >= 3 - 1e-4
