"""The attacker, against tables whose answer can be worked out by hand."""

import highspy
import numpy as np
import pytest

from farr.lab.disclosure.attack import AuditError, Knowledge, Relation, Target, failing, interval, is_possible
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.knowledge import keeps_to, tightened
from farr.lab.disclosure.attack.merged import merged
from farr.lab.disclosure.attack.solver import DUAL, PRIMAL, Solver, model_of, solved


def table(lower, upper, *relations) -> Knowledge:
    return Knowledge.of(lower, upper, [Relation(figures=figures, coefficients=tuple(coefficients)) for figures, coefficients in relations])


def margin(total: int, *parts: int):
    return (total, *parts), (1.0, *(-1.0 for _ in parts))


def test_one_hidden_part_of_an_exact_total_is_had_by_subtraction():
    knowledge = table([100, 60, 0], [100, 60, np.inf], margin(0, 1, 2))
    assert interval(knowledge, 2) == (40.0, 40.0)


def test_rounding_leaves_its_own_width():
    knowledge = table([98, 58, 0], [102, 62, np.inf], margin(0, 1, 2))
    assert interval(knowledge, 2) == (36.0, 44.0)


def test_two_hidden_parts_share_what_is_left():
    knowledge = table([100, 60, 1, 1], [100, 60, np.inf, np.inf], margin(0, 1, 2, 3))
    assert interval(knowledge, 2) == (1.0, 39.0)


def test_what_nothing_bounds_has_no_end():
    assert interval(table([0, 0], [np.inf, np.inf]), 1) == (0.0, np.inf)


def test_only_the_narrowed_target_fails():
    knowledge = table([100, 60, 0, 20, 0, 0], [100, 60, np.inf, 20, np.inf, np.inf], margin(0, 1, 2), margin(3, 4, 5))
    targets = [Target(figure=figure, low=0, high=8) for figure in (2, 4, 5)]
    assert failing(knowledge, targets) == [targets[0]]


def test_screening_finds_for_each_what_single_programs_find():
    generator = np.random.default_rng(7)
    true = generator.poisson(6, size=(5, 6))
    hidden = true < 6
    numbers = np.arange(30).reshape(5, 6)
    lower = np.concatenate([np.where(hidden, 0, true).ravel(), true.sum(1), true.sum(0)])
    upper = np.concatenate([np.where(hidden, np.inf, true).ravel(), true.sum(1), true.sum(0)])
    relations = [margin(30 + row, *numbers[row]) for row in range(5)] + [margin(35 + column, *numbers[:, column]) for column in range(6)]
    knowledge = table(lower, upper, *relations)
    targets = [Target(figure=int(number), low=0, high=6) for number in numbers[hidden]]
    alone = [target for target in targets if not _covers(interval(knowledge, target.figure), target)]
    assert failing(knowledge, targets) == alone and 0 < len(alone) < len(targets)


def _covers(ends, target):
    return ends[0] <= target.low + 1e-5 and ends[1] >= target.high - 1e-5


def test_contradictions_fail_closed():
    knowledge = table([100, 60, 50], [100, 60, np.inf], margin(0, 1, 2))
    with pytest.raises(AuditError):
        failing(knowledge, [Target(figure=2, low=0, high=8)])
    assert not is_possible(knowledge, [100, 60, 40])


def test_no_time_left_fails_closed():
    with pytest.raises(AuditError, match="no time left"):
        failing(table([0], [np.inf]), [Target(figure=0, low=0, high=8)], seconds=-1)


def test_nothing_to_protect_needs_no_solver():
    assert failing(table([0], [1]), [], seconds=-1) == []


