"""What the attacker is taken to know of each row."""

import numpy as np

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.tables.asked import read_cells
from farr.lab.disclosure.tables.view import view_of

POLICY = known_policies()["hes_2018"]


def bounds(rig, records, verdicts=None, *, national_exact=True):
    question = rig.proportion(estimate=True)
    asked = read_cells(question, rig.cells_of(question, records, verdicts))
    view = view_of(asked.cells, POLICY, national_exact=national_exact)
    knowledge = view.knowledge(view.first)
    rows = {(asked.keys["provider"][row], asked.keys["provider_region"][row]): row for row in range(view.rows)}
    at = {key: view.rows + row for key, row in rows.items()}  # the denominators are the second block
    return {key: (float(knowledge.lower[number]), float(knowledge.upper[number])) for key, number in at.items()}


def test_rounding_leaves_five_counts_and_a_national_figure_none(rig, busy):
    known = bounds(rig, busy())
    assert known["N0", "N"] == (103.0, 107.0)  # 103 is printed as 105
    assert known[None, None] == (678.0, 678.0)
    assert bounds(rig, busy(), national_exact=False)[None, None] == (678.0, 682.0)


def test_a_verdict_that_stands_out_tells_the_count(rig, busy):
    known = bounds(rig, busy(), {"N0": "high", "N1": "not assessed"})
    assert known["N0", "N"] == (103.0, 103.0) and known["N1", "N"] == (113.0, 113.0)
    assert known["N2", "N"] == (123.0, 127.0)


def test_a_hidden_row_is_not_empty_and_has_no_upper_end(rig, busy):
    assert bounds(rig, busy() + rig.spells("N9", "N", 100, 4))["N9", "N"] == (1.0, np.inf)
