"""How an operation is disturbed."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from farr.lab.model.agreement import civil_date
from tests.chaos.child import begin, die_at, ended, run, start_after
from tests.chaos.machine import set_back, small_disk
from tests.chaos.operations import Operation
from tests.chaos.seen import Basis, Seen, look
from tests.chaos.state import State, check, read_state


def killed(basis: Basis, chance: Random) -> Seen:
    """Killed at one of its looks at the file system, each as likely as another; half of the time not at once but before the next
    look, so that what the database and the log's writer do by themselves is cut off too."""
    number = chance.randint(1, len(basis.moments) - 1)
    gap = basis.moments[number] - basis.moments[number - 1]
    delay = chance.uniform(1e-5, 1e-5 + 1.5 * gap) if chance.random() < 0.5 else 0.0
    place = basis.place()
    end = run(lambda: basis.operation.run(place), lambda: die_at(number, delay))
    return look(place, basis, f"at look {number} of {len(basis.moments) - 1}, {delay * 1000:.2f} ms later", end)


def on_a_full_disk(basis: Basis, chance: Random) -> Seen:
    """On a disk of its own, with room for a part of what is to be written; afterwards there is room again."""
    room = int(chance.triangular(0, 100_000, 0))
    with small_disk(basis.folder) as disk:
        place = basis.place()
        with disk.room(room):
            end = run(lambda: basis.operation.run(place), disk.before)
        return look(place, basis, f"{disk.kind}, {room} bytes left", end)


def beside(other: Operation) -> Callable[[Basis, Random], Seen]:
    """While another program does the other operation: which of them is ahead is left to chance."""

    def disturb(basis: Basis, chance: Random) -> Seen:
        later = chance.uniform(-1, 1) * basis.moments[-1]
        place = basis.place()
        one = begin(lambda: basis.operation.run(place), start_after(max(0.0, later)))
        two = begin(lambda: other.run(place), start_after(max(0.0, -later)))
        ends = ended(one), ended(two)
        seen = look(place, basis, f"{other.name} {-later * 1000:.0f} ms later", ends[0])
        return replace(seen, beside=ends[1], serial=_serial(basis, other))

    return disturb


_SERIAL: dict[tuple[str, str], tuple[tuple[bool, bool, State], ...]] = {}


def _serial(basis: Basis, other: Operation) -> tuple[tuple[bool, bool, State], ...]:
    """What the two come to, one after the other, in both orders: worked out once in a process."""
    key = basis.operation.name, other.name
    if key not in _SERIAL:
        _SERIAL[key] = tuple(_in_order(basis, other, swapped) for swapped in (False, True))
    return _SERIAL[key]


def _in_order(basis: Basis, other: Operation, swapped: bool) -> tuple[bool, bool, State]:
    shutil.rmtree(basis.folder, ignore_errors=True)
    place = basis.place()
    order = (other, basis.operation) if swapped else (basis.operation, other)
    went = [run(partial(operation.run, place)).how == "done" for operation in order]
    return (*(reversed(went) if swapped else went), State.of_json(run(lambda: read_state(place).as_json()).said))


def on_damaged_files(basis: Basis, chance: Random) -> Seen:
    """After a byte of one file was changed on disk, or its end is gone."""
    place = basis.place()
    kinds = ("stores/*/*/**/v*.parquet", "stores/*/*/_delta_log/*.json", "published/*/*.*", "published/catalogue.*", "ledger/*.jsonl")
    pattern = chance.choices(kinds, (5, 4, 1, 1, 1))[0]
    home = place.folder / "home"
    target = chance.choice(sorted(home.glob(pattern)) or sorted(home.glob(kinds[0])))
    said = _damage(target, chance)
    end = run(lambda: basis.operation.run(place))
    checked = run(lambda: check(place))
    return Seen(basis=basis, how=f"{said} of {target.relative_to(place.folder)}", ended=end, checked=checked)


def _damage(target: Path, chance: Random) -> str:
    content = bytearray(target.read_bytes())
    at = chance.randrange(len(content))
    if chance.random() < 0.3:
        target.write_bytes(content[:at])
        return f"all from byte {at}"
    content[at] ^= 1 << chance.randrange(8)
    target.write_bytes(content)
    return f"a bit of byte {at}"


def with_the_clock_set_back(basis: Basis, chance: Random) -> Seen:
    """On a machine whose clock went back: by minutes, hours or years."""
    back = timedelta(minutes=chance.choice((1, 30, 5 * 60, 26 * 60, 60 * 24 * 400)))
    place = basis.place()
    end = run(lambda: basis.operation.run(place), lambda: set_back(back))
    behind = civil_date(datetime.now(UTC) - back) < civil_date(datetime.now(UTC))
    return replace(look(place, basis, f"by {back}", end), is_behind=behind)
