"""What a month costs after it has come, against building the marts whole. Takes the home of a job that has ended, and puts it back."""

import shutil
from itertools import chain, groupby
from pathlib import Path

from country import Country, deidentify
from measured import farr, headed, said


def month_of(path: Path) -> str:
    return path.name.split(".")[0][-len("2025-03") :]


def measured(country: Country, folder: Path) -> dict[str, object]:
    """Builds in a home of its own under `folder`: all months but the last; the last; one sent again, unchanged and changed; nothing
    new; whole."""
    headed(f"The increment, scale {country.scale}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home = folder / "home"
    for part in ("agreements", "keys"):
        if (country.home / part).is_dir():
            shutil.copytree(country.home / part, home / part)
    shutil.copy(country.home / "signatories.json", home / "signatories.json")
    paths = sorted(country.clean.glob("*.clean.parquet"), key=month_of)
    *earlier, last = (list(group) for _, group in groupby(paths, key=month_of))
    farr(home, "ingest", *country.references())
    farr(home, "ingest", *chain(*earlier))
    found = [said(f"whole, {len(earlier)} months", farr(home, "build"))]
    found.append(said("ingest of a month", farr(home, "ingest", *last)))
    found.append(said("a new month", farr(home, "build")))
    farr(home, "ingest", *earlier[len(earlier) // 2])
    found.append(said("a month in the middle sent again, unchanged", farr(home, "build")))
    found += _resent(country, folder, home)
    found.append(said("nothing new", farr(home, "build")))
    found.append(said("whole, every month", farr(home, "build", "--whole")))
    shutil.rmtree(folder, ignore_errors=True)
    return {"scale": country.scale, "months": country.months, "stages": found}


def _resent(country: Country, folder: Path, home: Path) -> list[dict[str, object]]:
    """The months that the country sends a second time, with what was late in them."""
    raw = sorted((country.raw / "resent").glob("*.parquet"))
    if not raw:
        return []
    deidentify(country, raw, folder / "resent")
    farr(home, "ingest", *sorted((folder / "resent").glob("*.clean.parquet")))
    return [said("a month sent again, some rows changed", farr(home, "build"))]
