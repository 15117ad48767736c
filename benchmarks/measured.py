"""Running a command in a process of its own, and what it took."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FARR = Path(sys.executable).with_name("farr")
PYTHON = Path(sys.executable)
_MB = 1024 * 1024


class Failed(Exception):
    """A command of the benchmark failed: the figures after it would mean nothing."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a command took: `seconds` by the clock, `processor` seconds of user and system, `peak_mb` resident at most; and whether it
    came to its end by itself."""

    seconds: float
    processor: float
    peak_mb: float
    ended: bool = True

    def plain(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in asdict(self).items() if name != "ended"}


def run(command: Iterable[object], env: Mapping[str, str] | None = None, most_seconds: float | None = None) -> Cost:
    """The cost of a command that must succeed, its start-up included; it is stopped after `most_seconds`. What it prints is shown only
    where it fails."""
    arguments = [str(each) for each in command]
    # An installation runs from compiled modules: without them every command would spend seconds on compiling Python.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    with subprocess.Popen(arguments, env={**around, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        patience = threading.Timer(most_seconds or threading.TIMEOUT_MAX, running.terminate)
        patience.daemon = True
        patience.start()
        said = running.stdout.read() if running.stdout else b""
        _, status, usage = os.wait4(running.pid, 0)
        ended = not patience.finished.is_set()
        patience.cancel()
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode and ended:
        raise Failed(f"{' '.join(arguments)[:300]}\n{said.decode(errors='replace')[-3000:]}")
    seconds = time.perf_counter() - started
    return Cost(seconds=seconds, processor=usage.ru_utime + usage.ru_stime, peak_mb=usage.ru_maxrss / 1024, ended=ended)


def farr(home: Path, *arguments: object, most_seconds: float | None = None) -> Cost:
    """The cost of one `farr` command in a home folder."""
    return run([FARR, *arguments], {"FARR_HOME": str(home)}, most_seconds)


def added(costs: Iterable[Cost]) -> Cost:
    """Costs one after the other: times add up, the peak is the greatest."""
    each = list(costs)
    return Cost(
        seconds=sum(cost.seconds for cost in each),
        processor=sum(cost.processor for cost in each),
        peak_mb=max((cost.peak_mb for cost in each), default=0.0),
    )


def megabytes(*places: Path) -> float:
    """Bytes of files, and of those under folders, in MB of 2^20."""
    files = [each for place in places for each in (place.rglob("*") if place.is_dir() else [place]) if each.is_file()]
    return sum(file.stat().st_size for file in files) / _MB


def headed(title: str) -> None:
    """Begins a table of stages."""
    print(f"\n## {title}\n\n| stage | seconds | processor | peak MB | |\n|---|---:|---:|---:|---|", flush=True)


def said(stage: str, cost: Cost, **more: object) -> dict[str, object]:
    """A stage with its cost as plain data, printed as it ends."""
    note = ", ".join(f"{name} {value:,.0f}" if isinstance(value, float | int) else f"{name} {value}" for name, value in more.items())
    print(f"| {stage} | {cost.seconds:.1f} | {cost.processor:.1f} | {cost.peak_mb:.0f} | {note} |", flush=True)
    return {"stage": stage, **cost.plain(), **more}
