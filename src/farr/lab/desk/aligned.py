"""Tables on a screen: figures keep their width, and names give way."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

_SHORTEST, _LONGEST = 7, 48  # characters of a name


def aligned(console: Console, title: str, headings: Sequence[str], lines: Sequence[Sequence[str]], styles: Sequence[str] = ()) -> Table:
    """A table whose first column holds names, and whose others hold figures. `styles`: of each line, where some stand out."""
    # A heading is folded between its words; what heads figures is as wide as the widest of them, or its longest word.
    widths = [max(len(each) for each in (*heading.split(), *(line[place] for line in lines))) for place, heading in enumerate(headings)]
    room = console.width - sum(widths[1:]) - 2 * len(headings) - 1  # two spaces between columns, and one at the left
    table = Table(title=escape(title) or None, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(headings[0], max_width=max(min(widths[0], room, _LONGEST), _SHORTEST))
    for heading, width in zip(headings[1:], widths[1:], strict=True):
        table.add_column(heading, justify="right", min_width=width, max_width=max(width, len(heading)) if room > widths[0] else width)
    for place, line in enumerate(lines):
        table.add_row(*map(escape, line), style=(styles[place] or None) if styles else None)
    return table
