import json
import random
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, reduce

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.engine import allowed
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import breakdown_questions, completeness_question, questions, reference_questions
from farr.lab.measures.reference import Reference, expected_of_row, strata_of
from farr.lab.model.codegroup import codegroup_names, load_codegroups
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.plain_expression import OPERATIONS, ExpressionError, expression_of, plain_of
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL

MEASURES = discover("farr.lab.measures.definitions", Measure)
YEAR = Period.parse("2023-06..2024-05")
SPELL = APC_SPELL.unbound
stay = SPELL.Length_of_Stay


def reference_of(measure):
    codes = [("01", "1"), ("01", "2"), ("02", "1")]
    shares = {key[: len(strata_of(measure))]: 0.125 * at for at, key in enumerate(codes)}
    return Reference(strata=strata_of(measure), shares={**shares, (): 0.5})


def asked(measure):
    """Every question that is ever put for a measure, at its first level and nationally."""
    given, found = reference_of(measure), list(reference_questions(measure, period=YEAR))
    for level in {measure.levels[0], measure.levels[-1]}:
        found += questions(measure, level=level, period=YEAR, trend=YEAR, verdict=False, reference=given)
        found.append(completeness_question(level=level, trend=YEAR, table=measure.table))
    for by in measure.breakdowns[:1]:
        found += breakdown_questions(measure, level=measure.levels[0], by=by, period=YEAR, reference=given)
    return found


@cache
def conditions(table):
    """The conditions of all measures on a table, each once."""
    every = [question for measure in MEASURES.values() for question in asked(measure) if question.table.name == table]
    found = {(question.where & each.where).op(): None for question in every for each in question.aggregates}
    return [each.to_expr() for each in found]


def back(condition, table=APC_SPELL):
    """The condition as a ledger would give it back: exactly the same, and written the same."""
    plain = plain_of(condition)
    read = expression_of(json.loads(json.dumps(plain)), table)
    assert read.op() == condition.op()
    assert repr(read.unbind()) == repr(condition.unbind())
    assert plain_of(read) == plain
    return read


@pytest.mark.parametrize("name", MEASURES)
def test_every_condition_of_every_measure_comes_back_as_it_was(name):
    for question in asked(MEASURES[name]):
        for each in question.aggregates:
            back(question.where & each.where, question.table)


@pytest.mark.parametrize("table", sorted({measure.table.name for measure in MEASURES.values()} | {"population"}))
def test_what_comes_back_counts_the_same_rows(table):
    declared, connection = TABLES[table], ibis.duckdb.connect()
    connection.create_table(table, rows_of(declared, conditions(table)))
    figures = {}
    for at, condition in enumerate(conditions(table)):
        figures[f"was_{at}"], figures[f"is_{at}"] = condition, back(condition, declared)
    answer = connection.to_pyarrow(declared.unbound.select(**figures))
    assert answer.num_rows == 200
    for at in range(len(conditions(table))):
        assert answer[f"was_{at}"] == answer[f"is_{at}"]
    assert any(len(set(answer[f"was_{at}"].to_pylist())) > 1 for at in range(len(conditions(table))))


def rows_of(declared, asked_of_it):
    """Two hundred rows of codes that the conditions ask for, and others."""
    drawn = random.Random(5)
    texts = ["", "X", *sorted({node.value for each in asked_of_it for node in each.op().find(ops.Literal) if node.dtype.is_string()})]
    columns = {}
    for name, kind in declared.schema.items():
        if kind.is_boolean():
            values = [True, False, None]
        elif kind.is_string():
            values = [*texts, None]
        elif kind.is_date():
            values = [date(2024, 5, day) for day in range(1, 29)]
        else:
            values = [0, 1, 2, 25, None]
        columns[name] = pa.array(drawn.choices(values, k=200), declared.schema[name].to_pyarrow())
    return pa.table(columns)


