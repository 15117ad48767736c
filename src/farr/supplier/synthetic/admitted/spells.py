"""Spells: how long people stay, how they leave, and what follows. One spell is a stay at one provider."""

from dataclasses import dataclass

import numpy as np

from farr.supplier.synthetic.admitted.arrivals import FIRST, READMISSION, TRANSFER, Arrivals, choose_pathway, choose_provider
from farr.supplier.synthetic.admitted.casemix import BIRTH, ELECTIVE, EMERGENCY, LONGEST_STAY, MATERNITY, REGULAR, Casemix, casemix, shifted
from farr.supplier.synthetic.calendar.days import age_at
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.rows import Rows

METHODS = ("11", "12", "13", "21", "22", "23", "24", "28", "2A", "31", "32", "81", "82", "83")
_METHOD_SHARES = {
    EMERGENCY: {"21": 0.86, "22": 0.07, "23": 0.01, "24": 0.03, "28": 0.01, "2A": 0.02},
    ELECTIVE: {"11": 0.62, "12": 0.25, "13": 0.13},
    MATERNITY: {"31": 0.85, "32": 0.15},
    BIRTH: {"82": 0.96, "83": 0.04},
    REGULAR: {"13": 1.0},
}
_FOLLOWING_DAYS = 30
_GAP_MEAN = 11.0
LONG_STAY = 22.0  # the first day over 21
_LONG_FROM, _LONG_MORE = 8.0, 8.0  # who may be kept on into a long stay, and how many days beyond it on average; invented
_SATURDAY, _SUNDAY = 5, 6
NEVER = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Spells(Rows):
    """Stays. `admitted` and `left` are days since 1970; `method` is a position in METHODS; `ordinary` false for day cases and
    regular attenders; `died` and `moved` (to another provider) say how the stay ended."""

    person: np.ndarray
    admitted: np.ndarray
    left: np.ndarray
    pathway: np.ndarray
    provider: np.ndarray
    kind: np.ndarray
    practice: np.ndarray
    area: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    birth_day: np.ndarray
    method: np.ndarray
    ordinary: np.ndarray
    died: np.ndarray
    moved: np.ndarray

    @property
    def stay(self) -> np.ndarray:
        return self.left - self.admitted


def stays(rng: np.random.Generator, people: People, effects: Effects, arrivals: Arrivals) -> Spells:
    """A spell for every arrival."""
    mix, seen = casemix(), people.seen(arrivals.person)
    age = age_at(seen.birth_day, arrivals.day)
    short = _is_short(rng, mix, effects, arrivals)
    days = np.where(short, 0, _days(rng, mix, effects, arrivals, age))
    stream = mix.stream[arrivals.pathway]
    dies = mix.dies[arrivals.pathway] * np.select([age < 65, age < 80], [0.4, 0.9], 1.5)
    died = rng.random(len(age)) < dies * effects.mortality[arrivals.provider]
    days = np.where(died, days, _off_weekends(rng, effects, arrivals, days))
    stayed = days > 0
    return Spells(
        person=arrivals.person, admitted=arrivals.day, left=arrivals.day + days, pathway=arrivals.pathway,
        provider=arrivals.provider, kind=arrivals.kind, practice=seen.practice, area=seen.area, sex=seen.sex, age=age,
        birth_day=seen.birth_day, method=_methods(rng, stream, arrivals.kind),
        ordinary=~((short & (stream == ELECTIVE)) | (stream == REGULAR)), died=died,
        moved=~died & stayed & (arrivals.kind != TRANSFER) & (rng.random(len(age)) < mix.transferred[arrivals.pathway]),
    )  # fmt: skip


def _is_short(rng: np.random.Generator, mix: Casemix, effects: Effects, arrivals: Arrivals) -> np.ndarray:
    """Zero stays among emergencies, day cases among planned admissions; a transfer stays."""
    stream, provider = mix.stream[arrivals.pathway], arrivals.provider
    shift = np.where(stream == EMERGENCY, effects.zero_stay_shift[provider], 0.0)
    shift = np.where(stream == ELECTIVE, effects.day_case_shift[provider], shift)
    shift = np.where(mix.is_hernia[arrivals.pathway], effects.hernia_shift[provider], shift)
    return (rng.random(len(shift)) < shifted(mix.short[arrivals.pathway], shift)) & (arrivals.kind != TRANSFER)


def _days(rng: np.random.Generator, mix: Casemix, effects: Effects, arrivals: Arrivals, age: np.ndarray) -> np.ndarray:
    """Days of a stay that is not short: log-normal, older people longer, and days beyond the trim point multiplied."""
    pathway, provider = arrivals.pathway, arrivals.provider
    older = np.select([age < 16, age < 65, age < 80], [0.9, 0.9, 1.1], 1.3)
    drawn = mix.days[pathway] * np.exp(mix.spread[pathway] * rng.standard_normal(len(age))) * effects.stay[provider] * older
    trim = mix.trim_points()[pathway]
    drawn = np.where(drawn > trim, trim + (drawn - trim) * effects.excess[provider], drawn)
    kept_on = (drawn > _LONG_FROM) & (drawn < LONG_STAY) & (rng.random(len(drawn)) < effects.long_stay[provider])
    drawn = np.where(kept_on, LONG_STAY + rng.exponential(_LONG_MORE, len(drawn)), drawn)
    return np.clip(np.rint(drawn), 1, LONGEST_STAY).astype(np.int64)


