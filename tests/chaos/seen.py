"""What a trial starts from, and what was seen of it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.child import Ended, attempted, run
from tests.chaos.operations import Operation
from tests.chaos.place import Place
from tests.chaos.state import State, read_state, unowned


@dataclass(frozen=True, kw_only=True)
class Basis:
    """An operation, the home from which it begins, a new place to do it in, and what it does there undisturbed: the state `before`
    and `after` it, and the `moments` of its looks at the file system, the last of which is its end."""

    operation: Operation
    origin: Path
    folder: Path
    before: State
    after: State
    moments: tuple[float, ...]

    def place(self) -> Place:
        """A fresh copy of the home."""
        return Place(shutil.copytree(self.origin, self.folder, dirs_exist_ok=True))


NOT_TRIED = Ended(how="not tried")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How the disturbed operation `ended`, the `state` it left (or, in `unreadable`, what was said instead), how the next attempt
    `went`, what that came to, and what lay about after the next writer. `how` says by which chance it was disturbed. Of two at once:
    how the other one ended `beside`, and each `serial` order: whether the one and the other were done, and what they came to. Of damage:
    what a check of the store said. Of a clock set back: whether that `is_behind` what was recorded, by the day."""

    basis: Basis
    how: str
    ended: Ended
    state: State | None = None
    unreadable: str = ""
    went: Ended = NOT_TRIED
    final: State | None = None
    left_over: tuple[str, ...] = ()
    beside: Ended | None = None
    serial: tuple[tuple[bool, bool, State], ...] = ()
    checked: Ended | None = None
    is_behind: bool = False


def look(place: Place, basis: Basis, how: str, end: Ended) -> Seen:
    """Looks at a place after the disturbance, does the operation again, and looks again, in a process of its own."""
    found = run(lambda: json.dumps(_afterwards(place, basis.operation)))
    if found.how != "done":
        raise RuntimeError(f"what a trial left could not be looked at: {found.said}")
    state, unreadable, went, final, left = json.loads(found.said)
    return Seen(
        basis=basis, how=how, ended=end, state=_state_of(state), unreadable=unreadable, went=Ended(**went), final=_state_of(final),
        left_over=tuple(left),
    )  # fmt: skip


def _afterwards(place: Place, operation: Operation) -> tuple[str, str, dict[str, str], str, list[str]]:
    state, unreadable = _read(place)
    went = attempted(lambda: operation.run(place))
    final, _ = _read(place)
    writer = operation.next_writer
    last = went if writer is None else attempted(lambda: writer(place))
    left = unowned(place) if last.how == "done" else [f"the next writer was {last.how}: {last.said}"]
    return state, unreadable, vars(went), final, left


def _read(place: Place) -> tuple[str, str]:
    """The state as text, or nothing and what was said instead."""
    states: list[str] = []
    end = attempted(lambda: states.append(read_state(place).as_json()))
    return (states[0], "") if states else ("", f"{end.how}: {end.said}")


def _state_of(text: str) -> State | None:
    return State.of_json(text) if text else None
