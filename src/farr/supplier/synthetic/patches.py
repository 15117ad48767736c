"""Patches: neighbouring practices with about a million people, made one apart from the other, so that memory follows the patch and not the
country. Nobody moves between patches, so that what a patch must remember is its own."""

from dataclasses import dataclass, field

import numpy as np

from farr.supplier.synthetic.people import People

PEOPLE_A_PATCH = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Patch:
    """Practices (indices) with the people from `first` up to `end`, and `born`, in order, those born there in the months generated.

    Within a patch a person has a place: those alive at the start come first, then the newborn by date."""

    number: int
    practices: np.ndarray = field(repr=False)
    first: int
    end: int
    born: np.ndarray = field(repr=False)

    @property
    def count(self) -> int:
        return self.end - self.first + len(self.born)

    def newborn(self, people: People, month: int) -> np.ndarray:
        """The people born here in the month of that position."""
        return self.born[slice(*np.searchsorted(self.born, people.first_born(month) + np.array([0, people.births_a_month])))]

    def alive(self, people: People, month: int) -> int:
        """How many have been born by the first day of the month of that position; they have the places up to it."""
        return self.end - self.first + int(np.searchsorted(self.born, people.first_born(month)))

    def person(self, place: np.ndarray) -> np.ndarray:
        """The people in those places."""
        at_start = self.end - self.first
        if not len(self.born):
            return place + self.first
        return np.where(place < at_start, place + self.first, self.born[np.maximum(place - at_start, 0)])

    def place(self, person: np.ndarray) -> np.ndarray:
        """The places of people who all belong here."""
        return np.where(person < self.end, person - self.first, self.end - self.first + np.searchsorted(self.born, person))


def patches(people: People) -> list[Patch]:
    """All patches, in order. They follow from the people alone, whatever is made of them and on how many cores."""
    world = people.organisations
    of_practice = world.first_person[:-1] // PEOPLE_A_PATCH
    born = np.arange(world.people, people.count, dtype=np.int64)
    of_born = of_practice[people.practice(born)]
    made = []
    for number, block in enumerate(np.unique(of_practice)):
        practices = np.flatnonzero(of_practice == block)
        first, end = int(world.first_person[practices[0]]), int(world.first_person[practices[-1] + 1])
        made.append(Patch(number=number, practices=practices, first=first, end=end, born=born[of_born == block]))
    return made
