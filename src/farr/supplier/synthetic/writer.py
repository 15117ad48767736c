"""Writes the feed month by month, so that memory does not grow with its length."""

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.dirt import FAULTS
from farr.supplier.synthetic.feed import APC, FEEDS, LEAD_MONTHS, MONTHS_HELD, Feed, Settings, admitted_tables, begin, pass_month
from farr.supplier.synthetic.output.carrying import FOLDER, forget_before, restore, save
from farr.supplier.synthetic.output.month_files import Again, in_order, write_month
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.planting.corrections import Correction, corrections_of
from farr.supplier.synthetic.planting.lateness import RESENT, Lateness, lateness
from farr.supplier.synthetic.references.files import write_references
from farr.supplier.synthetic.truth import truth

_CORES = min(4, os.cpu_count() or 1)  # more would wait for the writing
_LEAST_MONTHS_FOR_LATENESS = 12  # a shorter feed has no incomplete month
_README = """SYNTHETIC DATA

Every person, number and event in this folder is invented by `farr synth`. NHS numbers are from the range kept for tests, postcodes
are in areas that do not exist, and names say that they are synthetic. Rates, codes and prices are roughly shaped like hospital
activity in England and are evidence of nothing. The outliers in truth.json were planted, to see whether a benchmark finds them.

The feed is identified, as a supplier would hold it, so that de-identification has something to do.

  apc_episode_*       episodes of admitted care       critical_care_*    critical-care periods within them
  op_attendance_*     outpatient appointments         ae_attendance_*    attendances at emergency departments
  *.csv               reference files: organisations, populations, prices, peers

Of a feed of a year or longer the last month is as first sent (flex): a few providers have sent only part of it. Two earlier months
are as first sent too: the same providers had left records out, sent some twice, and some with a value that is not right. The folder
`resent` holds these months whole and right (freeze, and post-reconciliation), to be loaded in their place.

Organisations merge within the months: records before carry the old code. Of a feed of a year or longer some bills of a few providers are
wrong: truth.json says whose, and how.
"""


def write_feed(
    settings: Settings, folder: Path, progress: Callable[[str], None] = lambda _: None, *, part: Period | None = None
) -> dict[str, Any]:
    """Write the feed and everything beside it into the folder, and return what truth.json says.

    With `part` only these of its months are written; the files of all parts together are, byte for byte, those of the whole. A folder
    may hold other parts of the same feed. `progress` is called with a few words after every step. Raises FileExistsError where the
    folder already holds something else."""
    before = _facts_before(settings, folder, part)
    folder.mkdir(parents=True, exist_ok=True)
    feed = begin(settings)
    late, corrections = _lateness(feed), _corrections(feed)
    again: dict[Month, Again] = {each.month: each for each in (*corrections, *([late] if late else []))}
    files = {file["file"]: file for file in before["files"]} if before else {}
    for made in _months(feed, folder, again, part, progress):
        files |= {file["file"]: file for file in made}
    if before is None:
        write_references(feed, folder)
        (folder / "README.txt").write_text(_README, encoding="utf-8")
        progress("organisations and populations")
    facts = truth(feed, settings=_stated(settings), files=sorted(files.values(), key=_place), late=late, corrections=corrections)
    (folder / "truth.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return facts


def _facts_before(settings: Settings, folder: Path, part: Period | None) -> dict[str, Any] | None:
    """What truth.json says of the parts that the folder already holds; None where it is empty or there is no such folder."""
    held = {path.name for path in folder.iterdir()} - {FOLDER} if folder.exists() else set()
    if not held:
        return None
    if part is None:
        raise FileExistsError(f"the folder {folder} is not empty; name another with --out, or empty it")
    path = folder / "truth.json"
    facts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if facts.get("settings") != _stated(settings):
        raise FileExistsError(f"the folder {folder} holds something else than parts of this feed; name another with --out, or empty it")
    return facts


def _months(
    feed: Feed, folder: Path, again: Mapping[Month, Again], part: Period | None, progress: Callable[[str], None]
) -> Iterator[list[dict[str, Any]]]:
    """Make the months up to the last that is asked for, and write those that are; what each yields says what is in its files."""
    asked = part or feed.settings.period
    first, last = feed.position_of(asked.first), feed.position_of(asked.last)
    with ThreadPoolExecutor(_CORES) as pool:
        for position in range(restore(feed, asked.first, folder) if part else 0, last + 1):
            if position < first:
                _pass(feed, position, pool, rows=position >= first - MONTHS_HELD)
            else:
                yield write_month(feed, position, folder, again, pool)
            progress(f"activity of {feed.month_of(position)}")
    if part and asked.last < feed.settings.period.last:
        save(feed, asked.last.plus(1), folder)
    if part:
        forget_before(asked.first, folder)


def _pass(feed: Feed, position: int, pool: ThreadPoolExecutor, *, rows: bool) -> None:
    """Let a month go by. Its rows are made only where some of them may belong to a month that is written."""

    def one(patch: Patch) -> None:
        if rows:
            deque(admitted_tables(feed, patch, position), maxlen=0)
        else:
            pass_month(feed, patch, position)

    deque(in_order(pool, one, feed.patches), maxlen=0)


def _place(file: Mapping[str, Any]) -> tuple[str, int, bool]:
    return file["month"], FEEDS.index(file["feed"]), file["file"].startswith(RESENT)


def _lateness(feed: Feed) -> Lateness | None:
    settings, codes = feed.settings, feed.people.organisations.provider_code
    if len(settings.months) < _LEAST_MONTHS_FOR_LATENESS:
        return None
    return lateness([codes[index] for index in feed.cast.late], settings.period.last, settings.seed)


def _corrections(feed: Feed) -> list[Correction]:
    """Those that send late send corrections of earlier months too."""
    late = _lateness(feed)
    return corrections_of(list(late.codes), feed.settings.period, feed.settings.seed) if late else []


def _stated(settings: Settings) -> dict[str, Any]:
    return {
        "period": str(settings.period), "scale": settings.scale, "seed": settings.seed, "kind": settings.kind,
        "feeds": list(settings.feeds), "faults": FAULTS[APC],
    }  # fmt: skip


__all__ = ["LEAD_MONTHS", "Settings", "write_feed"]
