"""Every trial: an operation, how it is disturbed, and what must hold. A new one is one line of TRIALS."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from tests.chaos import disturbances as disturbed
from tests.chaos import invariants as holds
from tests.chaos import operations as do
from tests.chaos.seen import Basis, Seen


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`disturb` runs the operation at a fresh place, by chance of its own, and tells what was seen; each of `must_hold` names what
    does not. Of all trials a share of `weight` are this one."""

    operation: do.Operation
    how: str
    disturb: Callable[[Basis, Random], Seen]
    must_hold: tuple[Callable[[Seen], Iterable[str]], ...]
    weight: int = 1

    @property
    def name(self) -> str:
        return f"{self.operation.name}, {self.how}"


_WHOLE = (holds.each_table_is_a_version, holds.the_ledger_is_whole, holds.the_publication_is_whole)
_GOES_ON = (holds.it_succeeds_afterwards, holds.it_comes_to_the_same, holds.nothing_is_left_over)


def _killed(operation: do.Operation, weight: int) -> Trial:
    must_hold = (holds.no_fault, *_WHOLE, *_GOES_ON)
    return Trial(operation=operation, how="killed", disturb=disturbed.killed, must_hold=must_hold, weight=weight)


def _full(operation: do.Operation) -> Trial:
    must_hold = (holds.no_fault, holds.it_says_that_the_disk_is_full, *_WHOLE, *_GOES_ON)
    return Trial(operation=operation, how="on a full disk", disturb=disturbed.on_a_full_disk, must_hold=must_hold)


def _together(operation: do.Operation, other: do.Operation) -> Trial:
    must_hold = (holds.no_fault, holds.it_is_a_serial_order)
    return Trial(operation=operation, how=f"while others {other.name}", disturb=disturbed.beside(other), must_hold=must_hold)


def _damaged(operation: do.Operation, weight: int) -> Trial:
    must_hold = (holds.no_fault, holds.damage_is_named)
    return Trial(operation=operation, how="on damaged files", disturb=disturbed.on_damaged_files, must_hold=must_hold, weight=weight)


def _destroying(how: str, disturb: Callable[[Basis, Random], Seen], weight: int) -> Trial:
    full = (holds.it_says_that_the_disk_is_full,) if disturb is disturbed.on_a_full_disk else ()
    gone = (holds.each_table_is_as_it_was_or_lacks_what_goes, holds.it_is_certified)
    must_hold = (holds.no_fault, *full, *gone, holds.the_ledger_is_whole, holds.the_publication_is_whole, *_GOES_ON)
    return Trial(operation=do.DESTROY, how=how, disturb=disturb, must_hold=must_hold, weight=weight)


def _set_back(operation: do.Operation) -> Trial:
    must_hold = (holds.no_fault, holds.a_clock_behind_is_refused, *_WHOLE, *_GOES_ON)
    return Trial(operation=operation, how="with the clock set back", disturb=disturbed.with_the_clock_set_back, must_hold=must_hold)


TRIALS = (
    _killed(do.LOAD, 5), _killed(do.RESEND, 4), _killed(do.FREEZE, 2), _killed(do.PART, 3), _killed(do.BUILD, 4),
    _killed(do.BUILD_WHOLE, 4), _killed(do.PUBLISH, 3), _killed(do.APPEND, 3), _killed(do.CATALOGUE, 2),
    _full(do.LOAD), _full(do.PART), _full(do.BUILD), _full(do.PUBLISH), _full(do.APPEND), _full(do.CATALOGUE),
    _together(do.LOAD, do.RESEND), _together(do.RESEND, do.RESEND_AGAIN), _together(do.RESEND, do.FREEZE), _together(do.BUILD, do.LOAD),
    _together(do.BUILD_WHOLE, do.BUILD), _together(do.BUILD, do.PUBLISH), _together(do.CATALOGUE, do.LOAD),
    _damaged(do.BUILD_WHOLE, 4), _damaged(do.PUBLISH, 3), _damaged(do.RESEND, 2),
    _destroying("killed", disturbed.killed, 4), _destroying("on a full disk", disturbed.on_a_full_disk, 1),
    _together(do.DESTROY, do.ATTEND), _damaged(do.DESTROY, 1),
    _set_back(do.LOAD), _set_back(do.BUILD), _set_back(do.PUBLISH),
)  # fmt: skip
