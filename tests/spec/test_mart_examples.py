"""Every mart rule's worked examples, on every engine."""

import importlib
from functools import cache

KEYS = {
    "population": ("GP_Practice_Code_As_Was",),
    "local_care": ("Local_Service",),
}  # what tells the rows of an example apart, where it is not all of the key


@cache
def declared(name):
    mart = importlib.import_module(f"farr.lab.marts.definitions.{name}").MART
    return mart, mart.expression()


def test_mart_example(mart_example, engine):
    mart_name, example = mart_example
    mart, expression = declared(mart_name)
    rows = engine.answer_of_mart(mart, expression, example)
    key = KEYS.get(mart_name, mart.table.key)
    found = {row[key[0]] if len(key) == 1 else tuple(row[name] for name in key): row for row in rows}
    assert len(found) == len(rows)
    assert set(found) == set(example.expected)
    for name, columns in example.expected.items():
        assert {column: found[name][column] for column in columns} == columns, f"row {name}"