OTHERS = {
    "constant": ibis.literal(True),
    "no answer": ibis.null("boolean"),
    "alias": (stay > 1).name("long"),
    "date": SPELL.Discharge_Date.between(date(2024, 4, 1), date(2025, 3, 31)),
    "interval": SPELL.Discharge_Date + ibis.interval(days=28) < date(2024, 6, 1),
    "days": SPELL.Discharge_Date.delta(SPELL.Admission_Date, unit="day") > 3,
    "truncated": SPELL.Discharge_Date.truncate("M") == date(2024, 5, 1),
    "weekday": SPELL.Discharge_Date.day_of_week.index().isin([5, 6]),
    "time": SPELL.Age_Band.try_cast("time") < time(8, 30),
    "timestamp": SPELL.Age_Band.try_cast("timestamp") < datetime(2024, 5, 1, 8, 30),  # noqa: DTZ001
    "decimal": SPELL.Grand_Total > ibis.literal(Decimal("10.50"), "decimal(18, 2)"),
    "float": SPELL.HRG_Weight * 1e300 >= 0.1,
    "numbers of two types": stay.isin([1, 2, 300, 70000, None]),
    "like": SPELL.Spell_Primary_Diagnosis.like("S72\\_%") | SPELL.Spell_Core_HRG.re_search("^[A-Z]{2}\"'é☃"),
    "simple case": SPELL.Sex.cases(("1", SPELL.Age > 3), ("2", SPELL.Age > 4), else_=False),
    "cases": ibis.cases((SPELL.Age > 3, SPELL.Sex), (SPELL.Age > 2, "1"), else_=SPELL.Age_Band) == "1",
    "parts": SPELL.Spell_Core_HRG[1:3].lower().lpad(5, "0") + "x" == SPELL.HRG_Root.strip().right(2),
    "groups": load_codegroups(codegroup_names()[0]).group_of(SPELL.Spell_Primary_Diagnosis) == "1",
    "expected": expected_of_row(reference_of(MEASURES["hospital_mortality_ratio"]), SPELL) > 0.25,
    "sums": (stay + 1) % 7 - stay.abs() / 2 > ibis.greatest(stay, SPELL.Age).clip(lower=1),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_row_conditions_come_back_as_well(name):
    back(OTHERS[name])


def test_what_the_engine_allows_can_be_kept_and_nothing_else():
    assert set(OPERATIONS.values()) | {ops.UnboundTable} == allowed._ROW_OPERATIONS


def test_a_long_list_of_codes_is_one_list_and_a_shared_part_stands_once():
    many = SPELL.Spell_Core_HRG.isin([f"{at:05}" for at in range(3000)])
    plain = plain_of(many & (stay > 1) | many)
    assert len(plain["nodes"]) == 7
    assert len(json.dumps(plain)) < 3000 * 10
    back(many)


def test_what_is_written_can_be_changed_without_changing_what_is_written_next():
    plain_of(stay > 1)["nodes"].clear()
    assert plain_of(stay > 1) == {
        "table": "apc_spell",
        "nodes": [["Field", "Length_of_Stay"], ["Literal", "int8", 1], ["Greater", 0, 1]],
    }


@ibis.udf.scalar.builtin
def current_setting(name: str) -> str: ...


@ibis.udf.scalar.python
def own(value: int) -> bool:
    return value > 1


REFUSED = {
    "reduction": (stay > stay.max(), "Max"),
    "window": (stay > stay.lag(), "WindowFunction|Lag"),
    "subquery": (SPELL.Sex.isin(TABLES["ae_visit"].unbound.Sex), "InSubquery"),
    "clock": (SPELL.Discharge_Date < ibis.today(), "DateNow"),
    "random number": (ibis.random() > 0.5, "RandomScalar"),
    "builtin": (current_setting(SPELL.Sex) == "", "current_setting"),
    "function": (own(stay), "own"),
    "second table": ((stay > 1) & (TABLES["ae_visit"].unbound.Sex == "1"), "second table, 'ae_visit'"),
    "table made of it": (SPELL.filter(stay > 1).Sex == "1", "Filter"),
    "records": (ibis.memtable({"a": [1]}).a == 1, "InMemoryTable"),
    "no condition": (stay + 1, "Add.*true or false"),
    "no expression": (True, "bool is no condition"),
    "no number": (SPELL.HRG_Weight > ibis.literal(float("nan")), "Literal"),
    "infinity": (SPELL.HRG_Weight > float("inf"), "Literal"),
    "bytes": (ibis.literal(b"a") == ibis.literal(b"b"), "binary"),
    "array": (ibis.literal([1, 2]).length() > 1, "ArrayLength"),
    "too deep": (reduce(lambda sofar, at: sofar | (stay == at), range(2, 200), stay == 1), "too deep"),
    "far too deep": (reduce(lambda sofar, at: ~sofar, range(3000), stay == 1), "too deep"),
    "too large": (reduce(lambda sofar, at: sofar & sofar, range(60), stay == 1), "too large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_by_the_name_of_its_operation(name):
    condition, said = REFUSED[name]
    with pytest.raises(ExpressionError, match=said):
        plain_of(condition)


STAYED, SEX, ONE = ["Field", "Length_of_Stay"], ["Field", "Sex"], ["Literal", "int8", 1]


def deep(levels, last=None):
    return reduce(lambda sofar, _: [sofar], range(levels), last)


HOSTILE = {
    "text": "Length_of_Stay > 1",
    "nothing": None,
    "no nodes": {"table": "apc_spell", "nodes": []},
    "other keys": {"table": "apc_spell", "nodes": [["Literal", "boolean", True]], "code": ""},
    "other table": {"table": "ae_visit", "nodes": [STAYED, ["NotNull", 0]]},
    "no table": {"table": None, "nodes": [STAYED, ["NotNull", 0]]},
    "table that is none": {"table": ["apc_spell"], "nodes": [STAYED, ["NotNull", 0]]},
    "unknown column": [["Field", "Nothing"], ["NotNull", 0]],
    "column of no name": [["Field", 3], ["NotNull", 0]],
    "unknown operation": [STAYED, ["Sleep", 0]],
    "operation that is not listed": [SEX, ["Hash", 0]],
    "attribute": [STAYED, ["__builtins__", 0]],
    "operation of no name": [STAYED, [["NotNull"], 0]],
    "node that is no list": [STAYED, {"NotNull": 0}],
    "empty node": [STAYED, []],
    "cycle": [STAYED, ["Not", 1]],
    "later node": [["NotNull", 1], STAYED],
    "from the end": [STAYED, ["NotNull", -1]],
    "true for a number": [SEX, STAYED, ["NotNull", True]],
    "half a node": [STAYED, ["NotNull", 0.0]],
    "too few": [STAYED, ["Greater", 0]],
    "too many": [STAYED, ["NotNull", 0, 0]],
    "left out": [STAYED, ["Greater", 0, None]],
    "text as a value": [SEX, ["Equals", 0, {"text": "1"}]],
    "value in place": [SEX, ["Equals", 0, "1"]],
    "number and text": [SEX, ONE, ["StringContains", 0, 1]],
    "no condition": [STAYED, ONE, ["Add", 0, 1]],
    "unused node": [SEX, STAYED, ["NotNull", 1]],
    "twice the same": [STAYED, STAYED, ["Equals", 0, 1]],
    "another order": [ONE, STAYED, ["Greater", 1, 0]],
    "literal of another class": [STAYED, ["Literal", "int8", "1"], ["Greater", 0, 1]],
    "literal out of range": [STAYED, ["Literal", "int8", 1000], ["Greater", 0, 1]],
    "literal of a nested type": [["Literal", "array<" * 5000, None], ["NotNull", 0]],
    "literal of no type": [["Literal", 5, 5], ["NotNull", 0]],
    "date that is none": [["Literal", "date", "2024-02-31"], ["NotNull", 0]],
    "date in another hand": [["Literal", "date", "20240228"], ["NotNull", 0]],
    "huge decimal": [["Literal", "decimal", "1E999999999999"], ["NotNull", 0]],
    "decimal that is no number": [["Literal", "decimal", "NaN"], ["NotNull", 0]],
    "literal as a node of a list": [SEX, ["Literal", "string", "1"], ["InValues", 0, [1]]],
    "list of lists": [SEX, ["InValues", 0, [deep(50)]]],
    "list without values": [SEX, ["InValues", 0, [{"type": "string", "values": []}]]],
    "list in two": [SEX, ["InValues", 0, [{"type": "string", "values": ["1"]}, {"type": "string", "values": ["2"]}]]],
    "unknown unit": [["Field", "Discharge_Date"], ["DateTruncate", 0, {"unit": "fortnight"}], ["NotNull", 1]],
    "unit by its other name": [["Field", "Discharge_Date"], ["DateTruncate", 0, {"unit": "MONTH"}], ["NotNull", 1]],
    "unknown argument": [STAYED, ["Cast", 0, {"eval": "1"}]],
    "type of code": [STAYED, ["Cast", 0, {"type": "__import__('os')"}], ["NotNull", 1]],
    "cast to nothing": [STAYED, ["Cast", 0, None]],
    "cases without results": [STAYED, ["NotNull", 0], ["SearchedCase", [1, 1], [1], 1]],
    "too deep": [STAYED, ["NotNull", 0], *(["Not", at] for at in range(1, 5000))],
    "too large": [STAYED, ["NotNull", 0], *(["And", at, at] for at in range(1, 100))],
    "deeper than JSON goes": deep(100_000),
    "not a number": [STAYED, ["Literal", "float64", float("nan")], ["Greater", 0, 1]],
    "no plain data": [STAYED, ["NotNull", {0}]],
    "number without end": [STAYED, ["Literal", "int64", 10**5000], ["Greater", 0, 1]],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_condition_was_written_as_is_not_read(name):
    plain = HOSTILE[name]
    with pytest.raises(ExpressionError):
        expression_of({"table": "apc_spell", "nodes": plain} if isinstance(plain, list) else plain, APC_SPELL)


def test_data_that_holds_itself_is_not_read():
    nodes = [STAYED]
    nodes.append(nodes)
    with pytest.raises(ExpressionError):
        expression_of({"table": "apc_spell", "nodes": nodes}, APC_SPELL)


def test_the_refusal_names_the_operation():
    with pytest.raises(ExpressionError, match="Greater"):
        expression_of({"table": "apc_spell", "nodes": [STAYED, ["Greater", 0]]}, APC_SPELL)


NUMBERS = st.sampled_from([stay, SPELL.Age, SPELL.HRG_Weight])
TEXTS = st.sampled_from([SPELL.Sex, SPELL.Discharge_Method, SPELL.Spell_Core_HRG])
LEAVES = st.one_of(
    st.builds(
        lambda column, value: column >= value, NUMBERS, st.integers(-(2**40), 2**40) | st.floats(-1e9, 1e9).map(lambda each: each + 0.0)
    ),
    st.builds(lambda column, values: column.isin(values), TEXTS, st.lists(st.text(max_size=4), min_size=1, max_size=5)),
    st.builds(lambda column, value: column.startswith(value), TEXTS, st.text(max_size=3)),
    st.builds(lambda column: column.isnull(), NUMBERS | TEXTS),
    st.builds(lambda value: SPELL.Discharge_Date < value, st.dates()),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda left, right: left & right, inner, inner),
        st.builds(lambda left, right: left | right, inner, inner),
        st.builds(lambda each: ~each.fill_null(False), inner),
        st.builds(ibis.ifelse, inner, inner, inner),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(CONDITIONS)
def test_any_small_condition_comes_back_as_it_was(condition):
    back(condition)


NAMES = st.sampled_from(sorted(OPERATIONS))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 4) | st.sampled_from(["Sex", "int8", "string", "D"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "values", "unit", "text"]), inner, max_size=2),
    max_leaves=4,
)
NODES = st.builds(lambda name, rest: [name, *rest], NAMES, st.lists(PLAIN, max_size=3))


@settings(max_examples=200, deadline=None)
@given(st.lists(NODES, max_size=4))
def test_any_data_is_read_as_what_it_says_or_refused(nodes):
    plain = {"table": "apc_spell", "nodes": [STAYED, SEX, ["NotNull", 0], *nodes]}
    try:
        read = expression_of(plain, APC_SPELL)
    except ExpressionError:
        return
    assert plain_of(read) == plain
