"""Rounded counts of two cohorts, one of which lies within the other: where they may differ by a few, and which differences hold others.

Nothing is counted less than once, so that who is in the one cohort and not in the other is in no part of the country, and in no part of the
year, more often than in the whole of it: of a nation that differs by 2 to 6 no provider differs by more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from farr.lab.disclosure.history.months import Months
from farr.lab.disclosure.history.parts import Part, refines
from farr.lab.disclosure.history.sheet import Codes, Sheet
from farr.lab.model.dimension import columns_of

_Place = tuple[tuple[str, ...], Codes, Months]  # dimensions, codes and months
_Ends = tuple[float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Differing:
    """A code of a part, and months, of which both cohorts are counted, and may differ by a few; print leaves the other `low` to `high`."""

    part: Part
    codes: Codes
    months: Months
    low: float
    high: float


def holding(differing: Sequence[Differing]) -> Iterator[tuple[int, list[int]]]:
    """Which differences, by their places, are no less than others together: those of one grouping that lie in its codes over the same
    months, and those of its own codes over months in its own that have none in common; else than each of these."""
    by_codes: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
    by_months: dict[tuple[tuple[str, ...], Codes], list[int]] = defaultdict(list)
    place_of = {(each.part.dimensions, each.codes, each.months): place for place, each in enumerate(differing)}
    groupings = dict.fromkeys(each.part.dimensions for each in differing)
    for place, each in enumerate(differing):
        fine, at = each.part.dimensions, each.part.place[each.codes]
        by_months[fine, each.codes].append(place)
        for coarse in (other for other in groupings if other != fine and refines(fine, other)):
            above = tuple(each.part.above[name][at] for name in coarse)
            if (around := place_of.get((coarse, above, each.months))) is not None:
                by_codes[around, fine].append(place)
    yield from ((around, inside) for (around, _), inside in by_codes.items())
    for places in by_months.values():
        for around in places:
            inside = [place for place in places if differing[place].months < differing[around].months]
            if are_apart(differing[place].months for place in inside):
                yield from [(around, inside)] if inside else []
            else:
                yield from ((around, [place]) for place in inside)


def are_apart(spans: Iterable[Months]) -> bool:
    """Whether no two have a month in common."""
    every = [month for span in spans for month in span]
    return len(set(every)) == len(every)


@lru_cache(maxsize=16)  # 17 MB each, of 6,500 practices over 13 months
def left_by_print(sheets: tuple[Sheet, ...]) -> Mapping[_Place, _Ends]:
    """What sheets of one series leave of each of its figures: what was printed of it, no less than its parts together, and no more than
    what it is a part of, less the other parts. It is kept for what is asked next."""
    found, codes_above = dict[_Place, _Ends](), dict[tuple[tuple[str, ...], Codes], dict[str, str | None]]()
    for sheet in sheets:
        for at, (codes, low, high) in enumerate(zip(sheet.codes, sheet.low.tolist(), sheet.high.tolist(), strict=True)):
            _narrow(found, (sheet.dimensions, codes, sheet.months), low, high)
            codes_above[sheet.dimensions, codes] = {name: sheet.above[name][at] for name in columns_of(sheet.dimensions)}
    groupings = list(dict.fromkeys(sheet.dimensions for sheet in sheets))
    coarser = {fine: [each for each in groupings if each != fine and refines(fine, each)] for fine in groupings}
    wholes: dict[tuple[_Place, tuple[str, ...]], list[_Place]] = defaultdict(list)
    for fine, codes, months in found:
        for coarse in coarser[fine]:
            above = tuple(codes_above[fine, codes][name] for name in coarse)
            wholes[(coarse, above, months), fine].append((fine, codes, months))
    spans: dict[tuple[tuple[str, ...], Codes], list[_Place]] = defaultdict(list)
    for place in [*found, *(whole for whole, _ in wholes if whole not in found)]:
        spans[place[0], place[1]].append(place)
    made_of = [(whole, parts, True) for (whole, _), parts in wholes.items()]  # a row that is not there counts nothing
    for places in spans.values():
        for whole in places:
            parts = [place for place in places if place[2] < whole[2]]
            if are_apart(place[2] for place in parts):
                made_of.append((whole, parts, sum(len(place[2]) for place in parts) == len(whole[2])))
            else:
                made_of += [(whole, [place], False) for place in parts]
    for whole, parts, is_all in made_of:
        ends = [found.get(part, (0.0, inf)) for part in parts]
        _narrow(found, whole, sum(low for low, _ in ends), sum(high for _, high in ends) if is_all else inf)
    for whole, parts, is_all in made_of:
        least, most = (sum(found[part][end] for part in parts) for end in (0, 1))
        for part in parts:
            low, high = found[part]
            beside = most - high if high < inf else sum(found[each][1] for each in parts if each != part)
            _narrow(found, part, found[whole][0] - beside if is_all else 0.0, found[whole][1] - least + low)
    return found


def _narrow(found: dict[_Place, _Ends], place: _Place, low: float, high: float) -> None:
    least, most = found.get(place, (0.0, inf))
    found[place] = max(least, low), min(most, high)
