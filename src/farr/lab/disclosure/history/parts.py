"""Parts: a series by one grouping, cut into pieces of months; which groupings are made of which."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from farr.lab.disclosure.history.months import Months, common, pieces
from farr.lab.disclosure.history.sheet import Codes, Sheet
from farr.lab.disclosure.tables.asked import shared
from farr.lab.model.dimension import columns_of, lineage

ROUNDED = 10.0  # what several rounded figures may be off by, when it is looked at whether a difference could be small
_FEW = 8  # pieces, of which all that can be put together are tried


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One grouping of a series: figure `first + place of the code · pieces + place of the piece`."""

    dimensions: tuple[str, ...]
    pieces: tuple[Months, ...]
    differences: tuple[Months, ...]
    printed: frozenset[Months]
    place: dict[Codes, int]
    above: dict[str, list[str | None]]
    first: int
    _within: dict[Months, list[int]] = field(default_factory=dict[Months, list[int]], repr=False)

    def of(self, codes: Codes, months: Months) -> list[int]:
        """The figures of a code that these months have, which are whole pieces."""
        if months not in self._within:
            self._within[months] = [at for at, piece in enumerate(self.pieces) if piece <= months]
        place = self.place[codes]
        return [self.number(place, piece) for piece in self._within[months]]

    def number(self, place: int, piece: int) -> int:
        return self.first + place * len(self.pieces) + piece

    def covers(self, months: Months) -> bool:
        """Whether these months are made of whole pieces."""
        return Months().union(*(piece for piece in self.pieces if piece <= months)) == months

    @property
    def open_together(self) -> list[frozenset[int]]:
        """The places of pieces that no release was of, several together."""
        unprinted = [at for at, piece in enumerate(self.pieces) if piece not in self.printed]
        return put_together(unprinted, self.pieces, self.printed)

    @property
    def size(self) -> int:
        return len(self.place) * len(self.pieces)


