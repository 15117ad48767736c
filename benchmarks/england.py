"""Scale 1: as many months of all England as disk and time allow, each made, de-identified, ingested and its files deleted; then the marts
and questions of what is held. What four years would take is worked out from it, and marked as such.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from country import FEEDS, LAST, SEED, Country, agree, deidentify, rows, store_megabytes
from measured import FARR, added, farr, headed, megabytes, said

from farr.lab.model.period import Month, Period

YEARS = 4
MOST_MONTHS = 48
_ROOM = 2.5  # of what the month before needed at most, that must be free before another is begun
_BUILD = 0.6  # of the budget that may be used before the build begins


def measured(folder: Path, *, scale: str, budget_minutes: float, headroom_gb: float, most: int) -> dict[str, object]:
    """`budget_minutes` for all; `headroom_gb` of the disk stay free; `most` months at most."""
    headed(f"England, scale {scale}, month by month")
    started = time.monotonic()
    country = Country(folder=folder, months=min(most, MOST_MONTHS), scale=scale)
    agree(country)
    months: list[dict[str, object]] = []
    stopped = "every month wanted was taken"
    parts = can_write_parts()
    for month in Period(country.first, Month.parse(LAST)).months():
        months.append(_month(country, month, parts=parts))
        used, free = (time.monotonic() - started) / 60, shutil.disk_usage(folder).free / 2**30
        needed = headroom_gb + _ROOM * float(str(months[-1]["most_mb"])) / 1024
        if len(months) < country.months and (used + used / len(months) > _BUILD * budget_minutes or free < needed):
            stopped = f"{free:.0f} GB were free" if free < needed else f"{used:.0f} of {budget_minutes:.0f} minutes were used"
            break
    shutil.rmtree(country.raw, ignore_errors=True)
    found = {"scale": scale, "one_country": parts, "months": months, "stopped": stopped, **_asked(country)}
    return {**found, "extrapolated": extrapolated(found)}


def can_write_parts() -> bool:
    """Whether `farr synth` writes single months of one country. Where it does not, each month is a country of its own, with people of its
    own, so that nobody's stay or record goes on from month to month."""
    shown = subprocess.run([FARR, "synth", "--help"], capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "200"})
    return "--from" in shown.stdout


def _month(country: Country, month: Month, *, parts: bool) -> dict[str, object]:
    """One month through the front door; its raw and clean files are gone afterwards."""
    shutil.rmtree(country.clean, ignore_errors=True)
    one = ("--months", country.months, "--ending", LAST, "--from", month, "--to", month) if parts else ("--months", 1, "--ending", month)
    if not parts:
        shutil.rmtree(country.raw, ignore_errors=True)
    made = farr(country.home, "synth", *one, "--scale", country.scale, "--seed", SEED, "--out", country.raw)
    raw = sorted(country.raw.glob(f"*_{month}.parquet"))
    clean = deidentify(country, raw, country.clean)
    counted = {feed: rows(country.files(feed)) for feed in FEEDS}
    most = megabytes(country.raw, country.clean)
    for path in raw:
        path.unlink()
    published = country.references() if month == country.first else sorted(country.raw.glob(f"registered_population_{month}*.csv"))
    if published:
        farr(country.home, "ingest", *published)
    ingested = [farr(country.home, "ingest", *country.files(feed)) for feed in FEEDS if country.files(feed)]
    shutil.rmtree(country.clean)
    total = sum(counted.values())
    costs = (("synth", made), ("deidentify", clean), ("ingest", added(ingested)))
    stages = [said(f"{month}, {name}", cost, rows=total) for name, cost in costs]
    return {"month": str(month), "rows": total, "by_feed": counted, "most_mb": round(most), "stages": stages}


def _asked(country: Country) -> dict[str, object]:
    built = farr(country.home, "build")
    stages = [said("build", built)]
    whom = ("--organisation", "national", "--level", "national")
    stages.append(said("one measure, asked first", farr(country.home, "benchmark", *whom, "--measure", "elective_length_of_stay")))
    return {"stages": stages, "store_mb": store_megabytes(country)}


def extrapolated(found: dict[str, object]) -> dict[str, object]:
    """Four years of England at the time per month seen: straight lines, so that a build whose memory spills is told too well."""
    months: list[dict[str, object]] = json.loads(json.dumps(found["months"]))
    ingest = sum(stage["seconds"] for month in months for stage in month["stages"] if stage["stage"].endswith("ingest"))  # type: ignore[attr-defined]
    build = next(stage for stage in found["stages"] if stage["stage"] == "build")  # type: ignore[attr-defined]
    factor = YEARS * 12 / len(months)
    return {
        "months": YEARS * 12, "from_months": len(months), "build_minutes": round(build["seconds"] * factor / 60, 1),
        "ingest_minutes": round(ingest * factor / 60, 1), "store_gb": round(sum(found["store_mb"].values()) * factor / 1024, 1),  # type: ignore[attr-defined]
        "rows": round(sum(month["rows"] for month in months) * factor),  # type: ignore[misc]
    }  # fmt: skip
