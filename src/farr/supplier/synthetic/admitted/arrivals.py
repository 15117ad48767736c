"""Who comes to hospital in a month, on which day and what for."""

from dataclasses import dataclass

import numpy as np

from farr.supplier.synthetic.admitted.casemix import BIRTH, ELECTIVE, EMERGENCY, MATERNITY, REGULAR, STREAMS, casemix
from farr.supplier.synthetic.calendar import rhythms
from farr.supplier.synthetic.calendar.days import YEAR, age_at
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.people import People, Seen
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.rows import Rows, joined

FIRST, READMISSION, TRANSFER = 0, 1, 2
_BAND_STARTS = np.array([1, 5, 15, 25, 45, 65, 75, 85])

# Admissions per person and year of an average person, by age from 0, 1, 5, 15, 25, 45, 65, 75 and 85, men then women. Invented,
# of the size and shape of Hospital Episode Statistics; regular attenders are courses of four attendances.
_RATES = {
    EMERGENCY: ((0.40, 0.12, 0.05, 0.055, 0.06, 0.085, 0.16, 0.29, 0.50), (0.34, 0.10, 0.045, 0.08, 0.08, 0.08, 0.145, 0.26, 0.46)),
    ELECTIVE: ((0.04, 0.035, 0.025, 0.04, 0.07, 0.15, 0.28, 0.33, 0.24), (0.03, 0.025, 0.02, 0.05, 0.095, 0.16, 0.26, 0.29, 0.19)),
    MATERNITY: ((0.0,) * 9, (0.0, 0.0, 0.0, 0.055, 0.09, 0.0, 0.0, 0.0, 0.0)),
    REGULAR: ((0.0, 0.0, 0.0, 0.0005, 0.0015, 0.006, 0.012, 0.011, 0.003), (0.0, 0.0, 0.0, 0.0005, 0.002, 0.007, 0.011, 0.009, 0.002)),
}
_COURSE = 4
_DEPRIVATION_STEP = 0.022  # of the emergency rate, per decile from the middle
_RHYTHMS = {
    EMERGENCY: rhythms.EMERGENCY, ELECTIVE: rhythms.ELECTIVE, MATERNITY: rhythms.MATERNITY, REGULAR: rhythms.REGULAR,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Arrivals(Rows):
    """Admissions before it is known how they end. `day` is days since 1970, `pathway` a row of the casemix, `kind` one of FIRST,
    READMISSION and TRANSFER."""

    person: np.ndarray
    day: np.ndarray
    pathway: np.ndarray
    provider: np.ndarray
    kind: np.ndarray


def new_arrivals(rng: np.random.Generator, people: People, patch: Patch, effects: Effects, month: int) -> Arrivals:
    """Admissions of a patch in the month of that position that follow from no earlier one. Those of a course may fall in the next month."""
    return joined([_stream(rng, people, patch, effects, month, stream) for stream in STREAMS])


def _stream(rng: np.random.Generator, people: People, patch: Patch, effects: Effects, month: int, stream: str) -> Arrivals:
    if stream == BIRTH:
        person = patch.newborn(people, month)
        seen = people.seen(person)
        return _arrivals(rng, people, effects, stream, person, seen.birth_day, seen)
    expected = _expected(people, effects, month, stream)[patch.practices]
    person, day = _drawn(rng, people, month, stream, patch.practices, expected)
    seen = people.seen(person)
    kept = rng.random(len(person)) * _ceiling(stream) < _rate(stream, people, seen, day)
    return _arrivals(rng, people, effects, stream, person[kept], day[kept], seen.take(kept))


def _arrivals(
    rng: np.random.Generator, people: People, effects: Effects, stream: str, person: np.ndarray, day: np.ndarray, seen: Seen
) -> Arrivals:
    pathway = choose_pathway(rng, stream, age_at(seen.birth_day, day), seen.sex)
    if stream == EMERGENCY:
        pathway = _more_sensitive(rng, people, effects, seen, age_at(seen.birth_day, day), pathway)
    provider = choose_provider(rng.random(len(person)), people, seen.practice)
    centre = people.organisations.cardiac_centre[provider]
    provider = np.where(casemix().is_bypass[pathway], centre, provider).astype(np.int16)
    arrivals = Arrivals(person=person, day=day, pathway=pathway, provider=provider, kind=np.zeros(len(person), dtype=np.int8))
    return _courses(arrivals) if stream == REGULAR else arrivals


def _expected(people: People, effects: Effects, month: int, stream: str) -> np.ndarray:
    """Candidates to be drawn at each practice, at the highest rate that anyone has; thinning then makes the rates right."""
    world = people.organisations
    first, end = people.month_first_day[month], people.month_first_day[month + 1]
    factor = _RHYTHMS[stream].factor(first, people.reference_day)
    expected = world.practice_size * _ceiling(stream) * factor * (end - first) / YEAR
    if stream == EMERGENCY:
        expected = expected * effects.practice_emergency * effects.commissioner_emergency[world.practice_commissioner]
    return expected


def _drawn(
    rng: np.random.Generator, people: People, month: int, stream: str, practices: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Candidates at some practices, and a day of the month for each."""
    world = people.organisations
    practice = np.repeat(practices, rng.poisson(expected))
    person = world.first_person[practice] + np.floor(rng.random(len(practice)) * world.practice_size[practice]).astype(np.int64)
    days = np.arange(people.month_first_day[month], people.month_first_day[month + 1])
    weight = _RHYTHMS[stream].weights(days)
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(len(person)), side="right")
    return person, days[place.clip(max=len(days) - 1)]


def _ceiling(stream: str) -> float:
    frailest = 2.6 if stream == EMERGENCY else 1.0
    return max(max(row) for row in _RATES[stream]) * frailest * (1 + 4.5 * _DEPRIVATION_STEP)


def _rate(stream: str, people: People, seen: Seen, day: np.ndarray) -> np.ndarray:
    table = np.array(_RATES[stream])
    band = np.searchsorted(_BAND_STARTS, age_at(seen.birth_day, day), side="right")
    rate = table[seen.sex - 1, band]
    if stream == EMERGENCY:
        decile = people.organisations.area_decile[seen.area]
        rate = rate * seen.frailty * (1 + _DEPRIVATION_STEP * (5.5 - decile))
    return rate


def age_class(age: np.ndarray) -> np.ndarray:
    """0 under 16, 1 from 16, 2 from 65: the columns of the casemix's `ages`."""
    return np.searchsorted(np.array([16, 65]), age, side="right")


def choose_pathway(
    rng: np.random.Generator, stream: str, age: np.ndarray, sex: np.ndarray, *, among: np.ndarray | None = None
) -> np.ndarray:
    """A row of the casemix for each person, by stream, age class and sex; only from the rows of the mask, where one is given."""
    draw, group = rng.random(len(age)), age_class(age) * 2 + sex - 1
    chosen = np.zeros(len(age), dtype=np.int16)
    for each in np.unique(group):
        members = group == each
        cumulative = casemix().cumulative(stream, int(each) // 2, int(each) % 2 + 1, among=among)
        chosen[members] = np.searchsorted(cumulative, draw[members], side="right").clip(max=len(cumulative) - 1)
    return chosen


def _more_sensitive(
    rng: np.random.Generator, people: People, effects: Effects, seen: Seen, age: np.ndarray, pathway: np.ndarray
) -> np.ndarray:
    """The pathways, some of them exchanged for ambulatory-care-sensitive ones where the commissioner has more of these."""
    share = effects.commissioner_sensitive[people.organisations.practice_commissioner[seen.practice]]
    exchanged = rng.random(len(pathway)) < share
    pathway = pathway.copy()
    pathway[exchanged] = choose_pathway(rng, EMERGENCY, age[exchanged], seen.sex[exchanged], among=casemix().is_sensitive)
    return pathway


def choose_provider(draw: np.ndarray, people: People, practice: np.ndarray) -> np.ndarray:
    """A provider for each person, in the shares in which their commissioner's people go to providers; `draw` is from [0, 1)."""
    world = people.organisations
    commissioner = world.practice_commissioner[practice]
    shares = np.cumsum(world.flows, axis=1)
    ladder = (shares / shares[:, -1:] + np.arange(len(shares))[:, None]).ravel()
    place = np.searchsorted(ladder, commissioner + draw, side="right")
    return np.minimum(place - commissioner * shares.shape[1], shares.shape[1] - 1).astype(np.int16)


def _courses(first: Arrivals) -> Arrivals:
    weeks = [Arrivals(**{**vars(first), "day": first.day + 7 * week}) for week in range(_COURSE)]
    return joined(weeks)


def yearly_rates(stream: str) -> np.ndarray:
    """Admissions of a stream (attendances of regular attenders) per person and year, by sex (men first) and band 00-04 to 95+. That some
    are frail, or live where people are poorer, is left out: both are about even over many people. Shape (2, 20)."""
    ages = np.arange(100)
    by_age = np.array(_RATES[stream])[:, np.searchsorted(_BAND_STARTS, ages, side="right")]
    return by_age.reshape(2, 20, 5).mean(axis=2) * (_COURSE if stream == REGULAR else 1)
