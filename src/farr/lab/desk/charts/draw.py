"""Many charts to files, on every core: `python -m farr.lab.desk.charts.draw FOLDER` draws the specifications on its input."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import vl_convert

from farr.lab.desk.charts.theme import PRINT_SCALE, Spec

_FEW = 12  # fewer charts than this are drawn sooner than a process starts


def draw_pairs(specs: Sequence[tuple[str, Spec]], folder: Path) -> None:
    """Writes <name>.svg and <name>.png of each (name, specification) to `folder`, laying each chart out once.

    Raises RuntimeError where a process of the drawing fails."""
    workers = min(len(os.sched_getaffinity(0)), max(1, len(specs) // _FEW))
    shares = [specs[place::workers] for place in range(workers)]
    # Processes, for vl-convert holds the interpreter; and not multiprocessing, which runs a caller's script once more.
    command = [sys.executable, "-m", "farr.lab.desk.charts.draw", str(folder)]
    drawing = [(subprocess.Popen(command, stdin=subprocess.PIPE, text=True), share) for share in shares[1:]]  # noqa: S603 - ourselves
    for process, share in drawing:
        assert process.stdin is not None  # for the type checker: it was asked for above
        with process.stdin as told:
            json.dump(share, told)
    for name, spec in shares[0]:
        _draw_pair(name, spec, folder)
    if any([process.wait() for process, _ in drawing]):
        raise RuntimeError(f"some charts could not be drawn into {folder}; run it again, and report this if it stays")


def _draw_pair(name: str, spec: Spec, folder: Path) -> None:
    svg: str = vl_convert.vegalite_to_svg(spec)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / f"{name}.png").write_bytes(vl_convert.svg_to_png(svg, scale=PRINT_SCALE))


if __name__ == "__main__":
    for _name, _spec in json.load(sys.stdin):
        _draw_pair(_name, _spec, Path(sys.argv[1]))
