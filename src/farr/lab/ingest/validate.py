"""A feed's checks as Ibis expressions: which typed value each text is, and what is wrong with it. Nothing runs here."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from farr.lab.ingest.feed import Feed, FeedColumn
from farr.lab.ingest.formats.tabular import ROW_NUMBER, ROW_PROBLEM

FAILED = "failed"
_WHOLE = r"^[+-]?[0-9]+(\.0*)?$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00(\.0+)?)?)?$"
_REASONS = {"date": "not a date, written 2024-05-31", "float64": "not a number", "boolean": "not true or false"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a failure is reported as. It holds nothing of the row."""

    column: str
    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Validated:
    """`rows` has one row for each raw row: `row_number`, every declared column that is kept or read, typed, and `failed`, an array
    of positions in `rules` (empty: the row is good). `raw` is the unbound all-text table that the expression reads."""

    raw: ir.Table
    rows: ir.Table
    rules: tuple[Rule, ...]


def raw_table(columns: tuple[str, ...], name: str = "raw") -> ir.Table:
    """The unbound table that a file becomes: row_number, row_problem and its columns as text."""
    return ibis.table({ROW_NUMBER: "int64", ROW_PROBLEM: "string", **dict.fromkeys(columns, "string")}, name=name)


def cleaned(raw: ir.Table, column: FeedColumn, sent: str) -> ir.StringValue:
    """The text of one column, trimmed, null where it means nothing is known, recoded."""
    text = raw[sent].strip()
    text = text.isin(column.null_values).ifelse(ibis.null("string"), text)
    return text if column.recode is None else column.recode(text)


def as_type(text: ir.StringValue, kind: str) -> ir.Value:
    """The text as a value of the type, or null where it is none: never rounded, never guessed."""
    wanted = ibis.dtype(kind)
    if wanted.is_string():
        return text
    if wanted.is_date():
        return text.re_search(_DATE).ifelse(text.left(10), ibis.null("string")).try_cast("date")
    if wanted.is_boolean():
        return text.lower().cases(("true", True), ("false", False), ("1", True), ("0", False), else_=None)
    pattern = _WHOLE if wanted.is_integer() else _NUMBER
    plain = text.re_search(pattern).ifelse(text, ibis.null("string"))
    whole = plain.re_replace(r"\.0*$", "") if wanted.is_integer() else plain
    return whole.try_cast(kind)


def typed(raw: ir.Table, feed: Feed, mapping: Mapping[str, str]) -> ir.Table:
    """Every declared column of the form, typed, by its canonical name; null where the file does not have it."""
    columns = {column.name: _typed(raw, column, mapping).name(column.name) for column in feed.columns}
    return raw.select(raw[ROW_NUMBER], **columns)


def validated(raw: ir.Table, feed: Feed, mapping: Mapping[str, str]) -> Validated:
    """The typed rows of a file with what is wrong in each. `feed` is the form (sides.py) that the file was recognised as."""
    values = {column.name: _typed(raw, column, mapping) for column in feed.columns}
    texts = {column.name: cleaned(raw, column, mapping[column.name]) for column in feed.columns if column.name in mapping}
    staged = raw.select(
        raw[ROW_NUMBER],
        raw[ROW_PROBLEM],
        **values,
        **{_sent(name): text.notnull() for name, text in texts.items()},
    )
    tests = list(_tests(staged, feed, mapping))
    whole = staged[ROW_PROBLEM].isnull()
    positions = [(whole & failed).ifelse(ibis.literal(number, "int16"), ibis.null("int16")) for number, (_, failed) in enumerate(tests, 1)]
    broken = whole.ifelse(ibis.null("int16"), ibis.literal(0, "int16"))
    failed = ibis.array([broken, *positions]).filter(lambda position: position.notnull())
    rows = staged.select(staged[ROW_NUMBER], *(staged[name] for name in values), failed.name(FAILED))
    unreadable = Rule(column="", rule="row", reason="the row cannot be read: blank, or another number of fields than the header has")
    return Validated(raw=raw, rows=rows, rules=(unreadable, *(rule for rule, _ in tests)))


def activity_month(rows: ir.Table, feed: Feed) -> ir.StringValue | None:
    """The month, as 2024-05, that each typed row belongs to; None for a feed whose table is replaced whole."""
    if feed.activity_date is None:
        return None
    value = rows[feed.activity_date]
    return value.strftime("%Y-%m") if isinstance(value.type(), dt.Date) else value


def landed(rows: ir.Table, feed: Feed) -> ir.Table:
    """Typed rows with exactly the columns of the feed's table, in its order and of its types."""
    month = activity_month(rows, feed)
    columns = {
        column.name: month if column.name == feed.table.month and month is not None else rows[column.name] for column in feed.table.columns
    }
    return rows.select(**{name: value.cast(feed.table[name].type) for name, value in columns.items()})


def _typed(raw: ir.Table, column: FeedColumn, mapping: Mapping[str, str]) -> ir.Value:
    if column.name not in mapping:
        return ibis.null(column.type)
    return as_type(cleaned(raw, column, mapping[column.name]), column.type)


def _sent(name: str) -> str:
    return f"{name}__sent"


def _tests(staged: ir.Table, feed: Feed, mapping: Mapping[str, str]) -> list[tuple[Rule, ir.BooleanValue]]:
    found: list[tuple[Rule, ir.BooleanValue]] = []
    for column in feed.columns:
        if column.name in mapping:
            found.extend(_column_tests(staged, column))
    for check in feed.row_checks:
        passes = check.passes(staged).fill_null(True)
        found.append((Rule(column=check.column, rule=check.rule, reason=check.reason), ~passes))
    return found


def _column_tests(staged: ir.Table, column: FeedColumn) -> list[tuple[Rule, ir.BooleanValue]]:
    value, sent = staged[column.name], staged[_sent(column.name)]
    found: list[tuple[Rule, ir.BooleanValue]] = []
    if not column.may_be_null:
        found.append((Rule(column=column.name, rule="missing", reason="no value, where the feed needs one"), ~sent))
    if column.type != "string":
        reason = _REASONS.get(column.type, "not a whole number, or too large")
        found.append((Rule(column=column.name, rule="type", reason=reason), sent & value.isnull()))
    for check in column.checks:
        passes = check.passes(value).fill_null(True)
        found.append((Rule(column=column.name, rule=check.rule, reason=check.reason), ~passes))
    return found
