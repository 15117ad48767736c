"""Sealed: a result that has not passed the gate. It shows its name and nothing else."""

from dataclasses import dataclass
from typing import Any, NoReturn, final

from farr.lab.model.errors import FarrError


class SealedError(FarrError, TypeError):
    """Somebody tried to read, copy, pickle or extend a sealed result."""


@final
class Sealed:
    """The name of rows that only the gate can read. Made by the vault; `release` turns it into `Released`."""

    __slots__ = ("__weakref__", "_name")

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __repr__(self) -> str:
        return f"Sealed({self._name!r})"

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise SealedError("Sealed cannot be subclassed")

    def __setattr__(self, *_: object) -> NoReturn:
        raise SealedError("a sealed result cannot be changed; pass it to release()")

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise SealedError("a sealed result cannot be copied or pickled; pass it to release()")


@dataclass(frozen=True, kw_only=True)
class Nested:
    """A count of the question, and a `series` that was counted before: in the store every row of the one is `within` the other, or the one
    is `around` it. Both: they count the same rows."""

    figure: str
    series: str
    within: bool
    around: bool
