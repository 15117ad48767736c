"""Sets of months that overlap, in the pieces that they have in common."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

Months = frozenset[str]


def pieces(sets: Iterable[Months]) -> tuple[Months, ...]:
    """The smallest pieces of which every set is made: months that are always there together."""
    every = sorted(set(sets), key=sorted)
    together: dict[tuple[bool, ...], set[str]] = defaultdict(set)
    for month in sorted(_all(every)):
        together[tuple(month in each for each in every)].add(month)
    return tuple(sorted((frozenset(months) for months in together.values()), key=sorted))


def common(one: Sequence[Months], other: Sequence[Months]) -> list[tuple[list[int], list[int]]]:
    """The least spans of months that are made of whole pieces of both: for each, the places of its pieces in the one and in the other."""
    found: list[tuple[list[int], list[int]]] = []
    left = set(range(len(one)))
    while left:
        mine, theirs, months, now = {left.pop()}, set[int](), _all(()), _all(())
        while now != months or not months:
            months = now
            mine |= {at for at, piece in enumerate(one) if piece & now}
            theirs |= {at for at, piece in enumerate(other) if piece & now}
            now = _all([*(one[at] for at in mine), *(other[at] for at in theirs)])
        left -= mine
        if _all(one[at] for at in mine) == _all(other[at] for at in theirs):
            found.append((sorted(mine), sorted(theirs)))
    return found


def _all(sets: Iterable[Months]) -> Months:
    nothing: Months = frozenset()
    return nothing.union(*sets)