def parts_of(sheets: Sequence[Sheet], first: int, beside: Sequence[Sheet] = ()) -> dict[tuple[str, ...], Part]:
    """A series in its groupings, by dimensions, its figures numbered from `first` on: those that the sheets are by, and those of which
    these are made. So are the groupings of sheets of other series that stand `beside`, by whose months the sheets' are cut too."""
    by_dimensions: dict[tuple[str, ...], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_dimensions[sheet.dimensions].append(sheet)
    wanted: dict[tuple[str, ...], set[Months]] = defaultdict(set)
    for sheet in beside:
        wanted[sheet.dimensions].add(sheet.months)
    met = dict.fromkeys([*wanted, *(shared(mine, each) for each in wanted for mine in list(by_dimensions))])
    by_dimensions |= {each: [] for each in met if each not in by_dimensions and any(refines(mine, each) for mine in by_dimensions)}
    by_dimensions |= {dimensions: [] for dimensions in _unasked(list(by_dimensions))}
    found: dict[tuple[str, ...], Part] = {}
    for dimensions, same in by_dimensions.items():
        place, above = _placed(dimensions, same or [sheet for sheet in sheets if refines(sheet.dimensions, dimensions)])
        printed, spans = frozenset(sheet.months for sheet in same), _cut(dimensions, by_dimensions)
        finely = _cut_finely(dimensions, by_dimensions, spans)
        part = Part(
            dimensions=dimensions, pieces=_cut_by(finely, wanted.get(dimensions, ())), place=place, above=above,
            differences=tuple(months for months in spans if months not in printed), printed=printed, first=first,
        )  # fmt: skip
        found[dimensions] = part
        first += part.size
    return found


def _unasked(asked: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The groupings of which others that lie across each other are made, the nation at last, where no release is by these: both add up to
    the same all the same."""
    found = list(asked)
    for one, other in itertools.combinations(found, 2):
        both = shared(one, other)
        across = not refines(one, other) and not refines(other, one)
        if across and not any(refines(each, both) and refines(both, each) for each in found):
            found.append(both)
    return found[len(asked) :]


def _placed(dimensions: Sequence[str], sheets: Sequence[Sheet]) -> tuple[dict[Codes, int], dict[str, list[str | None]]]:
    """Where each code of the sheets stands, and what it and what it falls into are, by dimension."""
    place: dict[Codes, int] = {}
    above: dict[str, list[str | None]] = defaultdict(list)
    names = columns_of(dimensions)
    for sheet in sheets:
        for at in range(len(sheet.codes)):
            codes = tuple(sheet.above[name][at] for name in dimensions)
            if codes not in place:
                place[codes] = len(place)
                for name in names:
                    above[name].append(sheet.above[name][at])
    return place, above


def _cut(mine: tuple[str, ...], sheets: Mapping[tuple[str, ...], Sequence[Sheet]]) -> tuple[Months, ...]:
    """The pieces of a grouping's months, cut where those of finer groupings begin and end too: regions over a year, and their providers
    over eleven months of it, tell the twelfth month of the regions."""
    return pieces(sheet.months for dimensions, each in sheets.items() if refines(dimensions, mine) for sheet in each)


def _cut_finely(mine: tuple[str, ...], sheets: Mapping[tuple[str, ...], Sequence[Sheet]], spans: Sequence[Months]) -> tuple[Months, ...]:
    """Coarser groupings that lie across each other tell of finer ones by what each counts over parts of the months: the table by both of
    them and by month has their margins. What a single line of ever coarser ones counts by month tells nothing of a finer one's year."""
    coarser = [dimensions for dimensions in sheets if refines(mine, dimensions) and not refines(dimensions, mine)]
    across = [one for one in coarser if any(not refines(one, other) and not refines(other, one) for other in coarser)]
    found = pieces([*spans, *(sheet.months for dimensions in across for sheet in sheets[dimensions])])
    return tuple(piece for piece in found if any(piece <= span for span in spans))


def _cut_by(found: Sequence[Months], others: Collection[Months]) -> tuple[Months, ...]:
    """The pieces, cut where other spans begin and end, as far as these lie in them."""
    every = Months().union(*found)
    return pieces([*found, *(other for other in others if other <= every)])


def refines(fine: Sequence[str], coarse: Sequence[str]) -> bool:
    """Whether what is by the one set of dimensions adds up to what is by the other."""
    return set(coarse) <= {name for dimension in fine for name in lineage(dimension)}


def steps(parts: Sequence[Part]) -> list[tuple[Part, Part]]:
    """Finer and coarser groupings, leaving out those that follow from two others of the months that both have."""
    count, months = range(len(parts)), [Months().union(*part.pieces) for part in parts]
    within = {(a, b) for a in count for b in count if a != b and refines(parts[a].dimensions, parts[b].dimensions)}
    within = {(a, b) for a, b in within if (b, a) not in within or a < b}
    follow = {(a, b) for a, b in within for c in count if {(a, c), (c, b)} <= within and months[a] & months[b] <= months[c]}
    return [(parts[a], parts[b]) for a, b in sorted(within - follow)]


def leftovers(part: Part, shown: Mapping[Months, float], threshold: int) -> set[Months]:
    """Months that printed spans together tell the count of, in more than one piece, and that may be small."""
    small = {months for months, count in _told(shown, part.pieces) if count <= threshold + ROUNDED}
    return {months for months in small if months not in shown and months not in part.pieces} - {frozenset()}


def _told(shown: Mapping[Months, float], pieces: tuple[Months, ...]) -> Iterator[tuple[Months, float]]:
    """What printed spans leave of each other, of two and of one by all in it; and pieces that none was of, as far as all spans tell."""
    for whole, count in shown.items():
        inside = {months: other for months, other in shown.items() if months < whole}
        yield from ((whole - months, count - other) for months, other in inside.items())
        single = _apart(inside)
        yield whole.difference(*single), count - sum(single.values())
    for months, of in _told_together(frozenset(shown), pieces):
        yield months, sum(times * shown[span] for span, times in of)


@lru_cache(maxsize=10_000)
def _told_together(shown: frozenset[Months], pieces: tuple[Months, ...]) -> tuple[tuple[Months, tuple[tuple[Months, float], ...]], ...]:
    """Of pieces that were not printed: as many of them together as the printed spans tell, with how often each span is counted."""
    spans = sorted(shown, key=sorted)
    some = put_together([at for at, piece in enumerate(pieces) if piece not in shown], pieces, spans)
    if not some or len(spans) < 2:
        return ()
    inside: Any = np.array([[piece <= span for piece in pieces] for span in spans], dtype=float)
    algebra: Any = np.linalg
    back: Any = algebra.pinv(inside)
    found: list[tuple[Months, tuple[tuple[Months, float], ...]]] = []
    for each in some:
        sought: Any = np.isin(np.arange(len(pieces)), list(each)).astype(float)
        times: Any = sought @ back
        if np.allclose(times @ inside, sought, atol=1e-9):
            of = tuple((span, float(time)) for span, time in zip(spans, times, strict=True) if abs(time) > 1e-9)
            found.append((Months().union(*(pieces[at] for at in each)), of))
    return tuple(found)


def put_together(some: Sequence[int], pieces: Sequence[Months], spans: Iterable[Months]) -> list[frozenset[int]]:
    """More than one of `some` pieces: all that can be put together where these are few, else pairs, and all that lie in one span."""
    sizes = range(2, len(some) + 1) if len(some) <= _FEW else (2,)
    found = {frozenset(each) for size in sizes for each in itertools.combinations(some, size)}
    found |= {frozenset(at for at in some if pieces[at] <= span) for span in spans}
    return sorted((each for each in found if len(each) > 1), key=sorted)


def _apart(shown: Mapping[Months, float]) -> dict[Months, float]:
    """The smallest of the spans, as many as do not meet."""
    found: dict[Months, float] = {}
    for months in sorted(shown, key=lambda each: (len(each), sorted(each))):
        if not any(months & other for other in found):
            found[months] = shown[months]
    return found


def common_spans(
    large: Part, small: Part, of_large: Mapping[Months, float], of_small: Mapping[Months, float], threshold: int
) -> set[Months]:
    """Spans of months, of which both have whole pieces, over which a cohort may count few more than one inside it: the least, those that
    either is printed of, and what a printed span leaves of another."""
    asked = {*of_large, *of_small}
    asked |= {one - other for one in asked for other in asked if other < one}
    asked |= {Months().union(*(large.pieces[at] for at in pieces_of)) for pieces_of, _ in common(large.pieces, small.pieces)}
    found: set[Months] = set()
    for months in asked:
        if large.covers(months) and small.covers(months):
            one, other = about(of_large, months), about(of_small, months)
            if one is None or other is None or one - other <= threshold + ROUNDED:
                found.add(months)
    return found


def about(shown: Mapping[Months, float], months: Months) -> float | None:
    """What is counted over these months, as far as printed spans tell; None where they do not."""
    if months in shown:
        return shown[months]
    left = [shown[whole] - shown[whole - months] for whole in shown if months < whole and whole - months in shown]
    return left[0] if left else None