def test_a_relation_of_one_figure_is_a_bound():
    relations = [
        Relation(figures=(0,), coefficients=(2.0,), low=6.0, high=40.0),
        Relation(figures=(1,), coefficients=(-1.0,), low=-9.0, high=-2.0),
        Relation(figures=(0, 1), coefficients=(1.0, 1.0), low=0.0, high=25.0),
    ]
    knowledge = tightened(Knowledge.of([0, 0, 0], [30, 30, 30], relations))
    assert (knowledge.lower.tolist(), knowledge.upper.tolist()) == ([3, 2, 0], [20, 9, 30])
    assert (knowledge.matrix.toarray().tolist(), knowledge.high.tolist()) == ([[1, 1, 0]], [25])


def test_two_releases_that_miss_each_other_by_a_digit_leave_what_lies_between():
    def twice(apart):
        ends = [(0.0, 1.0), (1.0 + apart, 2.0)]
        return Knowledge.of([0], [9], [Relation(figures=(0,), coefficients=(1.0,), low=low, high=high) for low, high in ends])

    assert interval(twice(1e-6), 0) == (1.0, 1.0 + 1e-6)
    with pytest.raises(AuditError):
        interval(twice(1.0), 0)


def test_a_solver_that_does_not_know_is_asked_another_way(monkeypatch):
    statuses = [highspy.HighsModelStatus.kUnknown]
    given = highspy.Highs.getModelStatus
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda highs: statuses.pop() if statuses else given(highs))
    known = table([0, 0, 0], [10, 10, 10], margin(0, 1, 2))
    program = model_of(known.lower, known.upper, known.matrix, known.low, known.high, strategy=DUAL)
    tried = []
    run = highspy.Highs.run
    monkeypatch.setattr(highspy.Highs, "run", lambda highs: (tried.append(highs.getOptionValue("simplex_strategy")[1]), run(highs))[1])
    assert solved(program, Deadline(10)) == highspy.HighsModelStatus.kOptimal
    assert tried == [DUAL, PRIMAL]


def test_equal_figures_are_solved_for_once_and_leave_every_interval_as_it_was():
    # A table of four parts and its total, and an earlier one of the same parts, of which it printed two about, and the same total.
    new, earlier = [60.0, 0, 0, 0, 0], [0.0, 18, 18, 0, 0]
    above = [60, np.inf, np.inf, np.inf, np.inf, 60, 22, 22, np.inf, np.inf]
    equal = [((part, part + 5), (1.0, -1.0)) for part in range(5)]
    whole = table([*new, *earlier], above, margin(0, 1, 2, 3, 4), margin(5, 6, 7, 8, 9), *equal)
    fewer = merged(whole)
    assert fewer.of[:5].tolist() == fewer.of[5:].tolist()
    assert fewer.knowledge.matrix.shape == (1, 5)
    solver = Solver(fewer.knowledge, Deadline(10))
    for figure in range(10):
        ends = [solver.extreme(int(fewer.of[figure]), highest=highest)[fewer.of] for highest in (False, True)]
        assert all(keeps_to(whole, point) for point in ends)
        assert [float(point[figure]) for point in ends] == pytest.approx(interval(whole, figure), abs=1e-4)


def test_equal_figures_whose_last_digits_come_to_something_in_a_long_sum_are_solved_for_apart():
    parts = tuple(range(40))
    equal = [Relation(figures=(part, part + 40), coefficients=(1.0, -1.0), low=-1e-6, high=1e-6) for part in parts]
    ones = Relation(figures=parts, coefficients=(1.0,) * 40, low=40.0, high=40.0)
    others = Relation(figures=tuple(part + 40 for part in parts), coefficients=(1.0,) * 40, low=40.00003, high=40.00003)
    whole = Knowledge.of(np.zeros(80), np.full(80, 100.0), [*equal, ones, others])
    assert not Solver(merged(whole).knowledge, Deadline(10)).is_possible()
    assert failing(whole, [Target(figure=1, low=0.0, high=39.0)]) == []
    assert failing(whole, [Target(figure=1, low=0.0, high=41.0)]) == [Target(figure=1, low=0.0, high=41.0)]
