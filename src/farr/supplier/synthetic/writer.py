"""Writes the feed month by month, so that memory does not grow with its length."""

import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.supplier.synthetic.dirt import FAULTS, with_dirt
from farr.supplier.synthetic.feed import APC, FEEDS, KEYS, LEAD_MONTHS, Feed, Settings, begin, month_tables
from farr.supplier.synthetic.files import PartsFile
from farr.supplier.synthetic.planting.lateness import RESENT, Lateness, lateness
from farr.supplier.synthetic.planting.mergers import with_codes, written
from farr.supplier.synthetic.references.files import write_references
from farr.supplier.synthetic.truth import truth

_LEAST_MONTHS_FOR_LATENESS = 12  # a shorter feed has no incomplete month
_README = """SYNTHETIC DATA

Every person, number and event in this folder is invented by `farr synth`. NHS numbers are from the range kept for tests, postcodes
are in areas that do not exist, and names say that they are synthetic. Rates, codes and prices are roughly shaped like hospital
activity in England and are evidence of nothing. The outliers in truth.json were planted, to see whether a benchmark finds them.

The feed is identified, as a supplier would hold it, so that de-identification has something to do.

  apc_episode_*       episodes of admitted care       critical_care_*    critical-care periods within them
  op_attendance_*     outpatient appointments         ae_attendance_*    attendances at emergency departments
  *.csv               reference files: organisations, populations, prices, peers

Of a feed of a year or longer the last month is as first sent (flex): a few providers have sent only part of it. The folder `resent`
holds that month whole (freeze), to be loaded in its place. Organisations merge within the months: records before carry the old code.
"""


def write_feed(settings: Settings, folder: Path, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Write the feed and everything beside it into the folder, and return what truth.json says.

    `progress` is called with a few words after every step. Raises FileExistsError where the folder already holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"the folder {folder} is not empty; name another with --out, or empty it")
    folder.mkdir(parents=True, exist_ok=True)
    feed = begin(settings)
    late = _lateness(feed)
    files: list[dict[str, Any]] = []
    for position in range(LEAD_MONTHS + len(settings.months)):
        month, tables = feed.month_of(position), month_tables(feed, position)
        if position < LEAD_MONTHS:
            for _ in tables:
                pass
        else:
            files += _write_month(feed, tables, month, folder, late)
        progress(f"activity of {month}")
    write_references(feed, folder)
    progress("organisations and populations")
    facts = truth(feed, settings=_stated(settings), files=files, late=late)
    (folder / "truth.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    (folder / "README.txt").write_text(_README, encoding="utf-8")
    return facts


def _lateness(feed: Feed) -> Lateness | None:
    settings, codes = feed.settings, feed.people.organisations.provider_code
    if len(settings.months) < _LEAST_MONTHS_FOR_LATENESS:
        return None
    return lateness([codes[index] for index in feed.cast.late], settings.period.last, settings.seed)


def _write_month(
    feed: Feed, tables: Iterable[tuple[str, pa.Table]], month: Month, folder: Path, late: Lateness | None
) -> list[dict[str, Any]]:
    """Write the month's files, and say what is in them. Of the late month also those sent again."""
    codes = written(feed.people.organisations, feed.cast.mergers, feed.cast.move, month)
    made: list[dict[str, Any]] = []
    for name, parts in groupby(tables, key=itemgetter(0)):
        rng = np.random.default_rng([feed.settings.seed, 6, month.year * 12 + month.month, FEEDS.index(name)])
        coded = (with_codes(part, codes) for _, part in parts)
        made += _write_files(rng, feed, coded, name, month, folder, late if late is not None and month == late.month else None)
    return made


def _write_files(
    rng: np.random.Generator, feed: Feed, parts: Iterable[pa.Table], name: str, month: Month, folder: Path, late: Lateness | None
) -> list[dict[str, Any]]:
    file_name = f"{name}_{month}.{feed.settings.kind}"
    paths = [folder / file_name] if late is None else [folder / file_name, folder / RESENT / file_name]
    paths[-1].parent.mkdir(exist_ok=True)
    spoilt = [dict.fromkeys(FAULTS[name], 0) for _ in paths]
    with ExitStack() as stack:
        files = [stack.enter_context(PartsFile(path)) for path in paths]
        for part in parts:
            sent = [part] if late is None else [late.sent(part, KEYS[name]), part]
            for number, each in enumerate(sent):
                dirty, faults = with_dirt(rng, each, name)
                files[number].write(dirty)
                spoilt[number] = {kind: count + faults[kind] for kind, count in spoilt[number].items()}
    return [
        {"feed": name, "month": str(month), "file": str(path.relative_to(folder)), "rows": file.rows, "spoilt": faults}
        for path, file, faults in zip(paths, files, spoilt, strict=True)
    ]


def _stated(settings: Settings) -> dict[str, Any]:
    return {
        "period": str(settings.period), "scale": settings.scale, "seed": settings.seed, "kind": settings.kind,
        "feeds": list(settings.feeds), "faults": FAULTS[APC],
    }  # fmt: skip


__all__ = ["LEAD_MONTHS", "Settings", "write_feed"]
