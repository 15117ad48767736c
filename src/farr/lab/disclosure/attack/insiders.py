"""Insiders: what those who contribute to figures know of them, and outsiders do not. A row holds no less than one's own part of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

# Against whom a figure is protected. A number of nought or more: against everybody but the person with that number.
OUTSIDERS, ANYBODY = -2, -1
_NEAR = 1e-5


@dataclass(frozen=True, kw_only=True, eq=False)
class Insiders:
    """Of each figure, shape (figures,): `first`, the least that it holds to whoever contributes most to it; `second`, the least to anybody
    else; -inf of figures of which no contribution is known. `whose` numbers the persons who contribute most, each figure by itself but for
    those of which it is sure that it is the same one; -1 where there is none.

    All are taken to tell each other what they know, so that one person with parts in several rows is among them."""

    first: Any
    second: Any
    whose: Any

    def least(self, against: int) -> Any:
        """The least that each figure holds to them, shape (figures,): to all, or to all but the one with the number `against`."""
        if against == OUTSIDERS:
            return np.full(len(self.first), -np.inf)
        found = self.first.copy()
        if against >= 0:
            mine = self.whose == against
            found[mine] = self.second[mine]
        return found

    def among(self, figures: Any) -> "Insiders":
        """Of these figures alone, numbers."""
        return Insiders(first=self.first[figures], second=self.second[figures], whose=self.whose[figures])

    def beside(self, extra: int) -> "Insiders":
        """With so many figures behind them of which no contribution is known."""
        nothing = np.full(extra, -np.inf)
        return Insiders(
            first=np.append(self.first, nothing), second=np.append(self.second, nothing), whose=np.append(self.whose, np.full(extra, -1))
        )

    def possible_to(self, point: Any) -> int:
        """To whom a point, shape (figures,), may be the truth: to ANYBODY, to all but one person, or to OUTSIDERS alone."""
        known_false = point < self.first - _NEAR
        if not known_false.any():
            return ANYBODY
        persons = np.unique(self.whose[known_false])
        only_one = len(persons) == 1 and persons[0] >= 0 and not np.any(point < self.least(int(persons[0])) - _NEAR)
        return int(persons[0]) if only_one else OUTSIDERS
