"""Mitigation: what might be done so that less activity, or shorter stays, are needed; declared with its evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

import numpy as np

from farr.lab.model.discover import discover
from farr.lab.planning.projection.cells import Baseline, Cells, Flags
from farr.lab.planning.projection.uncertain import Floats, ProjectionError, Uncertain, standard_normal

_MOST = 0.999  # a logarithm of what is left must exist


class Effect(Enum):
    """What becomes of the activity that is mitigated."""

    AVOIDED = "avoided"  # it is not needed
    MOVED = "moved"  # it takes place at another point of delivery
    SHORTENED = "shortened"  # it takes fewer bed days


@dataclass(frozen=True, kw_only=True)
class Mitigation:
    """Of the activity for which `applies` holds, the part that the released share named `share` says (None: all of it) is mitigated by
    `strength`: 0.1 is a tenth of that part. It begins after `starts` years and is whole after `full` years, by equal steps between. `to` is
    where moved activity goes. `evidence` is what the range rests on; `unverified` says what of it does not rest on a publication."""

    name: str = ""
    title: str
    why: str
    applies: Callable[[Cells], Flags]
    population: str
    effect: Effect
    strength: Uncertain
    evidence: str
    unverified: str | None
    share: str | None = None
    to: str | None = None
    starts: int = 0
    full: int = 5
    signed_off_by: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.strength.low <= self.strength.high < 1:
            raise ProjectionError(f"the strength of '{self.title}' is a share from 0 to less than 1")
        if (self.effect is Effect.MOVED) != (self.to is not None):
            raise ProjectionError(f"'{self.title}': what is moved, and only that, says where it goes")
        if not 0 <= self.starts < self.full:
            raise ProjectionError(f"'{self.title}' begins before it is whole")

    def left(self, baseline: Baseline, year: int, seed: int, runs: int) -> Floats:
        """The share of activity (of bed days, where stays are shortened) that is left in a year: shape (cells, runs)."""
        drawn = self.strength.of(standard_normal(seed, f"mitigation {self.name}", runs), least=0.0, most=_MOST)
        phase = min(1.0, max(0.0, (year - self.starts) / (self.full - self.starts)))
        part = np.where(self.applies(baseline.cells), self._shares(baseline), 0.0)
        return 1.0 - part[:, None] * phase * drawn[None, :]

    def _shares(self, baseline: Baseline) -> Floats:
        if self.share is None:
            return np.ones(len(baseline.cells))
        held = baseline.shares.get(self.share, {})
        return np.array([held.get(pod, 0.0) for pod in baseline.cells.point_of_delivery.tolist()], dtype=np.float64)


@cache
def declared() -> Mapping[str, Mitigation]:
    return discover("farr.lab.planning.mitigations", Mitigation)


def chosen(names: Sequence[str]) -> tuple[Mitigation, ...]:
    """The declared mitigations of these names, each once. Raises ProjectionError."""
    unknown = [name for name in names if name not in declared()]
    if unknown:
        raise ProjectionError(f"there is no mitigation '{unknown[0]}'; type: farr mitigations. Known: {', '.join(declared())}")
    return tuple(declared()[name] for name in dict.fromkeys(names))
