"""What it costs to bring the marts up to date after a month, against building them whole.

Synthetic data and the `farr` command itself, as in national.py. Measured are `farr build` after all months but the last, after the
last one, after a month in the middle was sent again as it was, with nothing new, and with --whole.
"""

import argparse
import tempfile
from itertools import chain, groupby
from pathlib import Path

from national import prepared, references, run


def month_of(path):
    return path.name.split(".")[0][-len("2025-03") :]


def built(folder):
    """Each build with its seconds and peak memory (MB)."""
    home, raw = folder / "home", folder / "raw"
    run(home, "ingest", *references(raw))
    paths = sorted((folder / "clean").glob("*.parquet"), key=month_of)
    *earlier, last = (list(group) for _, group in groupby(paths, key=month_of))
    run(home, "ingest", *chain(*earlier))
    yield f"whole, {len(earlier)} months", run(home, "build")
    run(home, "ingest", *last)
    yield "a new month", run(home, "build")
    run(home, "ingest", *earlier[len(earlier) // 2])
    yield "a month sent again, no row of it changed", run(home, "build")
    yield "nothing new", run(home, "build")
    yield "whole, every month", run(home, "build", "--whole")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--scale", default="0.01")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in prepared(folder, chosen.months, chosen.scale):
            pass
        print(f"## Scale {chosen.scale}, {chosen.months} months\n\n| build | seconds | peak MB |\n|---|---:|---:|")
        for stage, (seconds, peak) in built(folder):
            print(f"| {stage} | {seconds:.1f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
