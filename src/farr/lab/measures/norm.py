"""What a norm is: the organisations that one is compared with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.model.errors import FarrError


class NormError(FarrError):
    """This norm cannot be made for this organisation; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Peers:
    """What a norm chooses from. `codes`: the organisations of one level; `region`: each one's parent region, "" where unknown;
    `selected`: index of the one compared; `feature_codes`, `features`: commissioner_feature as published, shapes (n,) and
    (n, features), in the order of that table's columns; None where it was not loaded."""

    codes: tuple[str, ...]
    region: tuple[str, ...]
    selected: int
    feature_codes: tuple[str, ...] | None = None
    features: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True, kw_only=True)
class Norm:
    """A norm. `members` gives a boolean array over `Peers.codes` and raises NormError; `groups` is the number of quantile
    groups that the norm draws attention to, None for none; `levels` those where it can be made. `total` says which total of the
    session is the norm's value ("national", or "parent": the region the organisation falls in); None where it is pooled from
    the members whose figures are shown."""

    name: str = ""
    title: str
    why: str
    definition: str
    source: str
    levels: tuple[str, ...]
    members: Callable[[Peers], npt.NDArray[np.bool_]]
    groups: int | None = None
    total: str | None = None


def everyone(peers: Peers) -> npt.NDArray[np.bool_]:
    """All organisations of the level, the selected one included."""
    return np.ones(len(peers.codes), dtype=bool)
