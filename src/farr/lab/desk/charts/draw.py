"""Many charts to files, on every core: `python -m farr.lab.desk.charts.draw FOLDER` draws the specifications on its input."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

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
    drawing: list[subprocess.Popen[bytes]] = []
    for share in shares[1:]:
        with TemporaryFile() as told:
            told.write(json.dumps(share).encode())
            told.seek(0)
            drawing.append(subprocess.Popen(command, stdin=told))  # noqa: S603 - ourselves
    for name, spec in shares[0]:
        _draw_pair(name, spec, folder)
    codes = [process.wait() for process in drawing]
    if any(codes):
        raise RuntimeError(f"some charts could not be drawn into {folder}; run it again, and report this if it stays")


def _draw_pair(name: str, spec: Spec, folder: Path) -> None:
    svg: str = vl_convert.vegalite_to_svg(spec)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / f"{name}.png").write_bytes(vl_convert.svg_to_png(svg, scale=PRINT_SCALE))


if __name__ == "__main__":
    for _name, _spec in json.load(sys.stdin):
        _draw_pair(_name, _spec, Path(sys.argv[1]))
