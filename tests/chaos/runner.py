"""Runs trials: prepares the homes once, and then many small places, each with one disturbance, in as many processes as asked for."""

import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from farr.lab.desk.home import code_version
from farr.lab.desk.load import check_file, feeds
from farr.lab.engine.at_rest.keys import key_name
from farr.lab.engine.sql import sql_of
from farr.lab.marts.definitions.population import MART
from tests.chaos.child import Ended, run, watched
from tests.chaos.operations import OPERATIONS, Operation
from tests.chaos.place import NEW, PLACES, Place, prepare
from tests.chaos.seen import Basis
from tests.chaos.state import State, read_state, rows_of_plain
from tests.chaos.trials import TRIALS, Trial
from tests.chaos.two_years import prepare_two_years


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One trial: its number, its name, by which chance it was disturbed, how that ended, and what did not hold."""

    number: int
    name: str
    how: str
    ended: str
    wrong: tuple[str, ...]


def ready(folder: Path) -> dict[str, Basis]:
    """The bases of all operations, made under `folder`; and in this process everything that all its children need."""
    _in_child(lambda: prepare(folder / "origins"))
    _in_child(lambda: prepare_two_years(Place(folder / "origins" / "two years")))
    _warm(Place(folder / "origins" / "loaded"))
    rows_of_plain([path for path in sorted((folder / "origins").rglob("v*.parquet")) if key_name(path) is None])
    return {operation.name: _basis(folder, operation) for operation in OPERATIONS}


def chosen(seed: int, number: int, trials: Sequence[Trial] = TRIALS) -> tuple[Trial, Random]:
    """Which trial a number is, and its chance: the same for a seed, whatever other trials are run."""
    chance = Random(f"{seed}/{number}")
    return chance.choices(trials, [trial.weight for trial in trials])[0], chance


def one(bases: dict[str, Basis], folder: Path, trial: Trial, chance: Random, number: int) -> Outcome:
    """Runs a trial in `folder`, which is then removed."""
    basis = bases[trial.operation.name]
    shutil.rmtree(folder, ignore_errors=True)
    at = Basis(**{**vars(basis), "folder": folder})
    os.environ["TMPDIR"] = str(folder / "temporary")
    try:
        seen = trial.disturb(at, chance)
        wrong = tuple(sentence for holds in trial.must_hold for sentence in holds(seen))
        return Outcome(number=number, name=trial.name, how=seen.how, ended=seen.ended.how, wrong=wrong)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def many(
    bases: dict[str, Basis], folder: Path, seed: int, numbers: Sequence[int], jobs: int, trials: Sequence[Trial] = TRIALS
) -> Iterator[Outcome]:
    """Runs the trials of these numbers, `jobs` at a time, and gives their outcomes as they come."""
    reader, writer = os.pipe()
    processes: list[int] = []
    for job in range(jobs):
        process = os.fork()
        if process == 0:
            os.close(reader)
            _work(bases, folder / f"job-{job}", seed, numbers[job::jobs], trials, writer)
        processes.append(process)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        for line in pipe:
            given = json.loads(line)
            yield Outcome(**{**given, "wrong": tuple(given["wrong"])})
    for process in processes:
        _, status = os.waitpid(process, 0)
        if status:
            raise RuntimeError(f"a process that runs trials ended with {status}")


def _work(
    bases: dict[str, Basis], folder: Path, seed: int, numbers: Sequence[int], trials: Sequence[Trial], writer: int
) -> None:  # fmt: skip
    status = 1
    try:
        for number in numbers:
            trial, chance = chosen(seed, number, trials)
            found = one(bases, folder, trial, chance, number)
            # Short enough to be written in one piece, whoever else writes to the pipe.
            kept = {**vars(found), "wrong": [sentence[:700] for sentence in found.wrong[:4]]}
            os.write(writer, json.dumps(kept).encode() + b"\n")
        status = 0
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        raise
    finally:
        os._exit(status)


def _basis(folder: Path, operation: Operation) -> Basis:
    origin = folder / "origins" / operation.begins
    place = Place(shutil.copytree(origin, folder / "undisturbed"))
    os.environ["TMPDIR"] = str(place.temporary)
    before = _read(place)
    moments = watched(lambda: operation.run(place))
    found = Basis(
        operation=operation, origin=origin, folder=folder / "trial", before=before, after=_read(place), moments=tuple(moments)
    )  # fmt: skip
    shutil.rmtree(place.folder)
    return found


def _read(place: Place) -> State:
    return State.of_json(_in_child(lambda: read_state(place).as_json()).said)


def _in_child(work) -> Ended:
    found = run(work)
    if found.how != "done":
        raise RuntimeError(f"undisturbed, it failed: {found.said}")
    return found


def _warm(place: Place) -> None:
    """Imports and works out what every child would otherwise do again. No Delta table is opened here (see child.py)."""

    feeds()
    code_version()
    place.desk()
    os.environ["TMPDIR"] = str(place.temporary)
    for name in (NEW, PLACES):
        check_file(place.folder / "files" / name, _side())
    sql_of(MART.expression())
    gc.freeze()


def _side():
    from farr.lab.ingest.sides import Side

    return Side.CLEAN
