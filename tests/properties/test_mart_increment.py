"""However months are loaded and sent again, a mart that is brought up to date is the mart built from scratch, month by month."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from farr.lab.engine.build import Extent, build
from farr.lab.engine.store import Store
from farr.lab.marts.mart import Mart
from farr.lab.model.discover import discover
from farr.lab.model.period import Month
from farr.lab.model.reach import Reach
from farr.lab.model.table import Column, TableDeclaration, TableKind

MONTHS = [Month(2024, number) for number in (1, 2, 3, 4)]


def table(name, kind, *columns, person=None, month="Activity_Month"):
    every = (*columns, *([("Activity_Month", "string")] if month else []))
    declared = tuple(Column(name=column, type=of, meaning="m", source="s") for column, of in every)
    said = {"name": name, "title": name, "description": "", "kind": kind, "policy": "hes_2018", "columns": declared}
    return TableDeclaration(**said, key=(columns[0][0],), person=person, month=month)


KEY, PERSON, PLACE_CODE, DAY = ("Key", "int64"), ("Person", "string"), ("Place", "string"), ("Day", "date")
VISIT = table("visit", TableKind.STAGED, KEY, PERSON, PLACE_CODE, DAY, person="Person")
CALL = table("call", TableKind.STAGED, KEY, PERSON, PLACE_CODE, DAY, person="Person")
LIST = table("list", TableKind.REFERENCE, PLACE_CODE, ("Size", "int64"))
PLACE = table("place", TableKind.REFERENCE, PLACE_CODE, ("Region", "string"), month=None)


def mart(name, reach, reads, columns, rule, person="Person", **more):
    return Mart(name=name, table=table(name, TableKind.MART, *columns, person=person), reads=reads, reach=reach, build=rule, **more)


def _counted(tables):
    return tables["visit"].group_by("Place", "Activity_Month").aggregate(Visits=lambda t: t.count())


def _sized(tables):
    return tables["list"].left_join(tables["place"], "Place")


def _followed(tables):
    """Visits that another of the person follows, or went before, within 30 days; people who are not known are followed nowhere."""
    visit = tables["visit"]
    other = visit.select(Other="Key", Who="Person", Then="Day")
    near = [visit.Person == other.Who, visit.Key != other.Other]
    after = visit.semi_join(other, [*near, other.Then >= visit.Day, other.Then <= visit.Day + ibis.interval(days=30)])
    before = visit.semi_join(other, [*near, other.Then <= visit.Day, other.Then >= visit.Day - ibis.interval(days=30)])
    after, before = after.select(After="Key").distinct(), before.select(Before="Key").distinct()
    joined = visit.left_join(after, visit.Key == after.After).left_join(before, visit.Key == before.Before)
    place = tables["place"].rename(Listed="Place")
    joined = joined.left_join(place, joined.Place == place.Listed)
    return joined.mutate(Is_Followed=joined.After.notnull(), Is_Return=joined.Before.notnull())


def _called(tables):
    calls = tables["call"].group_by(Caller="Person").aggregate(Calls=lambda t: t.count())
    joined = tables["visit"].left_join(calls, tables["visit"].Person == calls.Caller)
    return joined.mutate(Calls=joined.Calls.fill_null(0))


def _recalled(tables):
    """Visits with the calls of their person up to the end of their month."""
    calls = tables["call"].select(Caller="Person", Called="Activity_Month")
    visit = tables["visit"]
    counted = visit.inner_join(calls, [visit.Person == calls.Caller, calls.Called <= visit.Activity_Month])
    counted = counted.group_by(Counted=counted.Key).aggregate(Calls=lambda t: t.count())
    joined = visit.left_join(counted, visit.Key == counted.Counted)
    return joined.mutate(Calls=joined.Calls.fill_null(0))


def _course(tables):
    """One row for all of a known person's visits, in the month of the last: it moves as months come and go."""
    known = tables["followed"].filter(tables["followed"].Person.notnull())
    courses = known.group_by("Person").aggregate(Key=known.Key.min(), Visits=known.count(), Last=known.Day.max(), Key_Sum=known.Key.sum())
    return courses.mutate(Activity_Month=courses.Last.cast("string").left(7))


