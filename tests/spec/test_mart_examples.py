"""Every mart rule's worked examples, on every engine."""

import importlib
from functools import cache


@cache
def declared(name):
    mart = importlib.import_module(f"farr.lab.marts.definitions.{name}").MART
    return mart, mart.expression()


def test_mart_example(mart_example, engine):
    _, mart_name, example = mart_example
    mart, expression = declared(mart_name)
    tables = {table.name: example.tables.get(table.name, "") for table in mart.reads}
    rows = engine.answer_of_many(expression, tables)
    key = mart.table.key if len(mart.table.key) == 1 else ("GP_Practice_Code_As_Was",)
    found = {row[key[0]]: row for row in rows}
    assert len(found) == len(rows)
    assert set(found) == set(example.expected)
    for name, columns in example.expected.items():
        assert {column: found[name][column] for column in columns} == columns, f"row {name}"
