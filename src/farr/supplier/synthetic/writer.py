"""Writes the feed month by month, so that memory does not grow with its length."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic import reference
from farr.supplier.synthetic.arrivals import Arrivals, new_arrivals
from farr.supplier.synthetic.effects import Effects, Plant, in_force, natural, plants
from farr.supplier.synthetic.episodes import episodes
from farr.supplier.synthetic.organisations import organisations
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.rows import joined
from farr.supplier.synthetic.spells import Spells, followers, stays, without_overlaps
from farr.supplier.synthetic.table import DIRTY_KINDS, feed_table, with_dirt
from farr.supplier.synthetic.truth import truth

LEAD_MONTHS = 3  # generated before the first file, so that its long stays and readmissions have a beginning
_LABEL = "SYNTHETIC: every person, number and event is invented (farr synth)"
_README = """SYNTHETIC DATA

Every person, number and event in this folder is invented by `farr synth`. NHS numbers are from the range kept for tests, postcodes
are in areas that do not exist, and names say that they are synthetic. Rates and codes are roughly shaped like hospital activity in
England and are evidence of nothing. The outliers in truth.json were planted, to see whether a benchmark finds them.

The feed is identified, as a supplier would hold it, so that de-identification has something to do.
"""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is written: the months, the scale (1 is England), the seed and the kind of file ('parquet' or 'csv.gz')."""

    period: Period
    scale: float
    seed: int
    kind: str = "parquet"

    @property
    def months(self) -> list[Month]:
        return list(self.period.months())


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Where a run stands: arrivals and episodes that belong to later months, and when each person is free to be admitted."""

    people: People
    effects: Effects
    planted: list[Plant]
    settings: Settings
    free_from: np.ndarray = field(repr=False)
    waiting: list[Arrivals] = field(default_factory=list, repr=False)
    held: list[pa.Table] = field(default_factory=list, repr=False)


def begin(settings: Settings) -> Feed:
    """The people and organisations of the settings, before the first month."""
    world = organisations(scale=settings.scale, seed=settings.seed)
    start = settings.period.first.plus(-LEAD_MONTHS)
    days = [_day(start.plus(number)) for number in range(len(settings.months) + LEAD_MONTHS + 1)]
    people = People(seed=settings.seed, organisations=world, reference_day=days[0], month_first_day=np.array(days))
    return Feed(
        people=people,
        effects=natural(world, seed=settings.seed),
        planted=plants(world, seed=settings.seed, first=settings.period.first, last=settings.period.last),
        settings=settings,
        free_from=np.full(people.count, -(2**31), dtype=np.int32),
    )


def write_feed(settings: Settings, folder: Path, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Write the feed and everything beside it into the folder, and return what truth.json says.

    `progress` is called with a few words after every step. Raises FileExistsError where the folder already holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"the folder {folder} is not empty; name another with --out, or empty it")
    folder.mkdir(parents=True, exist_ok=True)
    feed = begin(settings)
    months: list[dict[str, Any]] = []
    for position in range(LEAD_MONTHS + len(settings.months)):
        month = settings.period.first.plus(position - LEAD_MONTHS)
        table = month_table(feed, position, month)
        if position >= LEAD_MONTHS:
            months.append(_write_month(feed, table, month, folder))
        progress(f"admissions of {month}")
    _write_reference(feed, folder)
    progress("organisations and populations")
    facts = truth(feed.people, feed.effects, feed.planted, settings=_stated(settings), months=months)
    (folder / "truth.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    (folder / "README.txt").write_text(_README, encoding="utf-8")
    return facts


def month_table(feed: Feed, position: int, month: Month) -> pa.Table:
    """The episodes that end in the month in that position; months must be asked for in order."""
    rng = np.random.default_rng([feed.settings.seed, 5, position])
    effects = in_force(feed.effects, feed.planted, month)
    spells = month_spells(rng, feed, effects, position)
    made = episodes(rng, spells, effects)
    table = feed_table(rng, feed.people, spells, made, (position + 1) * 100_000_000)
    end = feed.people.month_first_day[position + 1]
    whole = pa.concat_tables([*feed.held, table], promote_options="default").unify_dictionaries()
    last_day = whole["Episode_End_Date"].cast(pa.int32())
    feed.held[:] = [whole.filter(pc.greater_equal(last_day, pa.scalar(int(end), pa.int32())))]
    return whole.filter(pc.less(last_day, pa.scalar(int(end), pa.int32()))).combine_chunks()


def month_spells(rng: np.random.Generator, feed: Feed, effects: Effects, position: int) -> Spells:
    """The spells that begin in the month: those that follow from earlier ones, new ones, and what follows from these."""
    end = feed.people.month_first_day[position + 1]
    arrivals = joined([*feed.waiting, new_arrivals(rng, feed.people, effects, position)])
    feed.waiting.clear()
    done: list[Spells] = []
    while True:
        now = arrivals.take(arrivals.day < end)
        feed.waiting.append(arrivals.take(arrivals.day >= end))
        if len(now) == 0:
            return joined(done)
        done.append(without_overlaps(stays(rng, feed.people, effects, now), feed.free_from))
        arrivals = followers(rng, feed.people, effects, done[-1])


def _write_month(feed: Feed, table: pa.Table, month: Month, folder: Path) -> dict[str, Any]:
    rng = np.random.default_rng([feed.settings.seed, 6, month.year * 12 + month.month])
    table, dirty = with_dirt(rng, table)
    path = folder / f"apc_episode_{month}.{feed.settings.kind}"
    if feed.settings.kind == "parquet":
        pq.write_table(table.replace_schema_metadata({"farr": _LABEL}), path, compression="zstd")
    else:
        _write_csv(table, path)
    return {"month": str(month), "file": path.name, "rows": table.num_rows, "spoilt": dirty}


def _write_csv(table: pa.Table, path: Path) -> None:
    """CSV, compressed where the name ends so; nothing is quoted that need not be."""
    plain = pa.table({name: _plain(table[name]) for name in table.column_names})
    options = pc_csv.WriteOptions(quoting_style="needed")
    with pa.output_stream(str(path), compression="gzip" if path.suffix == ".gz" else None) as stream:
        pc_csv.write_csv(plain, stream, options)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _write_reference(feed: Feed, folder: Path) -> None:
    people, last = feed.people, feed.settings.period.last
    _write_csv(reference.organisation_table(people.organisations), folder / "organisation.csv")
    _write_csv(reference.trim_point_table(), folder / "hrg_trim_point.csv")
    _write_csv(reference.feature_table(people, last), folder / "commissioner_feature.csv")
    _write_csv(reference.small_area_table(people.organisations), folder / "small_areas.csv")
    for month in feed.settings.months:
        _write_csv(reference.population_table(people, month), folder / f"registered_population_{month}.csv")
    with (folder / "opt_outs.txt").open("w", encoding="utf-8") as file:
        for first in range(0, people.count, 1_000_000):
            numbers = reference.opt_out_numbers(people, first=first, end=min(first + 1_000_000, people.count))
            file.writelines(f"{number}\n" for number in numbers)


def _stated(settings: Settings) -> dict[str, Any]:
    return {"period": str(settings.period), "scale": settings.scale, "seed": settings.seed, "kind": settings.kind, "faults": DIRTY_KINDS}


def _day(month: Month) -> int:
    return int(np.datetime64(month.first_day, "D").astype(np.int64))