COUNT, FLAG = ("Visits", "int64"), "boolean"
SMALL = [
    mart("counted", Reach.MONTH, (VISIT,), [PLACE_CODE, COUNT], _counted, person=None),
    mart("sized", Reach.MONTH, (LIST, PLACE), [PLACE_CODE, ("Size", "int64"), ("Region", "string")], _sized, person=None),
    FOLLOWED := mart(
        "followed", Reach.PERSON, (VISIT, PLACE),
        [KEY, PERSON, ("Region", "string"), DAY, ("Is_Followed", FLAG), ("Is_Return", FLAG)], _followed,
    ),
    mart("called", Reach.PERSON, (VISIT, CALL), [KEY, PERSON, DAY, ("Calls", "int64")], _called),
    mart("recalled", Reach.PERSON, (VISIT, CALL), [KEY, PERSON, DAY, ("Calls", "int64")], _recalled, history=(CALL,)),
    mart("course", Reach.PERSON, (FOLLOWED.table,), [KEY, PERSON, COUNT, ("Key_Sum", "int64")], _course),
    mart("everything", Reach.WHOLE, (CALL,), [KEY, PERSON], lambda tables: tables["call"]),
]  # fmt: skip
REGISTERED = discover("farr.lab.marts.definitions", Mart)
# Marts whose reads are made up as if they had been loaded: those are tested for themselves, and the whole chain takes long to build.
ALONE = ("spell_challenge", "spell_conflict", "pathway_spell")
# Codes that rules look at; a column named nowhere here takes one of a few values without a meaning.
CODES = {
    "Activity_Month": [str(month) for month in MONTHS],  # of tables that are not held by month
    "Organisation_Level": ["provider", "practice", "commissioner"],
    "Organisation_Code": ["A", "B", "C"],
    "Provider_Code": ["A", "B"],
    "Admission_Method": ["11", "21", "2B", "81"],
    "Patient_Classification": ["1", "1", "2", "3"],
    "Discharge_Method": ["1", "1", "4", "8"],
    "Discharge_Destination": ["19", "51"],
    "Source_of_Admission": ["19", "51"],
    "Episode_Status": ["3", "3", "1"],
    "Attendance_Status": ["5", "3", "2"],
    "Region_Code": ["Y58"],
    "Tariff_Year": ["2023/24"],
    "Der_Management_Type": ["DC", "EL", "EM"],
    "Service_Line_Code": ["A", None, None],
    "Spell_Dominant_Procedure": ["K401", "W371", "C711", None],
    "Treatment_Function_Code": ["170", "110", "130", None],
}
OUTCOMES = ("End", "Discharge", "Departure", "Appointment", "Arrival", "Left")


class Made:
    """Rows of any declared table, from a seed: a registered mart may read tables of a hundred columns."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def month(self, declared, keys, month, rows):
        made = [self.row(declared, next(keys), month) for _ in range(rows)]
        return list({tuple(row[name] for name in declared.key): row for row in made}.values())

    def row(self, declared, key, month):
        day = (month or MONTHS[0]).first_day + timedelta(days=self.chance.randrange(28))
        row = {column.name: self.value(column, day) for column in declared.columns}
        if declared.person is not None:
            row[declared.person] = self.chance.choice(["p", "q", "r", "s", None])
        if declared.month is not None:
            row[declared.month] = str(month)
        if declared[declared.key[0]].type == "int64":
            row[declared.key[0]] = key
        return row

    def value(self, column, day):
        if column.type == "date":
            ends = column.name.startswith(OUTCOMES) or "End" in column.name
            return day if ends else day - timedelta(days=self.chance.choice([0, 0, 2, 30]))
        if column.type == "string":
            return self.chance.choice(CODES.get(column.name, ["A", "B", None]))
        number = self.chance.randrange(4)
        return {"boolean": bool(number % 2), "float64": float(number), "decimal(18, 2)": Decimal(number)}.get(column.type, number)


def closure(wanted, marts):
    """The mart of that name after those that it reads, and every table that is not one of them."""
    chain = [each for read in marts[wanted].reads if read.name in marts for each in closure(read.name, marts)[0]] + [marts[wanted]]
    sources = {read.name: read for each in chain for read in each.reads if read.name not in marts}
    return list({each.name: each for each in chain}.values()), sources


def load(store, declared, months, whole=False):
    """Loads {month: rows}; a table without months has them all under None."""
    with store.staging(declared.name) as folder:
        staged = {}
        for month, rows in months.items():
            path = folder / f"{month}.parquet"
            pq.write_table(pa.Table.from_pylist(rows, schema=declared.schema.to_pyarrow()), path)
            staged[month] = [path] if rows else []
        store.replace(declared, staged if declared.month else staged[None], {}, whole=whole)


def built(store, chain, **more):
    return [
        build(store, each.table, expression, each.reads, {}, may_lack=each.may_lack, history=each.history, reach=each.reach, **more)
        for each in chain for expression in [EXPRESSIONS.setdefault(each.name, each.expression())]
    ]  # fmt: skip


EXPRESSIONS = {}


def rows_of(store, name):
    """Every month's rows in order, as text: a multiset."""
    return {
        month: sorted(repr(sorted(row.items())) for path in paths for row in pq.ParquetFile(path).read().to_pylist())
        for month, paths in store.files_by_month(name).items()
    }


