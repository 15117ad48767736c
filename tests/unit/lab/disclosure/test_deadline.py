"""The gate's time is what its own thread had of the processor."""

import highspy
import numpy as np
import pytest

from farr.lab.disclosure.attack import deadline
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.solver import run


class Machine:
    """A clock and a thread of which the processor gives a share."""

    def __init__(self, share):
        self.share, self.clock = share, 0.0

    def monotonic(self):
        return self.clock

    def thread_time(self):
        return self.clock * self.share


@pytest.fixture
def busy(monkeypatch):
    machine = Machine(share=0.25)
    monkeypatch.setattr(deadline, "time", machine)
    return machine


def test_what_others_had_of_the_processor_is_not_taken_off(busy):
    until = Deadline(10)
    busy.clock = 20.0
    assert (until.taken(), until.left(), until.is_over()) == (5.0, 5.0, False)
    busy.clock = 44.0
    assert until.is_over() and until.left_by_clock() == 0.0


def test_who_counts_by_the_clock_is_given_as_much_longer_as_the_machine_is_busy(busy):
    until = Deadline(10)
    assert until.left_by_clock() == 10.0
    busy.clock = 20.0
    assert until.left_by_clock() == pytest.approx(5.0 * 21 / 6)  # a second of each, as if it had been idle, before there was any
    assert until.at_most(2.0).left() == 2.0 and until.at_most(99.0).left() == 5.0


class Stopped:
    """A solver that the clock stops, which had a quarter of the processor meanwhile; it is done after `runs` of them."""

    def __init__(self, machine, runs):
        self.machine, self.runs, self.limits = machine, runs, []

    def getRunTime(self):  # noqa: N802  HiGHS names it so
        return self.machine.clock

    def setOptionValue(self, option, value):  # noqa: N802  HiGHS names it so
        self.limits.append((option, value))

    def run(self):
        self.machine.clock, self.runs = self.limits[-1][1], self.runs - 1

    def getModelStatus(self):  # noqa: N802  HiGHS names it so
        return highspy.HighsModelStatus.kTimeLimit if self.runs > 0 else highspy.HighsModelStatus.kOptimal


@pytest.mark.parametrize(("runs", "status"), [(2, highspy.HighsModelStatus.kOptimal), (10**9, highspy.HighsModelStatus.kTimeLimit)])
def test_a_solver_that_the_clock_stopped_goes_on_until_its_processor_time_is_over(busy, runs, status):
    until, solver = Deadline(10), Stopped(busy, runs)
    assert run(solver, until) == status
    assert len(solver.limits) > 1 and np.all(np.diff([limit for _, limit in solver.limits]) > 0)
    assert until.taken() <= 10 + 1e-9
