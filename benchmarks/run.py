"""`make benchmark`: how long Farr takes, how much memory and disk, and how that grows; the same work in PostgreSQL and pandas.

Every stage is a process of its own on made-up data. Each result is printed as it comes and kept in benchmarks/results/ as JSON, from
which benchmarks/write_docs.py makes docs/benchmarks.md. The whole takes about 20 minutes on two idle cores; less is had with --scales,
--stages and --budget-minutes (of scale 1 alone).
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import comparison
import england
import increment
import job
import latency
import projection
from country import Country, write
from machine import described
from measured import PYTHON, run

RESULTS = Path(__file__).with_name("results")
STAGES = ("job", "compare", "increment", "latency", "publish", "spark", "projection", "reprice", "england")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", nargs="*", default=["0.01", "0.1"], help="shares of England's people")
    parser.add_argument("--months", type=int, default=13)
    parser.add_argument("--stages", nargs="+", default=list(STAGES), choices=STAGES)
    parser.add_argument("--budget-minutes", type=float, default=8, help="for scale 1, month by month")
    parser.add_argument("--publish-minutes", type=float, default=10, help="after which the publication of every view is stopped")
    parser.add_argument("--headroom-gb", type=float, default=20, help="of the disk that scale 1 leaves free")
    parser.add_argument("--england-months", type=int, default=48, help="months of scale 1 at most")
    parser.add_argument("--england-scale", default="1")
    parser.add_argument("--increment-scale", default=None, help="the one scale of the increment; else every scale")
    parser.add_argument("--projection-scale", default=None, help="the scale of the country that is projected from; else the last")
    parser.add_argument("--organisation", default="90L", help="the commissioner that is projected")
    parser.add_argument("--spells", type=int, default=16_000_000, help="spells of the year that is priced again")
    parser.add_argument("--work", type=Path, default=None, help="folder for data, kept afterwards; else a temporary one")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def of_scale(chosen: argparse.Namespace, folder: Path, scale: str) -> None:
    """Everything that is measured at a scale. A country that stands in the folder already is taken as it is."""
    country = Country(folder=folder / f"scale-{scale}", months=chosen.months, scale=scale)
    if "job" in chosen.stages:
        shutil.rmtree(country.folder, ignore_errors=True)
        write(chosen.results, f"job-{scale}", job.measured(country))
    others: dict[str, Callable[[], object]] = {
        "publish": lambda: {"scale": scale, "stages": _asked(country, chosen)},
        "spark": lambda: {"scale": scale, "stages": job.on_spark(country)},
        "compare": lambda: comparison.measured(country, folder / f"compare-{scale}"),
        "latency": lambda: latency.measured(country, folder / f"latency-{scale}"),
    }
    if chosen.increment_scale in (None, scale):
        others["increment"] = lambda: increment.measured(country, folder / f"increment-{scale}")
    for name in (name for name in STAGES if name in chosen.stages and name in others):
        write(chosen.results, f"{name}-{scale}", others[name]())
    if "projection" in chosen.stages and scale == (chosen.projection_scale or chosen.scales[-1]):
        write(chosen.results, "projection", projection.measured(country.home, chosen.organisation, scale=scale, months=country.months))


def _asked(country: Country, chosen: argparse.Namespace) -> list[dict[str, object]]:
    return job.asked(country, with_reports=country.scale == chosen.scales[0], publish_minutes=chosen.publish_minutes)


def measure(chosen: argparse.Namespace, folder: Path) -> None:
    write(chosen.results, "machine", described())
    for scale in chosen.scales:
        of_scale(chosen, folder, scale)
        if chosen.work is None:
            shutil.rmtree(folder / f"scale-{scale}", ignore_errors=True)
    if "reprice" in chosen.stages:
        run([PYTHON, RESULTS.with_name("reprice.py"), "--spells", chosen.spells, "--results", chosen.results])
    if "england" in chosen.stages:
        place = folder / "england"
        shutil.rmtree(place, ignore_errors=True)
        found = england.measured(
            place,
            scale=chosen.england_scale,
            budget_minutes=chosen.budget_minutes,
            headroom_gb=chosen.headroom_gb,
            most=chosen.england_months,
        )
        write(chosen.results, "england", found)
        shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    chosen = options()
    if chosen.work is not None:
        chosen.work.mkdir(parents=True, exist_ok=True)
        measure(chosen, chosen.work.resolve())
        return
    with tempfile.TemporaryDirectory(prefix="farr-benchmark-") as name:
        measure(chosen, Path(name))


if __name__ == "__main__":
    main()
