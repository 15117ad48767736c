"""A feed's checks as Ibis expressions: which typed value each text is, and what is wrong with it. Nothing runs here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from farr.lab.ingest.checks import is_one_of
from farr.lab.ingest.feed import Feed, FeedColumn
from farr.lab.ingest.formats.tabular import ROW_NUMBER, ROW_PROBLEM

FAILED = "failed"
_WHOLE = r"^[+-]?[0-9]+(\.0*)?$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00(\.0+)?)?)?$"
_REASONS = {"date": "not a date, written 2024-05-31", "float64": "not a number", "boolean": "not true or false"}
_EXACT = "not an exact amount: a number with at most two decimals"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a failure is reported as. It holds nothing of the row."""

    column: str
    rule: str
    reason: str


UNREADABLE = Rule(column="", rule="row", reason="cannot be read: a blank line, a stray quotation mark, or too many or too few fields")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One expression of a chain, on the unbound table that bears the name of the step before it."""

    name: str
    expression: ir.Table


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What turns a raw file into checked rows. The last of `steps` has one row for each raw row: `row_number`, every declared
    column of the form, typed, and `failed`, an array of positions in `rules` (empty: the row is good). The first reads a table
    named 'raw': row_number, row_problem and the columns as text. Steps, because one nested expression compiles ten times slower."""

    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def rows(self) -> ir.Table:
        """The last step's result as an unbound table, to write further expressions on."""
        return ibis.table(self.steps[-1].expression.schema(), name=self.steps[-1].name)


def raw_table(columns: Sequence[str], name: str = "raw") -> ir.Table:
    """The unbound table that a file becomes: row_number, row_problem and its columns as text."""
    return ibis.table({ROW_NUMBER: "int64", ROW_PROBLEM: "string", **dict.fromkeys(columns, "string")}, name=name)


def as_type(text: ir.StringValue, kind: str) -> ir.Value:
    """The text as a value of the type, or null where it is none: never rounded, never guessed."""
    wanted = ibis.dtype(kind)
    if wanted.is_string():
        return text
    if wanted.is_date():
        return text.re_search(_DATE).ifelse(text.left(10), ibis.null("string")).try_cast("date")
    if wanted.is_boolean():
        return text.lower().cases(("true", True), ("false", False), ("1", True), ("0", False), else_=None)
    pattern = _WHOLE if wanted.is_integer() else _exact(wanted) if isinstance(wanted, dt.Decimal) else _NUMBER
    plain = text.re_search(pattern).ifelse(text, ibis.null("string"))
    whole = plain.re_replace(r"\.0*$", "") if wanted.is_integer() else plain
    return whole.try_cast(kind)


def _exact(wanted: dt.Decimal) -> str:
    """Digits that the decimal type holds exactly: a digit beyond its scale must be 0, for a cast would round it unseen."""
    scale, whole = wanted.scale or 0, (wanted.precision or 18) - (wanted.scale or 0)
    return rf"^[+-]?(0*[0-9]{{1,{whole}}}(\.[0-9]{{0,{scale}}}0*)?|\.[0-9]{{1,{scale}}}0*)$"


def validated(columns: Sequence[str], feed: Feed, mapping: Mapping[str, str]) -> Validated:
    """How a file with these `columns` is typed and checked as `feed`, the form (sides.py) that it was recognised as."""
    return _validated(tuple(columns), feed, tuple(mapping.items()))


@lru_cache  # a feed's files are alike, and writing their checks takes longer than running them on a small one
def _validated(columns: tuple[str, ...], feed: Feed, sent_as: tuple[tuple[str, str], ...]) -> Validated:
    mapping = dict(sent_as)
    sent = [column for column in feed.columns if column.name in mapping]
    raw = raw_table(columns)
    trimmed = _step("trimmed", raw, {column.name: raw[mapping[column.name]].strip() for column in sent})
    before = _result(trimmed)
    known = _step("known", before, {column.name: _known(before[column.name], column) for column in sent})
    before = _result(known)
    typed = _step("typed", before, _typed(before, feed, mapping))
    rows, rules = _checked(_result(typed), feed, mapping)
    return Validated(steps=(trimmed, known, typed, Step(name="checked", expression=rows)), rules=rules)


def activity_month(rows: ir.Table, feed: Feed) -> ir.StringValue | None:
    """The month, as 2024-05, that each typed row belongs to; None for a feed whose table is replaced whole."""
    if feed.activity_date is None:
        return None
    value = rows[feed.activity_date]
    return value.strftime("%Y-%m") if isinstance(value.type(), dt.Date) else value


def landed(rows: ir.Table, feed: Feed) -> ir.Table:
    """Typed rows with exactly the columns of the feed's table, in its order and of its types."""
    month = activity_month(rows, feed)
    columns: dict[str, ir.Value] = {}
    for name in (column.name for column in feed.table.columns):
        is_month = name == feed.table.month and month is not None
        columns[name] = month if is_month else feed.derived[name](rows) if name in feed.derived else rows[name]
    return rows.select(**{name: value.cast(feed.table[name].type) for name, value in columns.items()})


def _step(name: str, before: ir.Table, columns: Mapping[str, ir.Value]) -> Step:
    return Step(name=name, expression=before.select(before[ROW_NUMBER], before[ROW_PROBLEM], **columns))


def _result(step: Step) -> ir.Table:
    return ibis.table(step.expression.schema(), name=step.name)


def _known(text: ir.StringValue, column: FeedColumn) -> ir.StringValue:
    return is_one_of(text, column.null_values).ifelse(ibis.null("string"), text)


def _typed(known: ir.Table, feed: Feed, mapping: Mapping[str, str]) -> dict[str, ir.Value]:
    """Every declared column, typed, and for those that the file has, whether anything was sent."""
    values: dict[str, ir.Value] = {}
    for column in feed.columns:
        if column.name not in mapping:
            values[column.name] = ibis.null(column.type)
            continue
        text = known[column.name]
        values[column.name] = as_type(text if column.recode is None else column.recode(text), column.type)
        values[_sent(column.name)] = text.notnull()
    return values


def _checked(typed: ir.Table, feed: Feed, mapping: Mapping[str, str]) -> tuple[ir.Table, tuple[Rule, ...]]:
    tests = _tests(typed, feed, mapping)
    whole = typed[ROW_PROBLEM].isnull()
    nothing = ibis.null("int16")
    positions = [(whole & failed).ifelse(ibis.literal(number, "int16"), nothing) for number, (_, failed) in enumerate(tests, 1)]
    failed = ibis.array([whole.ifelse(nothing, ibis.literal(0, "int16")), *positions]).filter(lambda position: position.notnull())
    rows = typed.select(typed[ROW_NUMBER], *(typed[column.name] for column in feed.columns), failed.name(FAILED))
    return rows, (UNREADABLE, *(rule for rule, _ in tests))


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
        reason = _EXACT if column.type.startswith("decimal") else _REASONS.get(column.type, "not a whole number, or too large")
        found.append((Rule(column=column.name, rule="type", reason=reason), sent & value.isnull()))
    for check in column.checks:
        passes = check.passes(value).fill_null(True)
        found.append((Rule(column=column.name, rule=check.rule, reason=check.reason), ~passes))
    return found
