"""A run of the synthetic feed: where it stands, and the tables of one month after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.admitted.arrivals import Arrivals, new_arrivals
from farr.supplier.synthetic.admitted.critical_care import critical_care_table
from farr.supplier.synthetic.admitted.episodes import episodes
from farr.supplier.synthetic.admitted.spells import NEVER, Spells, followers, stays, without_overlaps
from farr.supplier.synthetic.admitted.table import feed_table
from farr.supplier.synthetic.emergency.attendances import attendances
from farr.supplier.synthetic.emergency.table import attendance_table
from farr.supplier.synthetic.holding import Holding
from farr.supplier.synthetic.organisations import organisations
from farr.supplier.synthetic.outpatients.appointments import appointments
from farr.supplier.synthetic.outpatients.table import appointment_table
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.effects import Effects, in_force, natural
from farr.supplier.synthetic.planting.plants import Cast, cast
from farr.supplier.synthetic.rows import joined

LEAD_MONTHS = 3  # generated before the first file, so that its long stays and readmissions have a beginning
APC, CRITICAL, OP, AE = "apc_episode", "critical_care", "op_attendance", "ae_attendance"
FEEDS = (APC, CRITICAL, OP, AE)
KEYS = {APC: "APCE_Ident", CRITICAL: "APCE_Ident", OP: "OPA_Ident", AE: "AEA_Ident"}
_KEYS_A_MONTH = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is written: the months, the scale (1 is England), the seed, the kind of file ('parquet' or 'csv.gz') and which feeds."""

    period: Period
    scale: float
    seed: int
    kind: str = "parquet"
    feeds: tuple[str, ...] = FEEDS

    @property
    def months(self) -> list[Month]:
        return list(self.period.months())


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Where a run stands: arrivals and rows that belong to later months, and when each person is free to be admitted."""

    people: People
    effects: Effects
    cast: Cast
    settings: Settings
    free_from: np.ndarray = field(repr=False)
    waiting: list[Arrivals] = field(default_factory=list, repr=False)
    held: dict[str, Holding] = field(repr=False)

    def month_of(self, position: int) -> Month:
        """Positions count from the first month generated, which is before the first that is written."""
        return self.settings.period.first.plus(position - LEAD_MONTHS)


def begin(settings: Settings) -> Feed:
    """The people and organisations of the settings, before the first month."""
    world = organisations(scale=settings.scale, seed=settings.seed)
    start = settings.period.first.plus(-LEAD_MONTHS)
    days = [_day(start.plus(number)) for number in range(len(settings.months) + LEAD_MONTHS + 1)]
    people = People(seed=settings.seed, organisations=world, reference_day=days[0], month_first_day=np.array(days))
    return Feed(
        people=people,
        effects=natural(world, seed=settings.seed),
        cast=cast(world, seed=settings.seed, period=settings.period),
        settings=settings,
        free_from=np.full(people.count, -(2**31), dtype=np.int32),
        held={APC: Holding(date="Episode_End_Date"), CRITICAL: Holding(date="CC_Discharge_Date")},
    )


def month_tables(feed: Feed, position: int) -> Iterator[tuple[str, pa.Table]]:
    """The rows of the month in that position, feed by feed, the large feeds in parts; months must be asked for in order."""
    effects = in_force(feed.effects, feed.cast.planted, feed.month_of(position))
    rng = np.random.default_rng([feed.settings.seed, 5, position])
    spells = month_spells(rng, feed, effects, position)
    yield from _admitted(rng, feed, effects, spells, position)
    if position >= LEAD_MONTHS:
        dead = feed.free_from == NEVER
        yield from _emergency(feed, effects, spells, dead, position)
        yield from _outpatients(feed, effects, dead, position)


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


def _admitted(rng: np.random.Generator, feed: Feed, effects: Effects, spells: Spells, position: int) -> Iterator[tuple[str, pa.Table]]:
    made = episodes(rng, spells, effects)
    end = int(feed.people.month_first_day[position + 1])
    if APC in feed.settings.feeds:
        table = feed_table(rng, feed.people, effects, spells, made, (position + 1) * _KEYS_A_MONTH)
        yield APC, feed.held[APC].due(table, end)
    if CRITICAL in feed.settings.feeds:
        own = np.random.default_rng([feed.settings.seed, 7, position])
        ident = (made.spell.astype(np.int64) + (position + 1) * _KEYS_A_MONTH) * 10 + made.number
        yield CRITICAL, feed.held[CRITICAL].due(critical_care_table(own, feed.people, spells, made, ident), end)


def _emergency(feed: Feed, effects: Effects, spells: Spells, dead: np.ndarray, position: int) -> Iterator[tuple[str, pa.Table]]:
    if AE not in feed.settings.feeds:
        return
    rng, first = np.random.default_rng([feed.settings.seed, 8, position]), (position + 1) * _KEYS_A_MONTH
    for part in attendances(rng, feed.people, effects, spells, dead, position):
        yield AE, attendance_table(rng, feed.people, effects, part, first)
        first += len(part)


def _outpatients(feed: Feed, effects: Effects, dead: np.ndarray, position: int) -> Iterator[tuple[str, pa.Table]]:
    if OP not in feed.settings.feeds:
        return
    rng, first = np.random.default_rng([feed.settings.seed, 9, position]), (position + 1) * _KEYS_A_MONTH
    for part in appointments(rng, feed.people, effects, dead, position):
        yield OP, appointment_table(rng, feed.people, effects, part, first)
        first += len(part)


def _day(month: Month) -> int:
    return int(np.datetime64(month.first_day, "D").astype(np.int64))
