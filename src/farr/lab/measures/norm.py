"""What a norm is: the organisations, or the past, that one organisation is compared with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics import quantile_group
from farr.lab.model.dimension import as_is
from farr.lab.model.errors import FarrError
from farr.lab.model.table import TableDeclaration

Members = npt.NDArray[np.bool_]


class NormError(FarrError):
    """This norm cannot be made for this organisation; the message says why."""


@dataclass(frozen=True, kw_only=True)
class PeerDefinition:
    """Which features (columns of `table`, whose first column is the code) make organisations of a level similar, their weights, how many
    peers are taken unless the user says, and who says so. `is_verified`: features and weights were read at their source."""

    name: str = ""
    title: str
    version: str
    source: str
    level: str
    table: TableDeclaration
    weights: tuple[tuple[str, float], ...]
    count: int
    is_verified: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is published about organisations of the level compared, and what the user chose. All but `count` empty where not loaded.

    `features`: column name to value, by code, of the level's feature table; `lists`: list name, then organisation, to the peers
    that a published or agreed list gives it (peer_list); `deprivation`: tenth by code, 1 the most deprived (see `tenths`);
    `peers`: codes given by the user, or the one name of a list; `count`: how many similar organisations, None as the definition says.
    """

    features: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    lists: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict[str, Mapping[str, tuple[str, ...]]])
    deprivation: Mapping[str, int] = field(default_factory=dict[str, int])
    peers: tuple[str, ...] = ()
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Peers:
    """What a norm chooses from. `codes`: the organisations of one level; `region`: each one's parent region, "" where unknown;
    `selected`: index of the one compared."""

    level: str
    codes: tuple[str, ...]
    region: tuple[str, ...]
    selected: int
    facts: Facts = field(default_factory=Facts)

    @property
    def code(self) -> str:
        """Of the organisation compared."""
        return self.codes[self.selected]

    def those(self, codes: set[str]) -> Members:
        """Which of the organisations bear one of these codes."""
        return np.array([each in codes for each in self.codes], dtype=bool)


@dataclass(frozen=True, kw_only=True)
class Norm:
    """A norm. `members` gives a boolean array over `Peers.codes` and raises NormError; `levels` those where it can be made.

    `groups`: quantile groups it draws attention to, None for none. `total`: which total of the session is the norm's value
    ("national", or "parent": the region the organisation falls in); None where it is pooled from the members whose figures are
    shown. `best`: pooled from so many of these that are best by the measure's direction. `months_back`: the norm is each
    organisation's own figure so many months earlier. `tables`: names of reference tables it needs; `options`: what the user may
    give with it ("peers", "count").
    """

    name: str = ""
    title: str
    why: str
    definition: str
    source: str
    levels: tuple[str, ...]
    members: Callable[[Peers], Members]
    groups: int | None = None
    total: str | None = None
    best: int | None = None
    months_back: int | None = None
    tables: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def is_made_at(self, level: str) -> bool:
        """Whether it can be made at a level; of organisations as they were where it can of those that they are now."""
        return as_is(level) in self.levels


def everyone(peers: Peers) -> Members:
    """All organisations of the level, the selected one included."""
    return np.ones(len(peers.codes), dtype=bool)


def tenths(scores: Mapping[str, float]) -> dict[str, int]:
    """Tenths of deprivation by code where none is published: 1 holds the highest scores. Empty for fewer than ten areas."""
    codes = [code for code, score in scores.items() if not np.isnan(score)]
    groups = quantile_group([-scores[code] for code in codes], 10)
    return {code: int(group) for code, group in zip(codes, groups, strict=True) if not np.isnan(group)}
