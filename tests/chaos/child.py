"""A process of its own for each operation: forked from one in which everything is imported, so that a trial takes a fraction of a second.

The parent must never have opened a Delta table or kept a database: their threads would not survive the fork.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from farr.lab.model.errors import FarrError

LONGEST = 120.0
"""Seconds after which an operation is taken to hang."""
_COUNTED = ("open", "os.", "shutil.", "fcntl.", "tempfile.")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How an operation ended. `how`: done, refused (Farr said why), fault (an error that is not Farr's), killed, or hung."""

    how: str
    said: str = ""


@dataclass(frozen=True)
class Running:
    process: int
    reader: int


def begin(work: Callable[[], str | None], before: Callable[[], None] = lambda: None) -> Running:
    """Forks a process that does `before`, then `work`; what `work` returns is what it says in the end."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reader)
        _live(work, before, writer)
    os.close(writer)
    return Running(process, reader)


def ended(running: Running) -> Ended:
    """Waits for the end."""
    with os.fdopen(running.reader, "rb") as pipe:
        said = _read_all(pipe.fileno(), time.monotonic() + LONGEST)
    if said is None:
        os.kill(running.process, signal.SIGKILL)
    _, status = os.waitpid(running.process, 0)
    if said is None:
        return Ended(how="hung", said=f"after {LONGEST} s")
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Ended(how="killed" if number in (signal.SIGKILL, signal.SIGALRM) else "fault", said=f"signal {number}")
    return Ended(**json.loads(said)) if said else Ended(how="fault", said=f"exit {os.WEXITSTATUS(status)} without a word")


def run(work: Callable[[], str | None], before: Callable[[], None] = lambda: None) -> Ended:
    return ended(begin(work, before))


def attempted(work: Callable[[], object]) -> Ended:
    """How work ended, in this process."""
    try:
        said = work()
        return Ended(how="done", said=said if isinstance(said, str) else "")
    except FarrError as error:
        return Ended(how="refused", said=str(error))
    except BaseException:
        return Ended(how="fault", said=traceback.format_exc()[-1500:])


def die_at(number: int, delay: float) -> None:
    """This process ends at its `number`-th look at the file system from now on: at once, or `delay` seconds later, in whatever code
    it is by then. The timer's signal is left to the kernel, which ends the process as SIGKILL does: nothing of it runs any more."""
    seen = 0

    def hook(event: str, _: object) -> None:
        nonlocal seen
        if event.startswith(_COUNTED):
            seen += 1
            if seen == number and not delay:
                os.kill(os.getpid(), signal.SIGKILL)
            if seen == number:
                signal.setitimer(signal.ITIMER_REAL, delay)

    # Here, and not when the time has come: it may come in a thread of the database, where Python sets no signals.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    sys.addaudithook(hook)


def start_after(seconds: float) -> Callable[[], None]:
    return lambda: time.sleep(seconds)


def watched(work: Callable[[], None]) -> list[float]:
    """When, in seconds from its beginning, undisturbed work looks at the file system, and when it ends."""
    moments: list[float] = []

    def look() -> str:
        begun, on = time.perf_counter(), True
        sys.addaudithook(lambda event, _: moments.append(time.perf_counter() - begun) if on and event.startswith(_COUNTED) else None)
        work()
        on = False
        return json.dumps([*moments, time.perf_counter() - begun])

    found = run(look)
    if found.how != "done":
        raise RuntimeError(f"undisturbed, it failed: {found.said}")
    return json.loads(found.said)


def _live(work: Callable[[], str | None], before: Callable[[], None], writer: int) -> None:
    try:
        before()
        os.write(writer, json.dumps(vars(attempted(work))).encode())
    finally:
        os._exit(0)


def _read_all(descriptor: int, until: float) -> bytes | None:
    """Everything said until the end; None where that has not come by then."""
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        part = os.read(descriptor, 65_536)
        if not part:
            return b"".join(parts)
        parts.append(part)
