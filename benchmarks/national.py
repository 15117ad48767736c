"""How long the way from a raw file to a report takes, and how much memory: `make benchmark`.

Every stage is the `farr` command itself, in a process of its own, on synthetic data of all four feeds; seconds are wall-clock, memory
is the process's peak. In the same run one mart and measure are computed with pandas from the same clean files, as an analyst without
Farr might.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

import pandas as pd

FARR = Path(sys.executable).with_name("farr")
LAST = "2025-03"
ENDS = ("--ends", "2099-12-31")
FEEDS = ("apc_episode", "critical_care", "op_attendance", "ae_attendance")


def run(home, *arguments):
    """Seconds and peak memory (MB) of one command, which must succeed."""
    started = time.perf_counter()
    running = subprocess.Popen([FARR, *map(str, arguments)], env={**os.environ, "FARR_HOME": str(home)}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    if status:
        raise SystemExit(f"failed: farr {' '.join(map(str, arguments))}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def prepared(folder, months, scale):
    """The stages up to clean files, with their times."""
    home, raw = folder / "home", folder / "raw"
    yield "synth", run(home, "synth", "--months", months, "--scale", scale, "--seed", 7, "--ending", LAST, "--out", raw)
    for role in ("guardian", "risk-owner"):
        run(home, "agreement", "signatory", "--as", role, "--name", role, "--out", folder / f"{role}.pem")
    first = pd.Period(LAST, "M") - months + 1
    datasets = [part for feed in FEEDS for part in ("--dataset", feed)]
    run(home, "agreement", "new", "b", "--title", "B", "--purpose", "benchmarks", *datasets, *("--from", first, "--to", LAST, *ENDS))
    for role in ("guardian", "risk-owner"):
        run(home, "agreement", "approve", "b", "--as", role, "--key", folder / f"{role}.pem")
    run(home, "keygen", "--out", folder / "key")
    lists = ("--small-areas", raw / "small_areas.csv", "--opt-outs", raw / "opt_outs.txt")
    made = ("--agreement", home / "agreements" / "b.json", "--key", folder / "key", *lists)
    yield "deidentify", run(home, "deidentify", *sorted(raw.glob("*.parquet")), *made, "--out", folder / "clean")
    yield "deidentify, a month", run(home, "deidentify", *sorted((raw / "resent").glob("*.parquet")), *made, "--out", folder / "resent")


def references(raw):
    """The reference files; `small_areas` is the supplier's."""
    return sorted(path for path in raw.glob("*.csv") if path.name != "small_areas.csv")


def loaded(folder):
    """The stages in the lab, with their times."""
    home, raw = folder / "home", folder / "raw"
    yield "ingest, reference files", run(home, "ingest", *references(raw))
    for feed in FEEDS:
        yield f"ingest, {feed}", run(home, "ingest", *sorted((folder / "clean").glob(f"{feed}_*.parquet")))
    yield "build", run(home, "build")
    yield "ingest, a month sent again", run(home, "ingest", *sorted((folder / "resent").glob("*.parquet")))
    yield "build, after it", run(home, "build")
    yield "benchmark, first time", run(home, "benchmark", "--organisation", "90L", "--measure", "length_of_stay")
    yield "report, every measure", run(home, "report", "--organisation", "90L", "--out", folder / "report")
    yield "report, released before", run(home, "report", "--organisation", "90L", "--out", folder / "report")
    yield "changes", run(home, "changes", "--organisation", "90L")
    yield "publish, every view", run(home, "publish")


def with_pandas(folder):
    """Average length of stay by provider from the clean files: seconds and the rise of peak memory (MB)."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    names = ["Der_Pseudo_NHS_Number", "Provider_Code", "Admission_Date", "Discharge_Date"]
    episodes = pd.concat(pd.read_parquet(path, columns=names) for path in sorted((folder / "clean").glob("apc_*.parquet")))
    for column in names[2:]:
        episodes[column] = pd.to_datetime(episodes[column], errors="coerce")
    spells = episodes.groupby(names[:3], as_index=False)["Discharge_Date"].max().dropna()
    days = (spells.Discharge_Date - spells.Admission_Date).dt.days
    days.groupby(spells.Provider_Code).mean()
    return time.perf_counter() - started, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--scales", nargs="+", default=["0.01"])
    chosen = parser.parse_args()
    for scale in chosen.scales:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            print(f"\n## Scale {scale}, {chosen.months} months\n\n| stage | seconds | peak MB |\n|---|---:|---:|")
            for stage, (seconds, peak) in chain(prepared(folder, chosen.months, scale), loaded(folder)):
                print(f"| {stage} | {seconds:.1f} | {peak:.0f} |", flush=True)
            seconds, peak = with_pandas(folder)
            print(f"| pandas: one mart and measure, unchecked and unprotected | {seconds:.1f} | +{peak:.0f} |")


if __name__ == "__main__":
    main()