def _off_weekends(rng: np.random.Generator, effects: Effects, arrivals: Arrivals, days: np.ndarray) -> np.ndarray:
    """The days, some discharges of a Saturday brought forward to Friday and some of a Sunday put off to Monday: no longer on average."""
    weekday = (arrivals.day + days + 3) % 7  # 0 is Monday
    moved = rng.random(len(days)) < effects.off_weekend[arrivals.provider]
    step = np.select([(weekday == _SATURDAY) & (days > 1), (weekday == _SUNDAY) & (days > 0)], [-1, 1], 0)
    return days + step * moved


def _methods(rng: np.random.Generator, stream: np.ndarray, kind: np.ndarray) -> np.ndarray:
    draw, chosen = rng.random(len(stream)), np.zeros(len(stream), dtype=np.int8)
    for name, shares in _METHOD_SHARES.items():
        members = stream == name
        place = np.searchsorted(np.cumsum(list(shares.values())), draw[members], side="right").clip(max=len(shares) - 1)
        chosen[members] = np.array([METHODS.index(code) for code in shares])[place]
    chosen[kind == TRANSFER] = METHODS.index("81")
    return chosen


def without_overlaps(spells: Spells, patch: Patch, free_from: np.ndarray) -> Spells:
    """The spells that begin when their person is not in hospital and not dead; `free_from` (by place, days) is brought up to date.

    A person may be admitted again only after the day they left, or on that day if transferred."""
    order = np.lexsort((spells.kind, spells.admitted, spells.person))
    spells = spells.take(order)
    until = np.where(spells.died, NEVER, spells.left)
    group = np.cumsum(np.diff(spells.person, prepend=-1) != 0).astype(np.int64) << 32
    running = np.maximum.accumulate(group + until) - group
    same = np.diff(spells.person, prepend=-1) == 0
    before = np.where(same, np.roll(running, 1), -NEVER)
    place = patch.place(spells.person)
    before = np.maximum(before, free_from[place])
    kept = np.where(spells.kind == TRANSFER, spells.admitted >= before, spells.admitted > before)
    np.maximum.at(free_from, place[kept], until[kept].astype(free_from.dtype))
    return spells.take(kept)


def followers(rng: np.random.Generator, people: People, effects: Effects, spells: Spells) -> Arrivals:
    """The admissions that follow from the spells: transfers on the day of leaving, and readmissions as emergencies within 30 days."""
    moved = spells.take(spells.moved)
    transfers = Arrivals(
        person=moved.person, day=moved.left, pathway=moved.pathway,
        provider=_elsewhere(rng, people, moved), kind=np.full(len(moved), TRANSFER, dtype=np.int8),
    )  # fmt: skip
    mix = casemix()
    chance = mix.readmitted[spells.pathway] * effects.readmission[spells.provider] * np.where(spells.age >= 65, 1.05, 0.83)
    back = spells.take((rng.random(len(spells)) < chance) & ~spells.died & ~spells.moved & (mix.stream[spells.pathway] != REGULAR))
    most = 1 - np.exp(-_FOLLOWING_DAYS / _GAP_MEAN)
    gap = 1 + np.floor(-_GAP_MEAN * np.log(1 - rng.random(len(back)) * most)).astype(np.int64)
    return _appended(transfers, _readmissions(rng, people, back, np.minimum(gap, _FOLLOWING_DAYS)))


def _readmissions(rng: np.random.Generator, people: People, back: Spells, gap: np.ndarray) -> Arrivals:
    mix = casemix()
    again = (mix.stream[back.pathway] == EMERGENCY) & (rng.random(len(back)) < 0.4)
    day = back.left + gap
    fresh = choose_pathway(rng, EMERGENCY, age_at(back.birth_day, day), back.sex)
    other = choose_provider(rng.random(len(back)), people, back.practice)
    return Arrivals(
        person=back.person, day=day, pathway=np.where(again, back.pathway, fresh).astype(np.int16),
        provider=np.where(rng.random(len(back)) < 0.88, back.provider, other).astype(np.int16),
        kind=np.full(len(back), READMISSION, dtype=np.int8),
    )  # fmt: skip


def _elsewhere(rng: np.random.Generator, people: People, moved: Spells) -> np.ndarray:
    """Another provider of the same region where there is one, else the next in the list."""
    region = people.organisations.provider_region
    first = np.searchsorted(region, region[moved.provider])
    size = np.bincount(region)[region[moved.provider]]
    step = 1 + np.floor(rng.random(len(moved)) * np.maximum(size - 1, 1)).astype(np.int64)
    return (first + (moved.provider - first + step) % np.maximum(size, 1)).astype(np.int16)


def _appended(one: Arrivals, other: Arrivals) -> Arrivals:
    return Arrivals(**{name: np.concatenate([value, getattr(other, name)]) for name, value in vars(one).items()})


__all__ = ["FIRST", "METHODS", "Spells", "followers", "stays", "without_overlaps"]
