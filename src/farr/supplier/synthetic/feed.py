"""A run of the synthetic feed: where it stands, and the tables of one month after the other."""

from collections.abc import Generator, Iterator
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
from farr.supplier.synthetic.patches import Patch, patches
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.anomalies import recoded
from farr.supplier.synthetic.planting.effects import Effects, in_force, natural
from farr.supplier.synthetic.planting.plants import Cast, cast
from farr.supplier.synthetic.rows import joined

LEAD_MONTHS = 3  # generated before the first file, so that its long stays and readmissions have a beginning
MONTHS_HELD = 5  # the longest stay, of 121 days, ends in the fifth month after that of its beginning
APC, CRITICAL, OP, AE = "apc_episode", "critical_care", "op_attendance", "ae_attendance"
FEEDS = (APC, CRITICAL, OP, AE)
KEYS = {APC: "APCE_Ident", CRITICAL: "APCE_Ident", OP: "OPA_Ident", AE: "AEA_Ident"}
HELD = {APC: "Episode_End_Date", CRITICAL: "CC_Discharge_Date"}  # the day that says which month a row belongs to
# of one feed; a patch has fewer rows a month than people, and the largest country fewer than a hundred patches
_KEYS_A_MONTH, _KEYS_A_PATCH = 100_000_000, 1_000_000


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
class Carried:
    """What a patch carries from month to month: arrivals and rows that belong to later months, and when each person is free to be
    admitted (days since 1970, by place; four bytes a person)."""

    free_from: np.ndarray = field(repr=False)
    waiting: list[Arrivals] = field(default_factory=list, repr=False)
    held: dict[str, Holding] = field(default_factory=lambda: {name: Holding(date=HELD[name]) for name in HELD}, repr=False)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A country of the settings: its people and organisations, its patches, and what each of these carries."""

    people: People
    effects: Effects
    cast: Cast
    settings: Settings
    patches: list[Patch] = field(repr=False)
    carried: list[Carried] = field(repr=False)

    def month_of(self, position: int) -> Month:
        """Positions count from the first month generated, which is before the first that is written."""
        return self.settings.period.first.plus(position - LEAD_MONTHS)

    def position_of(self, month: Month) -> int:
        first = self.settings.period.first
        return (month.year - first.year) * 12 + month.month - first.month + LEAD_MONTHS

    def effects_in(self, position: int) -> Effects:
        return in_force(self.effects, self.cast.planted, self.month_of(position))

    def chance(self, salt: int, position: int, patch: Patch) -> np.random.Generator:
        """Chance of its own for a purpose, a month and a patch, whatever is made before or beside it."""
        return np.random.default_rng([self.settings.seed, salt, position, patch.number])


def begin(settings: Settings) -> Feed:
    """The people and organisations of the settings, before the first month."""
    world = organisations(scale=settings.scale, seed=settings.seed)
    start = settings.period.first.plus(-LEAD_MONTHS)
    days = [_day(start.plus(number)) for number in range(len(settings.months) + LEAD_MONTHS + 1)]
    people = People(seed=settings.seed, organisations=world, reference_day=days[0], month_first_day=np.array(days))
    made = patches(people)
    return Feed(
        people=people,
        effects=natural(world, seed=settings.seed),
        cast=cast(world, seed=settings.seed, period=settings.period),
        settings=settings,
        patches=made,
        carried=[Carried(free_from=np.full(patch.count, -(2**31), dtype=np.int32)) for patch in made],
    )


def month_tables(feed: Feed, patch: Patch, position: int) -> Iterator[tuple[str, pa.Table]]:
    """The rows of a patch in the month of that position, feed by feed; months must be asked for in order."""
    effects = feed.effects_in(position)
    spells = yield from admitted_tables(feed, patch, position)
    dead = feed.carried[patch.number].free_from == NEVER
    yield from _emergency(feed, patch, effects, spells, dead, position)
    yield from _outpatients(feed, patch, effects, dead, position)


def admitted_tables(feed: Feed, patch: Patch, position: int) -> Generator[tuple[str, pa.Table], None, Spells]:
    """The rows of the patch's admitted and critical care in the month; returns the spells that begin in it."""
    effects, rng = feed.effects_in(position), feed.chance(5, position, patch)
    spells = month_spells(rng, feed, patch, effects, position)
    yield from _admitted(rng, feed, patch, effects, spells, position)
    return spells


def pass_month(feed: Feed, patch: Patch, position: int) -> None:
    """Let the month go by in a patch without its rows, where none of them belongs to a month that is written."""
    month_spells(feed.chance(5, position, patch), feed, patch, feed.effects_in(position), position)


def month_spells(rng: np.random.Generator, feed: Feed, patch: Patch, effects: Effects, position: int) -> Spells:
    """The spells that begin in the month: those that follow from earlier ones, new ones, and what follows from these."""
    end, carried = feed.people.month_first_day[position + 1], feed.carried[patch.number]
    arrivals = joined([*carried.waiting, new_arrivals(rng, feed.people, patch, effects, position)])
    carried.waiting.clear()
    done: list[Spells] = []
    while True:
        now = arrivals.take(arrivals.day < end)
        carried.waiting.append(arrivals.take(arrivals.day >= end))
        if len(now) == 0:
            return joined(done)
        done.append(without_overlaps(stays(rng, feed.people, effects, now), patch, carried.free_from))
        arrivals = followers(rng, feed.people, effects, done[-1])


def _admitted(
    rng: np.random.Generator, feed: Feed, patch: Patch, effects: Effects, spells: Spells, position: int
) -> Iterator[tuple[str, pa.Table]]:
    made, first = episodes(rng, spells, effects), _first_key(patch, position)
    made, group = recoded(feed.chance(11, position, patch), feed.cast.anomalies, feed.month_of(position), spells, made, effects)
    end, held = int(feed.people.month_first_day[position + 1]), feed.carried[patch.number].held
    if APC in feed.settings.feeds:
        yield APC, held[APC].due(feed_table(rng, feed.people, effects, spells, made, group, first, feed.cast.billing), end)
    if CRITICAL in feed.settings.feeds:
        ident = (made.spell.astype(np.int64) + first) * 10 + made.number
        own = feed.chance(7, position, patch)
        yield CRITICAL, held[CRITICAL].due(critical_care_table(own, feed.people, spells, made, ident), end)


def _emergency(
    feed: Feed, patch: Patch, effects: Effects, spells: Spells, dead: np.ndarray, position: int
) -> Iterator[tuple[str, pa.Table]]:
    if AE not in feed.settings.feeds:
        return
    rng, first = feed.chance(8, position, patch), _first_key(patch, position)
    for part in attendances(rng, feed.people, patch, effects, spells, dead, position):
        yield AE, attendance_table(rng, feed.people, effects, part, first)
        first += len(part)


def _outpatients(feed: Feed, patch: Patch, effects: Effects, dead: np.ndarray, position: int) -> Iterator[tuple[str, pa.Table]]:
    if OP in feed.settings.feeds:
        rng = feed.chance(9, position, patch)
        made = appointments(rng, feed.people, patch, effects, dead, position)
        yield OP, appointment_table(rng, feed.people, effects, made, _first_key(patch, position))


def _first_key(patch: Patch, position: int) -> int:
    return (position + 1) * _KEYS_A_MONTH + patch.number * _KEYS_A_PATCH


def _day(month: Month) -> int:
    return int(np.datetime64(month.first_day, "D").astype(np.int64))