def check(folder, chain, sources, held, store):
    """The live mart equals one made in a store of its own by nothing but the rows that are held."""
    scratch = Store(folder / f"scratch{next(NUMBERS)}")
    for name, months in held.items():
        load(scratch, sources[name], months)
    built(scratch, chain)
    name = chain[-1].name
    assert rows_of(store, name) == rows_of(scratch, name)
    assert store.rows(name) == store.history(name)[-1]["rows"]


NUMBERS = itertools.count()
persons = st.sampled_from(["p", "q", "r", None])
rows = st.tuples(persons, st.sampled_from(["A", "B"]), st.integers(0, 27))
# To add a row; to drop one; or to give one to another person and place.
moves = st.tuples(st.just("move"), st.integers(0, 9), persons, st.sampled_from(["A", "B", "C"]))
edits = st.one_of(rows, st.integers(0, 9), moves)
resent = st.dictionaries(st.sampled_from(MONTHS), st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=2)
regions = st.sampled_from(["North", "South"])


def steps(sources):
    """A table that the mart reads, and what is loaded of it."""
    return st.one_of([st.tuples(st.just(name), regions if name == "place" else resent) for name in sources])


def edited(name, month, held, edit):
    """The rows of a month after one edit."""
    if isinstance(edit, int):
        return held[:edit] + held[edit + 1 :]
    if edit[0] == "move":
        return [{**row, "Person": edit[2], "Place": edit[3]} if at == edit[1] else row for at, row in enumerate(held)]
    person, place, day = edit
    row = {"Key": next(NUMBERS), "Person": person, "Place": place, "Day": month.first_day + timedelta(days=day), "Size": day}
    return [*held, {**row, "Activity_Month": str(month)}]


def stepped(store, sources, held, step):
    name, change = step
    if name == "place":
        held[name] = {None: [{"Place": code, "Region": change + code} for code in ("A", "B")]}
    for month, wanted in change.items() if name != "place" else ():
        rows = held.setdefault(name, {}).get(month, [])
        for edit in wanted:
            rows = edited(name, month, rows, edit)
        held[name][month] = rows
    load(store, sources[name], held[name] if name == "place" else {month: held[name][month] for month in change})


@pytest.mark.parametrize("wanted", [each.name for each in SMALL])
@settings(max_examples=6, deadline=None)
@given(first=st.lists(rows, min_size=1, max_size=8), data=st.data())
def test_a_small_mart_brought_up_to_date_is_the_mart_from_scratch(wanted, first, data):
    chain, sources = closure(wanted, {each.name: each for each in SMALL})
    with TemporaryDirectory() as name:
        store, held = Store(Path(name) / "store"), {}
        for source in sources:
            stepped(store, sources, held, (source, "North" if source == "place" else dict.fromkeys(MONTHS[:3], first)))
        built(store, chain)
        for step in data.draw(st.lists(steps(sources), min_size=1, max_size=3)):
            stepped(store, sources, held, step)
            built(store, chain)
            check(Path(name), chain, sources, held, store)
        assert {each.extent for each in built(store, chain)} == {Extent.NOTHING}


@pytest.mark.parametrize("wanted", REGISTERED)
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # a seed does not shrink
@given(seed=st.integers(0, 10**6))
def test_a_mart_brought_up_to_date_is_the_mart_from_scratch(wanted, seed):
    chain, sources = closure(wanted, {wanted: REGISTERED[wanted]} if wanted in ALONE else REGISTERED)
    made, keys = Made(seed), itertools.count(1)
    changing = [each for each in sources.values() if each.month] or list(sources.values())
    with TemporaryDirectory() as name:
        store = Store(Path(name) / "store")
        held = {
            each.name: {month: made.month(each, keys, month, 12) for month in (MONTHS[:3] if each.month else [None])}
            for each in sources.values()
        }
        for each in sources.values():
            load(store, each, held[each.name])
        built(store, chain)
        for month in made.chance.sample(MONTHS, 2):
            each = made.chance.choice(changing)
            part = month if each.month else None
            kept = [row for row in held[each.name].get(part, []) if made.chance.random() < 0.7]
            held[each.name][part] = kept + made.month(each, keys, part, 3)
            # Of a table that has parts, those that are gone would stay.
            load(store, each, {part: held[each.name][part]}, whole=each.month is None)
            last = built(store, chain)[-1]
            assert chain[-1].reach is Reach.WHOLE or last.why is None or "which has no months" in last.why
            check(Path(name), chain, sources, held, store)
