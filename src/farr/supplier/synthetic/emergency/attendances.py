"""Who comes to an emergency department in a month, when, and how long they are there."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from farr.supplier.synthetic.admitted.arrivals import TRANSFER, age_class, choose_provider
from farr.supplier.synthetic.admitted.casemix import shifted
from farr.supplier.synthetic.admitted.spells import METHODS, Spells
from farr.supplier.synthetic.calendar.days import age_at
from farr.supplier.synthetic.calendar.rhythms import ATTENDANCE
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.emergency.complaints import complaints
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.people import People, Seen
from farr.supplier.synthetic.planting.effects import SHARE_BREACHING, Effects
from farr.supplier.synthetic.rows import Rows, joined

MAJOR, SINGLE, MINOR, WALK_IN = 0, 1, 2, 3
FOUR_HOURS = 240
# Attendances per person and year that end in no admission, by age from 0, 1, 5, 15, 25, 45, 65, 75 and 85; invented, of about the
# size of published A&E attendances.
_RATE = np.array([0.75, 0.62, 0.34, 0.42, 0.36, 0.29, 0.3, 0.4, 0.55])
_BAND_STARTS = np.array([1, 5, 15, 25, 45, 65, 75, 85])
_KEEN_SHARE, _KEEN, _OTHERS = 0.15, 2.8, 0.682  # some people come again and again; on average one
_DEPRIVATION_STEP = 0.04  # of the rate, per decile from the middle
_CEILING = float(_RATE.max()) * _KEEN * (1 + 4.5 * _DEPRIVATION_STEP)
_VIA_DEPARTMENT = 0.9  # of admissions by method 21 (emergency department), those with an attendance of the same person
_DEPARTMENT_SHARE = (0.545, 0.02, 0.345, 0.09)
_AGAIN = 0.05  # come back within a week
_HOURS = (3, 2.4, 2, 1.8, 1.7, 1.8, 2.3, 3.4, 4.8, 6, 6.6, 6.6, 6.2, 6, 5.8, 5.6, 5.8, 5.8, 5.6, 5.3, 5, 4.5, 3.9, 3.4)


@dataclass(frozen=True, kw_only=True)
class Attendances(Rows):
    """Attendances. `day` is days since 1970, `minute` of that day, `department` one of MAJOR, SINGLE, MINOR and WALK_IN, `complaint`
    a row of the complaints, `stay` the minutes from arrival to departure. `admitted` attendances are followed by a spell, those
    `in_name` are only said to be."""

    person: np.ndarray
    day: np.ndarray
    minute: np.ndarray
    provider: np.ndarray
    practice: np.ndarray
    area: np.ndarray
    sex: np.ndarray
    birth_day: np.ndarray
    age: np.ndarray
    department: np.ndarray
    complaint: np.ndarray
    again: np.ndarray
    admitted: np.ndarray
    in_name: np.ndarray
    stay: np.ndarray


def attendances(
    rng: np.random.Generator, people: People, patch: Patch, effects: Effects, spells: Spells, dead: np.ndarray, month: int
) -> Iterator[Attendances]:
    """The attendances of a patch in the month of that position: those that led to its spells, then the others. `dead` is by place."""
    yield _admitted(rng, people, effects, spells, month)
    first, end = people.month_first_day[month], people.month_first_day[month + 1]
    alive = patch.alive(people, month)
    expected = alive * _CEILING * ATTENDANCE.factor(first, people.reference_day) * ATTENDANCE.years(np.arange(first, end))
    yield _others(rng, people, patch, effects, dead, month, rng.poisson(expected), alive)


def _admitted(rng: np.random.Generator, people: People, effects: Effects, spells: Spells, month: int) -> Attendances:
    """Most that were admitted by method 21 came the same day, few the day before, within the month."""
    via = (spells.method == METHODS.index("21")) & (spells.kind != TRANSFER) & (rng.random(len(spells)) < _VIA_DEPARTMENT)
    those = spells.take(via)
    late = (rng.random(len(those)) < 0.06) & (those.admitted > people.month_first_day[month]) & (those.age > 0)
    department = np.where(rng.random(len(those)) < 0.02, SINGLE, MAJOR)
    minute = np.where(late, 1_200 + np.floor(rng.random(len(those)) * 240).astype(np.int64), _minutes_of_day(rng, len(those)))
    nothing = np.zeros(len(those), dtype=bool)
    return Attendances(
        person=those.person, day=those.admitted - late, minute=minute, provider=those.provider, practice=those.practice,
        area=those.area, sex=those.sex, birth_day=those.birth_day, age=those.age, department=department,
        complaint=_complaint(rng, those.age, department), again=nothing, admitted=~nothing, in_name=nothing,
        stay=_stay(rng, effects, those.provider, np.zeros(len(those), dtype=np.int64)),
    )  # fmt: skip


def _others(
    rng: np.random.Generator, people: People, patch: Patch, effects: Effects, dead: np.ndarray, month: int, candidates: int, alive: int
) -> Attendances:
    first, end = people.month_first_day[month], people.month_first_day[month + 1]
    place = np.floor(rng.random(candidates) * alive).astype(np.int64)
    person = patch.person(place)
    days = np.arange(first, end)
    weight = ATTENDANCE.weights(days)
    day = days[np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(candidates), side="right").clip(max=len(days) - 1)]
    keen = np.where(share(person, seed=people.seed, salt=61) < _KEEN_SHARE, _KEEN, _OTHERS)
    # thinned twice, so that only those who may come are looked at closely
    kept = (rng.random(candidates) < keen / _KEEN) & ~dead[place]
    person, day = person[kept], day[kept]
    seen = people.seen(person)
    age = age_at(seen.birth_day, day)
    rate = _RATE[np.searchsorted(_BAND_STARTS, age, side="right")]
    rate = rate * (1 + _DEPRIVATION_STEP * (5.5 - people.organisations.area_decile[seen.area]))
    comes = (rng.random(len(person)) < rate / _CEILING * _KEEN) & (seen.birth_day <= day)
    once = _once(rng, people, effects, person[comes], day[comes], seen.take(comes))
    return joined([once, _once_more(rng, effects, once, int(end))])


def _once(rng: np.random.Generator, people: People, effects: Effects, person: np.ndarray, day: np.ndarray, seen: Seen) -> Attendances:
    rows, age = len(person), age_at(seen.birth_day, day)
    provider = choose_provider(rng.random(rows), people, seen.practice)
    department = np.searchsorted(np.cumsum(_DEPARTMENT_SHARE), rng.random(rows), side="right").clip(max=WALK_IN)
    in_name = (department == MAJOR) & (rng.random(rows) < effects.admitted_in_name[provider])
    kind = np.where(in_name, 0, np.where(department <= SINGLE, 1, 2))
    return Attendances(
        person=person, day=day, minute=_minutes_of_day(rng, rows), provider=provider, practice=seen.practice, area=seen.area,
        sex=seen.sex, birth_day=seen.birth_day, age=age, department=department, complaint=_complaint(rng, age, department),
        again=np.zeros(rows, dtype=bool), admitted=np.zeros(rows, dtype=bool), in_name=in_name,
        stay=_stay(rng, effects, provider, kind),
    )  # fmt: skip


def _once_more(rng: np.random.Generator, effects: Effects, once: Attendances, end: int) -> Attendances:
    """Those of the attendances that are followed by another within a week, which is before the end of the month."""
    back = once.take((rng.random(len(once)) < _AGAIN) & ~once.in_name)
    day = back.day + 1 + np.floor(rng.random(len(back)) * 7).astype(np.int64)
    kind = np.where(back.department <= SINGLE, 1, 2)
    changes = {
        "day": day, "minute": _minutes_of_day(rng, len(back)), "again": np.ones(len(back), dtype=bool),
        "stay": _stay(rng, effects, back.provider, kind),
    }  # fmt: skip
    return Attendances(**(vars(back) | changes)).take(day < end)


def _minutes_of_day(rng: np.random.Generator, rows: int) -> np.ndarray:
    hour = np.searchsorted(np.cumsum(_HOURS) / sum(_HOURS), rng.random(rows), side="right").clip(max=23)
    return hour * 60 + np.floor(rng.random(rows) * 60).astype(np.int64)


def _complaint(rng: np.random.Generator, age: np.ndarray, department: np.ndarray) -> np.ndarray:
    draw, group = rng.random(len(age)), age_class(age) * 2 + (department >= MINOR)
    chosen = np.zeros(len(age), dtype=np.int64)
    for each in np.unique(group):
        members = group == each
        cumulative = complaints().cumulative(int(each) // 2, bool(each % 2))
        chosen[members] = np.searchsorted(cumulative, draw[members], side="right").clip(max=len(cumulative) - 1)
    return chosen


def _stay(rng: np.random.Generator, effects: Effects, provider: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Minutes from arrival to departure; `kind` is 0 admitted, 1 other at a major department, 2 elsewhere. Who would leave soon after
    four hours is mostly sent off just before, as departments held to a four-hour standard do."""
    rows = len(kind)
    breaches = rng.random(rows) < shifted(np.array(SHARE_BREACHING)[kind], effects.four_hour_shift[provider])
    median, spread = np.array([205.0, 145.0, 70.0])[kind], np.array([0.35, 0.55, 0.6])[kind]
    within = np.clip(median * np.exp(spread * rng.standard_normal(rows)), 6, 2 * FOUR_HOURS)
    piled = FOUR_HOURS - np.floor(rng.exponential(9, rows))
    within = np.where(within > FOUR_HOURS - 12, np.maximum(piled, 180), within)
    beyond = FOUR_HOURS + 1 + rng.exponential(np.array([260.0, 120.0, 60.0])[kind])
    return np.where(breaches, np.minimum(beyond, 2_400), within).astype(np.int64)
