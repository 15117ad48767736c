"""What of a table of thousands a page shows: its ends, the organisation among its neighbours, and the rest in parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.model.showing.page import Line, Table

WHOLE = 400
"""Lines of a table that a page shows whole."""
PART = 200
"""Lines of a part of a longer one."""
_ENDS, _BESIDE = 10, 10
_VALUE, _HIDDEN = 2, "*"  # the cell of the figure, and what stands there where it is not shown


@dataclass(frozen=True, kw_only=True)
class Block:
    """Lines that follow each other in the table, from its line `first` (the first is 1); `before` are left out between the block before
    and this one."""

    first: int
    lines: tuple[Line, ...]
    before: int

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


@dataclass(frozen=True, kw_only=True)
class Extract:
    """Blocks of a table, the highest first; `after` lines are left out behind the last, of which `hidden` have no figure shown. `own_part`
    is the number of the part with the organisation in it."""

    blocks: tuple[Block, ...]
    after: int
    hidden: int
    own_part: int


def extract(table: Table) -> Extract | None:
    """The highest and lowest with a figure shown, and the organisation with its neighbours; None of a table that is shown whole."""
    if len(table.lines) <= WHOLE:
        return None
    hidden = sum(_is_hidden(line) for line in table.lines)
    shown = len(table.lines) - hidden  # they come first
    own = next((at for at, line in enumerate(table.lines) if line.is_selected), 0)
    wanted = {*range(_ENDS), *range(shown - _ENDS, shown), *range(own - _BESIDE, own + _BESIDE + 1)}
    places = sorted(at for at in wanted if 0 <= at < len(table.lines))
    blocks: list[Block] = []
    for place in places:
        if blocks and blocks[-1].last == place:
            blocks[-1] = Block(first=blocks[-1].first, lines=(*blocks[-1].lines, table.lines[place]), before=blocks[-1].before)
        else:
            before = place - (blocks[-1].last if blocks else 0)
            blocks.append(Block(first=place + 1, lines=(table.lines[place],), before=before))
    return Extract(blocks=tuple(blocks), after=len(table.lines) - blocks[-1].last, hidden=hidden, own_part=own // PART + 1)


def parts(table: Table) -> list[tuple[int, int]]:
    """The first and last line of each part."""
    return [(at + 1, min(at + PART, len(table.lines))) for at in range(0, len(table.lines), PART)]


def _is_hidden(line: Line) -> bool:
    return line.cells[_VALUE] == _HIDDEN


def one_of(places: Sequence[tuple[int, int]], wanted: str) -> int:
    """The number of the part that was asked for; the first where it is none."""
    return int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) <= 6 and 1 <= int(wanted) <= len(places) else 1
