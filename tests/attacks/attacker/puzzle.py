"""The attacker's own arithmetic: figures with ranges, sums between them, and what that leaves of one figure. Nothing of Farr's."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix

HIGHEST = 1e8
NEAR = 1e-5


@dataclass
class Puzzle:
    """`low` and `high` by unknown; `sums` are (total, parts): the total's figure is that of its parts together."""

    low: dict[Any, float]
    high: dict[Any, float]
    sums: list[tuple[Any, tuple[Any, ...]]]
    place: dict[Any, int] = field(init=False)

    def __post_init__(self) -> None:
        self.place = {key: at for at, key in enumerate(self.low)}

    def matrix(self) -> csr_matrix:
        entries = [
            (line, key, sign) for line, (total, parts) in enumerate(self.sums) for key, sign in [(total, -1), *((p, 1) for p in parts)]
        ]
        lines, keys, signs = zip(*entries, strict=True)
        return coo_matrix((signs, (lines, [self.place[key] for key in keys])), shape=(len(self.sums), len(self.place))).tocsr()

    def bounds(self) -> Any:
        return np.array([(self.low[key], min(self.high[key], HIGHEST)) for key in self.place], dtype=float)

    def real(self, keys: Any) -> dict[Any, tuple[float, float]]:
        """The least and greatest real value of each unknown of `keys`."""
        matrix, bounds, nought = self.matrix(), self.bounds(), np.zeros(len(self.sums))
        return {key: tuple(self._end(matrix, bounds, nought, key, sign) for sign in (1, -1)) for key in keys}

    def _end(self, matrix: Any, bounds: Any, nought: Any, key: Any, sign: int) -> float:
        cost = np.zeros(len(self.place))
        cost[self.place[key]] = sign
        found = linprog(cost, A_eq=matrix, b_eq=nought, bounds=bounds, method="highs")
        assert found.status == 0, f"the attacker's own program failed: {found.message}"
        return sign * found.fun

    def whole(self, keys: Any, seconds: float = 5.0) -> dict[Any, tuple[float, float]]:
        """The least and greatest whole value of each; those that take too long are left out."""
        matrix, bounds, found = self.matrix(), self.bounds(), {}
        for key in keys:
            ends = [self._whole_end(matrix, bounds, key, sign, seconds) for sign in (1, -1)]
            if None not in ends:
                found[key] = (ends[0], ends[1])
        return found

    def _whole_end(self, matrix: Any, bounds: Any, key: Any, sign: int, seconds: float) -> float | None:
        cost = np.zeros(len(self.place))
        cost[self.place[key]] = sign
        done = milp(
            cost,
            constraints=LinearConstraint(matrix, 0, 0),
            bounds=Bounds(bounds[:, 0], bounds[:, 1]),
            integrality=np.ones(len(cost)),
            options={"time_limit": seconds},
        )
        return sign * round(done.fun) if done.status == 0 else None


def propagated(puzzle: Puzzle, rounds: int = 30) -> dict[Any, tuple[float, float]]:
    """What plain subtraction leaves of each unknown, over and over: no solver at all."""
    low, high = dict(puzzle.low), dict(puzzle.high)
    for _ in range(rounds):
        before = (dict(low), dict(high))
        for total, parts in puzzle.sums:
            least, most = sum(low[part] for part in parts), sum(high[part] for part in parts)
            low[total], high[total] = max(low[total], least), min(high[total], most)
            for part in parts:
                low[part] = max(low[part], low[total] - (sum(high[other] for other in parts if other != part)))
                high[part] = min(high[part], high[total] - (sum(low[other] for other in parts if other != part)))
        if before == (low, high):
            break
    return {key: (low[key], high[key]) for key in low}
