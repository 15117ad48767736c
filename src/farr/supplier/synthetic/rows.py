"""Columns of equal length, held together: the shape in which arrivals and spells move between steps."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

RowsT = TypeVar("RowsT", bound="Rows")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A table of arrays, one entry a row. Subclasses name the columns."""

    def __len__(self) -> int:
        return len(next(iter(vars(self).values())))

    def take(self: RowsT, which: np.ndarray) -> RowsT:
        """The rows of a mask or of positions."""
        return type(self)(**{name: column[which] for name, column in vars(self).items()})


def joined(parts: list[RowsT]) -> RowsT:
    """The rows of all parts, in order; at least one part must be given."""
    names = vars(parts[0])
    return type(parts[0])(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
