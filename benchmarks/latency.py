"""How long one question takes from a built store: a warm desk in Python, and a warm `farr serve` over its Unix socket."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from country import AGREEMENT, Country
from measured import FARR, PYTHON, farr, run

from farr.lab.desk.desk import Desk
from farr.lab.desk.home import read_key
from farr.lab.model.asking.client import ask, over_unix_socket
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest

_NEW = 60  # questions never asked before, evenly among all that could be
_OTHERS = 40  # organisations asked about after the first, of a measure and level that were released for it
_PATIENCE = 60  # seconds that the service may take to start


def requests(home: Path) -> dict[str, list[BenchmarkRequest]]:
    """New questions (each measure at each of three levels, and its first breakdown), then the same of other organisations, then again."""
    desk = Desk.open(home, agreement=AGREEMENT)
    codes = {level: sorted(desk.organisations.of_level(level)) for level in ("commissioner", "provider", "practice")}
    new: list[BenchmarkRequest] = []
    for name, measure in desk.measures.items():
        if measure.choices:
            continue
        for level in (each for each in codes if each in measure.levels and codes[each]):
            new.append(BenchmarkRequest(organisation=codes[level][0], level=level, measure=name))
            if measure.breakdowns and level != "practice":
                new.append(BenchmarkRequest(organisation=codes[level][0], level=level, measure=name, by=measure.breakdowns[0]))
    others = [
        BenchmarkRequest(organisation=code, level=level, measure="length_of_stay")
        for level in codes
        for code in codes[level][1 : 1 + _OTHERS // len(codes)]
    ]
    # What others are compared by is asked first, so that for them it was released before.
    opening = [BenchmarkRequest(organisation=codes[level][0], level=level, measure="length_of_stay") for level in codes]
    first = opening + [each for each in new[:: max(1, len(new) // _NEW)] if each not in opening]
    return {
        "asked for the first time": first,
        "of another organisation, released before": others,
        "the very same, again": others,
    }


def timed(asked: Iterable[BenchmarkRequest], answer: Callable[[BenchmarkRequest], object]) -> dict[str, object]:
    """Median, 95th percentile and greatest milliseconds; questions without an answer (refused, not held) are counted apart."""
    taken: list[float] = []
    refused = 0
    for request in asked:
        started = time.perf_counter()
        try:
            answer(request)
        except FarrError:
            refused += 1
            continue
        taken.append((time.perf_counter() - started) * 1000)
    if len(taken) < 2:
        return {"answered": len(taken), "refused": refused}
    return {
        "answered": len(taken), "refused": refused, "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20, method="inclusive")[-1], 1), "most_ms": round(max(taken), 1),
    }  # fmt: skip


def measured(country: Country, folder: Path) -> dict[str, object]:
    """Both ways, each on a copy of the home in which nothing was released yet."""
    found: dict[str, object] = {"scale": country.scale, "months": country.months}
    for way in ("desk", "serve"):
        home = _copied(country, folder / way)
        out = folder / f"{way}.json"
        cost = run([PYTHON, Path(__file__), way, home, out])
        found[way] = {"kinds": json.loads(out.read_text(encoding="utf-8")), "peak_mb": round(cost.peak_mb)}
        shutil.rmtree(home)
    _print(found)
    return found


def _print(found: dict[str, object]) -> None:
    print(f"\n## A question, scale {found['scale']}\n\n| | answered | median ms | p95 ms | greatest |\n|---|---:|---:|---:|---:|")
    for way in ("desk", "serve"):
        for kind, each in found[way]["kinds"].items():  # type: ignore[index]
            print(
                f"| {way}: {kind} | {each['answered']} | {each.get('median_ms')} | {each.get('p95_ms')} | {each.get('most_ms')} |",
                flush=True,
            )


def _copied(country: Country, home: Path) -> Path:
    """The home without what was released, records linked, not copied: nothing changes a file of the store."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(country.home / "stores", home / "stores", copy_function=os.link)
    for part in (each for each in country.home.iterdir() if each.name in ("agreements", "keys", "signatories.json")):
        (shutil.copytree if part.is_dir() else shutil.copy)(part, home / part.name)
    return home


def _by_desk(home: Path) -> dict[str, object]:
    desk = Desk.open(home, agreement=AGREEMENT)
    # Imports, declarations and the first connection are the start-up's, not a question's.
    desk.benchmark(organisation="national", measure="elective_length_of_stay", level="national")
    return {kind: timed(asked, desk.answer) for kind, asked in requests(home).items()}


def _by_service(home: Path) -> dict[str, object]:
    key = home / "client.pem"
    farr(home, "client", "add", "bench", "--agreement", AGREEMENT, "--out", key)
    socket = home / "s"
    with subprocess.Popen([FARR, "serve", "--home", home, "--socket", socket], stdout=subprocess.DEVNULL) as serving:
        try:
            _wait(socket, serving)
            signing = read_key(key)

            def answer(request: BenchmarkRequest) -> object:
                connection = over_unix_socket(socket)
                return ask(connection, request, signing, agreement=AGREEMENT, purpose="benchmarks", user="bench")

            answer(BenchmarkRequest(organisation="national", measure="elective_length_of_stay", level="national"))
            return {kind: timed(asked, answer) for kind, asked in requests(home).items()}
        finally:
            serving.terminate()


def _wait(socket: Path, serving: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while not socket.exists():
        if serving.poll() is not None or time.monotonic() > until:
            raise SystemExit("farr serve did not start")
        time.sleep(0.05)


def main() -> None:
    way, home, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    found = _by_desk(home) if way == "desk" else _by_service(home)
    out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
