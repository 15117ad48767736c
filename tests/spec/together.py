"""Worked examples of one mart in the same tables, for an engine that takes longer to begin than to answer. Each has people and record
numbers of its own, so that no rule brings rows of two together; what is expected of it is looked for among its own rows alone."""

from farr.lab.model.example import read_table
from farr.lab.model.tables import TABLES

_APART = 10_000  # an example's record numbers are less


def groups(mart, examples):
    """The examples that can stand together: a mart's rows are people's, and what is known of organisations and prices is the same."""
    found = {}
    for number, example in enumerate(examples):
        about_nobody = {name: text for name, text in example.tables.items() if TABLES[name].person is None}
        apart = number if mart.table.person is None else None
        found.setdefault((apart, *sorted(about_nobody.items())), []).append(example)
    return list(found.values())


def laid_together(mart, examples):
    """By table every example's rows."""
    tables = {}
    for read in mart.reads:
        texts = [example.tables.get(read.name, "") for example in examples]
        if read.person is None:
            tables[read.name] = read_table(texts[0], read)
        else:
            tables[read.name] = [_of(number, row, read) for number, text in enumerate(texts) for row in read_table(text, read)]
    return tables


def taken_apart(mart, rows, count):
    """Of each of so many examples its rows, as if it had been asked for alone."""
    found = [[] for _ in range(count)]
    if mart.table.person is None:
        return [rows]
    for row in rows:
        number = row[mart.table.key[0]] // _APART
        person = row[mart.table.person]
        alone = None if person is None else person.removeprefix(f"{number} ")
        found[number].append({**row, **_moved(row, mart.table, -number), mart.table.person: alone})
    return found


def _of(number, row, table):
    """The row with record numbers and a person of that example. A person whom nobody knows stays unknown."""
    numbers = [row[name] for name in record_numbers(table) if row[name] is not None]
    assert all(0 <= each < _APART for each in numbers), (
        f"{table.name}: give the records of an example numbers below {_APART}, not {numbers}"
    )
    person = row[table.person]
    return {**row, **_moved(row, table, number), table.person: None if person is None else f"{number} {person}"}


def _moved(row, table, number):
    return {name: row[name] + number * _APART for name in record_numbers(table) if row[name] is not None}


def record_numbers(table):
    """Of tables about people the 64-bit whole numbers are their records' keys; everything else is shorter, money, or text."""
    return [column.name for column in table.columns if column.type == "int64"]
