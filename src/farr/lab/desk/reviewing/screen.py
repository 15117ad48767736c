"""What is held, as a checker's terminal shows it."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.markup import escape as without_markup
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.reviewing.deciding import ROWS, Looked
from farr.lab.disclosure.models.output import ModelVerdict
from farr.lab.disclosure.review.docket import HeldEntry
from farr.lab.disclosure.review.item import Asking, Item

_NEAR = 12
_EARLIER = " (earlier)"
_DONE = {
    "rows_hidden_first": "rows hidden for what they are",
    "rows_hidden_besides": "rows hidden besides, to protect others",
    "protected_figures": "figures that the attacker audit protects",
}
_AT_MOST = {1: 8, 2: 18, 3: 9, 4: 8}  # columns wide, so that nothing is left out on a screen of 80
_STYLES = {"allowed": "green", "review": "yellow", "refused": "red"}


def escape(text: str) -> str:
    """The text as it is. An asker's own words (names, conditions) neither style nor move anything on a checker's screen."""
    return without_markup("".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text))


def listed(entries: Sequence[HeldEntry]) -> Table:
    table = Table("Id", "State", "Question", "Months", "Asked by", "On", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[0].no_wrap = table.columns[5].no_wrap = True
    for place, width in _AT_MOST.items():
        table.columns[place].max_width, table.columns[place].overflow = width, "fold"
    for each in entries:
        name = escape(str(each.question["name"]))
        table.add_row(each.id, each.state.value, name, str(each.period), escape(each.asking.who), each.held_at[:10])
    return table


def shown(looked: Looked, rows: int | None = ROWS) -> list[RenderableType]:
    """What was asked, by whom and why, what was done with it, the table (its first `rows`; None: all), and what lies near."""
    parts: list[RenderableType] = [_who(looked.entry)]
    if looked.item is not None:
        parts += [_pairs("What is asked", looked.item.words), _done(looked.item)]
        if looked.item.findings:
            parts.append(_found(looked.item.findings, "What the checks find"))
        parts.append(_figures(looked.item, rows))
    if looked.near:
        parts.append(_near(looked))
    return parts


def findings(verdict: ModelVerdict) -> Table:
    """Part by part, what the checks of a model's output find."""
    return _found([(each.part, each.outcome.value, each.reason) for each in verdict.findings], "What the checks find")


def _who(entry: HeldEntry) -> Table:
    said = [
        ("state", entry.state.value), ("asked by", _by(entry.asking)), ("on", plain.day(entry.held_at[:10])), ("why", entry.asking.why),
        ("agreement", entry.agreement), ("policy", entry.policy), ("farr", entry.code_version),
        ("data", ", ".join(f"{table} v{number}" for table, number in sorted(entry.store_versions.items())) or "as whoever fitted it says"),
    ]  # fmt: skip
    said += [("also asked by", f"{_by(each)}: {each.why or 'gives no reason'}") for each in entry.others]
    said += [("asked before, or by another name, by", f"{_by(each)}: {each.why or 'gives no reason'}") for each in entry.alike]
    for each in (entry.blind.first, entry.decision):
        if each is not None:
            said += [("approved by" if each["approved"] else "refused by", str(each["checker"])), ("reason", str(each["reason"]))]
    return _pairs(f"{entry.id}: {entry.question['name']}", said)


def _by(asking: Asking) -> str:
    return f"{asking.who} (logged in as {asking.login})" if asking.login and asking.login != asking.who else asking.who


def _done(item: Item) -> Table:
    counted = [(said, str(item.audit[name])) for name, said in _DONE.items() if name in item.audit]
    return _pairs("What was done", [*item.manifest.checks, *counted])


def _found(found: Sequence[tuple[str, str, str]], title: str) -> Table:
    table = Table("Part", "Outcome", "Because", title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for part, outcome, reason in found:
        table.add_row(escape(part), f"[{_STYLES.get(outcome, 'red')}]{outcome}[/]", escape(reason))
    return table


def _figures(item: Item, most: int | None) -> Table:
    rows = item.table.slice(0, most).to_pylist()
    more, statuses = item.table.num_rows - len(rows), [name for name in item.table.column_names if name.endswith("__status")]
    said = [f"{more} of {item.table.num_rows} rows are not shown here; see them all: farr review show {item.id} --rows all"] if more else []
    if any(row[name] == "earlier" for row in rows for name in statuses):
        said.append(f"'{_EARLIER.strip()}': hidden now, and keeps what was released of it before")
    table = Table(
        title="What would be released", title_justify="left", caption="\n".join(said) or None, caption_justify="left", box=box.SIMPLE_HEAD
    )  # fmt: skip
    names = [name for name in item.table.column_names if name not in statuses and name != "grouping"]
    # What is null in every row of the table is left out, and not what is null in those that are shown.
    names = [name for name in names if item.table[name].null_count < item.table.num_rows or f"{name}__status" in statuses]
    for name in names:
        table.add_column(escape(name), justify="right" if item.table[name].type == "double" else "left")
    for row in rows:
        table.add_row(*(_cell(row, name) for name in names))
    return table


def _cell(row: dict[str, Any], name: str) -> str:
    status, value = row.get(f"{name}__status"), row[name]
    if status == "suppressed":
        return "*"
    said = "" if value is None else f"{value:,.6g}" if isinstance(value, float) else escape(str(value))
    return f"{said}{_EARLIER}" if status == "earlier" else said


def _near(looked: Looked) -> Table:
    title = "Releases of the same records and months, what waits as well, and what was refused, nearest first"
    table = Table("Id", "Question", "Months", "On", "What came of it", "In common", title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for each in looked.near[:_NEAR]:
        table.add_row(each.id, escape(each.name), each.period, each.on, escape(each.came_of), each.shares)
    if len(looked.near) > _NEAR:
        table.caption = f"{len(looked.near) - _NEAR} more"
    return table


def _pairs(title: str, pairs: Sequence[tuple[str, str]]) -> Table:
    table = Table(title=escape(title), title_justify="left", show_header=False, box=box.SIMPLE_HEAD)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for what, said in pairs:
        table.add_row(escape(what), escape(said))
    return table
