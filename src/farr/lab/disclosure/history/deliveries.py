"""Deliveries: the same calendar months of other records, as another agreement has them, or as they were before they were sent again.

Neither lies within the other, so that nothing printed of the one is a part of the other. But what changed from the one to the other is
people too, and a few of them are as easily had as a few months that nobody asked for.
"""

from collections.abc import Iterable, Mapping, Sequence

from farr.lab.disclosure.history.months import Months, common
from farr.lab.disclosure.history.parts import Part, about
from farr.lab.disclosure.history.records import calendar_of


def deliveries(new: Iterable[Months], before: Iterable[Months]) -> list[tuple[Months, Months]]:
    """The months as the new release has them, beside those of each delivery that has any of these otherwise. Earlier spans that have months
    in common with the new ones, and none otherwise, are of the new delivery."""
    mine: dict[str, str] = {}
    for months in new:
        mine |= _by_calendar(months)
    others: list[dict[str, str]] = []
    spans = sorted(set(before), key=lambda months: (-len(months), sorted(months)))
    for months in spans:
        if months & set(mine.values()) and _agree(mine, _by_calendar(months)):
            mine |= _by_calendar(months)
    for months in spans:
        named = _by_calendar(months)
        if not _agree(mine, named):
            of = next((other for other in others if _agree(other, named)), None)
            if of is None:
                others.append(of := {})
            of |= named
    # What another delivery has of the same records as the new one is of both.
    shared = {month for months in spans for month in months} & set(mine.values())
    filled = [{calendar: name for calendar, name in mine.items() if name in shared} | other for other in others]
    return [(frozenset(mine.values()), frozenset(other.values())) for other in filled]


def compared(part: Part, one: Months, other: Months) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Spans of calendar months, of which both deliveries have whole pieces: for each, the places of its pieces in the one and in the other,
    without those that are of both. The least, those that were printed, and what a printed span leaves of another."""
    mine, theirs = ([at for at, piece in enumerate(part.pieces) if piece <= months] for months in (one, other))
    when = [_calendar(piece) for piece in part.pieces]
    spans = {_calendar(months) for months in part.printed}
    spans |= {whole - months for whole in spans for months in spans if months < whole}
    least = common([when[at] for at in mine], [when[at] for at in theirs])
    spans |= {Months().union(*(when[mine[at]] for at in ones)) for ones, _ in least}
    found: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    for span in spans:
        ones, others = ({at for at in places if when[at] <= span} for places in (mine, theirs))
        whole = all(Months().union(*(when[at] for at in places)) == span for places in (ones, others))
        if whole and ones != others:
            found.add((tuple(sorted(ones - others)), tuple(sorted(others - ones))))
    return found


def counted(part: Part, shown: Mapping[Months, float], places: Sequence[int]) -> float | None:
    """What is counted in these pieces together, as far as printed spans tell; None where they do not."""
    pieces = [part.pieces[at] for at in places]
    whole = about(shown, Months().union(*pieces))
    each = [about(shown, piece) for piece in pieces]
    return whole if whole is not None or None in each else sum(value for value in each if value is not None)


def way_of(changes: Sequence[float], near: float) -> int | None:
    """Which of two deliveries seems to have all records that the other has, by how much more the first counts of each figure: 1 the first,
    as where records came late, -1 the second, 0 neither; None where figures do not tell."""
    more, fewer = all(change >= -near for change in changes), all(change <= near for change in changes)
    if more and fewer:
        return None
    return 1 if more else -1 if fewer else 0


def _calendar(months: Months) -> Months:
    return frozenset(map(calendar_of, months))


def _by_calendar(months: Months) -> dict[str, str]:
    return {calendar_of(month): month for month in sorted(months)}


def _agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(one.get(calendar, name) == name for calendar, name in other.items())
