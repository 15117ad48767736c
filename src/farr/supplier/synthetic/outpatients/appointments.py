"""Who has an outpatient appointment in a month, at which clinic, and whether they came."""

from dataclasses import dataclass

import numpy as np

from farr.supplier.synthetic.admitted.arrivals import age_class, choose_provider
from farr.supplier.synthetic.calendar.days import age_at
from farr.supplier.synthetic.calendar.rhythms import APPOINTMENT
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.outpatients.clinics import clinics
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.people import People, Seen
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.rows import Rows

# Attendance_Status (NHS Data Model and Dictionary): attended, attended late and seen, did not attend, late and not seen,
# cancelled by the patient, cancelled by the provider
STATUSES = ["5", "6", "3", "7", "2", "4"]
_SEEN_UP_TO = 1
# First_Attendance: first, follow-up, the same by telephone or telemedicine, administrative event
KINDS = ["1", "2", "3", "4", "5"]
# Appointments per person and year, by age from 0, 1, 5, 15, 25, 45, 65, 75 and 85, men then women; invented, of about the size of
# Hospital Episode Statistics.
_RATE = np.array(((1.9, 1.0, 0.9, 0.9, 1.1, 2.0, 3.6, 4.6, 3.8), (1.7, 0.9, 0.9, 1.3, 2.3, 2.4, 3.6, 4.2, 3.2)))
_BAND_STARTS = np.array([1, 5, 15, 25, 45, 65, 75, 85])
_KEEN_SHARE, _KEEN, _OTHERS = 0.3, 2.4, 0.4  # some people are under a hospital's care, others seldom; on average one
_CEILING = float(_RATE.max()) * _KEEN
_FIRST_CLINIC = 0.75  # of a person's appointments are at their first clinic, the others at their second
_REMOTE, _ADMINISTRATIVE = 0.19, 0.004
_NOT_ATTENDED, _LATE_SEEN, _LATE_UNSEEN, _BY_PATIENT, _BY_PROVIDER = 0.072, 0.015, 0.003, 0.068, 0.062
_DEPRIVATION_STEP = 0.06  # of the share that does not attend, per decile from the middle


@dataclass(frozen=True, kw_only=True)
class Appointments(Rows):
    """Appointments. `clinic` is a row of the clinics, `kind` and `status` positions in KINDS and STATUSES."""

    person: np.ndarray
    day: np.ndarray
    provider: np.ndarray
    practice: np.ndarray
    area: np.ndarray
    sex: np.ndarray
    birth_day: np.ndarray
    clinic: np.ndarray
    kind: np.ndarray
    status: np.ndarray

    @property
    def attended(self) -> np.ndarray:
        return self.status <= _SEEN_UP_TO

    @property
    def first(self) -> np.ndarray:
        return (self.kind == KINDS.index("1")) | (self.kind == KINDS.index("3"))

    @property
    def remote(self) -> np.ndarray:
        return (self.kind == KINDS.index("3")) | (self.kind == KINDS.index("4"))


def appointments(rng: np.random.Generator, people: People, patch: Patch, effects: Effects, dead: np.ndarray, month: int) -> Appointments:
    """The appointments of a patch in the month of that position; `dead` is by place."""
    first, end = people.month_first_day[month], people.month_first_day[month + 1]
    days = np.arange(first, end)
    alive = patch.alive(people, month)
    candidates = rng.poisson(alive * _CEILING * APPOINTMENT.factor(first, people.reference_day) * APPOINTMENT.years(days))
    place = np.floor(rng.random(candidates) * alive).astype(np.int64)
    return _drawn(rng, people, effects, patch.person(place), dead[place], days, APPOINTMENT.weights(days))


def _drawn(
    rng: np.random.Generator, people: People, effects: Effects, person: np.ndarray, dead: np.ndarray, days: np.ndarray, weight: np.ndarray
) -> Appointments:
    # thinned twice, so that only those who may come are looked at closely
    keen = np.where(share(person, seed=people.seed, salt=71) < _KEEN_SHARE, _KEEN, _OTHERS)
    person = person[(rng.random(len(person)) < keen / _KEEN) & ~dead]
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(len(person)), side="right")
    day, seen = days[place.clip(max=len(days) - 1)], people.seen(person)
    age = age_at(seen.birth_day, day)
    rate = _RATE[seen.sex - 1, np.searchsorted(_BAND_STARTS, age, side="right")]
    comes = (rng.random(len(person)) < rate / _RATE.max()) & (seen.birth_day <= day)
    return _appointed(rng, people, effects, person[comes], day[comes], age[comes], seen.take(comes))


def _appointed(
    rng: np.random.Generator, people: People, effects: Effects, person: np.ndarray, day: np.ndarray, age: np.ndarray, seen: Seen
) -> Appointments:
    second = (rng.random(len(person)) >= _FIRST_CLINIC).astype(np.int64)
    clinic = _clinic(people, person, age, seen.sex, second)
    steady = np.where(second == 1, share(person, seed=people.seed, salt=75), share(person, seed=people.seed, salt=74))
    provider = choose_provider(steady, people, seen.practice)
    return Appointments(
        person=person, day=day, provider=provider, practice=seen.practice, area=seen.area, sex=seen.sex, birth_day=seen.birth_day,
        clinic=clinic, kind=_kind(rng, effects, clinic, provider),
        status=_status(rng, effects, clinic, provider, people.organisations.area_decile[seen.area]),
    )  # fmt: skip


def _clinic(people: People, person: np.ndarray, age: np.ndarray, sex: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A person's own clinics, so that they come back to the same; the second is another draw."""
    draw = np.where(second == 1, share(person, seed=people.seed, salt=73), share(person, seed=people.seed, salt=72))
    group, chosen = age_class(age) * 2 + sex - 1, np.zeros(len(person), dtype=np.int64)
    for each in np.unique(group):
        members = group == each
        cumulative = clinics().cumulative(int(each) // 2, int(each) % 2 + 1)
        chosen[members] = np.searchsorted(cumulative, draw[members], side="right").clip(max=len(cumulative) - 1)
    return chosen


def _kind(rng: np.random.Generator, effects: Effects, clinic: np.ndarray, provider: np.ndarray) -> np.ndarray:
    draw = rng.random((3, len(clinic)))
    follow_ups = clinics().follow_ups[clinic] * effects.follow_up[provider]
    again = (draw[0] >= 1 / (1 + follow_ups)).astype(np.int64)
    remote = (draw[1] < _REMOTE) & (clinics().procedure_share[clinic] < 0.2)
    return np.where(draw[2] < _ADMINISTRATIVE, KINDS.index("5"), again + 2 * remote)


def _status(rng: np.random.Generator, effects: Effects, clinic: np.ndarray, provider: np.ndarray, decile: np.ndarray) -> np.ndarray:
    missed = _NOT_ATTENDED * clinics().missed[clinic] * effects.not_attending[provider] * (1 + _DEPRIVATION_STEP * (5.5 - decile))
    late = np.full(len(clinic), _LATE_SEEN)
    ladder = np.cumsum([late, missed, late * 0 + _LATE_UNSEEN, late * 0 + _BY_PATIENT, late * 0 + _BY_PROVIDER], axis=0)
    draw = rng.random(len(clinic))
    return np.select([draw < each for each in ladder], range(1, len(STATUSES)), 0)
