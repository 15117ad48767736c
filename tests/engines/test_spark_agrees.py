"""Spark gives what DuckDB gives: the same figures of the same questions, the same marts, and nothing of a record when it fails."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import gettempdir

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark import StorageLevel

from farr.lab.disclosure.vault import withdraw
from farr.lab.engine.build import Extent, build
from farr.lab.engine.engines.embedded import Embedded
from farr.lab.engine.engines.named import ENGINES, engine_named
from farr.lab.engine.errors import EngineFailed, EngineMissing
from farr.lab.engine.session import Session
from farr.lab.engine.spark.distributed import Distributed
from farr.lab.engine.spark.start import session
from farr.lab.engine.store import Store
from farr.lab.model.agreement import OptOuts, Terms
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.reach import Reach
from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.sus import APC_SPELL

pytestmark = pytest.mark.xdist_group("spark")

SPELL = APC_SPELL.unbound
JAN, FEB, MAR, APR = (Month(2024, number) for number in (1, 2, 3, 4))
TERMS = Terms(
    id="twin", title="t", legal_basis="l", purposes=("benchmark",), datasets=("apc_episode",), period_first="2024-01",
    period_last="2024-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip


def spells(chance):
    """Made-up spells with blanks around codes, tabs, nulls, nobody's rows, and costs below nothing."""
    rows = []
    for _ in range(60):
        row = dict.fromkeys(column.name for column in APC_SPELL.columns)
        row |= {
            "Der_Pseudo_NHS_Number": chance.choice([None, "", "p1", "p2", "p3", "p4", "p5"]),
            "Provider_Code": chance.choice(["RA1", " RA1 ", "RB2", "RC3\t", "", None]),
            "Provider_Region_Code": "Y1",
            "Commissioner_Code": chance.choice(["C1", "C2"]),
            "Commissioner_Region_Code": "Y1",
            "Sex": chance.choice(["1", "2", None]),
            "Length_of_Stay": chance.choice([None, 0, 1, 7, 30]),
            "Grand_Total": chance.choice([None, 12.5, -300.25, 1000.01]),
            "Admission_Date": date(2024, 1, chance.randint(1, 28)),
        }
        rows.append(row)
    schema = pa.schema([field for field in APC_SPELL.schema.to_pyarrow() if field.name != APC_SPELL.month])
    made = pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=_floats(schema))
    return made.cast(schema)


def _floats(schema):
    return pa.schema([pa.field(f.name, pa.float64()) if pa.types.is_decimal(f.type) else f for f in schema])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    # Signs in the folder's name that Spark would take for a pattern.
    store = Store(tmp_path_factory.mktemp("spark") / "a [store] {of} one")
    chance = Random(20241124)
    with store.staging("apc_spell") as folder:
        staged = {}
        for month in (JAN, FEB, MAR):
            path = folder / f"{month}.parquet"
            pq.write_table(spells(chance), path)
            staged[month] = [path]
        store.replace(APC_SPELL, staged, {"reads": {"apc_episode": 4}})
    return store


AGGREGATES = (
    Aggregate(name="men", kind=AggregateKind.COUNT, where=SPELL.Sex == "1"),
    Aggregate(name="days", kind=AggregateKind.SUM, where=SPELL.Sex.notnull(), value=SPELL.Length_of_Stay),
    Aggregate(name="a_day", kind=AggregateKind.SUM, where=SPELL.Length_of_Stay > 0, value=SPELL.Grand_Total / SPELL.Length_of_Stay),
    Aggregate(name="money", kind=AggregateKind.SUM, where=ibis.literal(True), value=SPELL.Grand_Total),
)
GROUPINGS = (
    Grouping(),
    Grouping(monthly=True),
    Grouping(dimensions=("provider",)),
    Grouping(dimensions=("provider",), monthly=True),
    Grouping(dimensions=("commissioner",), monthly=True),
)
QUESTION = Question(
    name="stays", table=APC_SPELL, period=Period.parse("2024-01..2024-03"), where=SPELL.Length_of_Stay.fill_null(0) >= 0,
    aggregates=AGGREGATES, groupings=GROUPINGS,
)  # fmt: skip
QUESTIONS = [
    QUESTION,
    replace(QUESTION, name="of one month", period=Period.parse("2024-02")),
    replace(QUESTION, name="long stays", where=SPELL.Length_of_Stay > 5),
    replace(QUESTION, name="of nobody", where=SPELL.Length_of_Stay > 500),
    replace(QUESTION, name="late", where=SPELL.Admission_Date.day() > 14),
]


def test_questions_have_the_same_figures_persons_and_largest_contributions(store):
    answers = [Session(store, TERMS, {}, "code-1", engine=engine).ask_many(QUESTIONS) for engine in (Embedded(), Distributed())]
    for question, ours, theirs in zip(QUESTIONS, *answers, strict=True):
        expected, found = withdraw(ours).cells, withdraw(theirs).cells
        assert found.schema == expected.schema
        assert found.num_rows == expected.num_rows
        for name in expected.column_names:
            wanted, got = expected[name].to_pylist(), found[name].to_pylist()
            assert got == (pytest.approx(wanted, rel=1e-12) if pa.types.is_floating(expected.schema.field(name).type) else wanted), (
                question.name
            )


def table(name, kind, columns, person="Person", month="Activity_Month"):
    declared = tuple(Column(name=column, type=of, meaning="m", source="s") for column, of in columns.items())
    return TableDeclaration(
        name=name, title=name, description="", kind=kind, policy="hes_2018", key=("Key",), columns=declared, person=person, month=month
    )


ROW = {"Key": "int64", "Person": "string", "Cost": "decimal(18, 2)", "Activity_Month": "string"}
VISIT = table("visit", TableKind.STAGED, ROW)
SEEN = table("seen", TableKind.MART, ROW)
VISITS = table("visits", TableKind.MART, {"Key": "int64", "Person": "string", "Visits": "int64", "Activity_Month": "string"})
PLACES = table("places", TableKind.MART, {"Key": "int64", "Visits": "int64"}, person=None, month=None)
SCHEMA = pa.schema([field for field in VISIT.schema.to_pyarrow() if field.name != "Activity_Month"])


def load(store, months):
    with store.staging("visit") as folder:
        staged = {}
        for month, rows in months.items():
            staged[month] = [folder / f"{month}.parquet"] if rows else []
            if rows:
                made = pa.table(
                    {"Key": [key for key, _ in rows], "Person": [person for _, person in rows], "Cost": [1.25 * key for key, _ in rows]}
                )
                pq.write_table(made.cast(SCHEMA), staged[month][0])
        store.replace(VISIT, staged, {})


def made(store, engine, **more):
    """A mart of each reach, built on the engine."""
    visit = VISIT.unbound
    earlier = visit.select(Earlier="Key", Who="Person")
    joined = visit.left_join(earlier, [visit.Person == earlier.Who, visit.Key >= earlier.Earlier])
    counted = joined.group_by("Key", "Person", "Activity_Month").aggregate(Visits=lambda t: t.Earlier.count()).select(*VISITS.schema)
    whole = visit.group_by(Key=visit.Key % 2).aggregate(Visits=visit.count())
    return [
        build(store, SEEN, visit.select(*ROW), [VISIT], {}, reach=Reach.MONTH, engine=engine, **more),
        build(store, VISITS, counted, [VISIT], {}, reach=Reach.PERSON, engine=engine, **more),
        build(store, PLACES, whole, [VISIT], {}, reach=Reach.WHOLE, engine=engine, **more),
    ]


def rows(store, mart):
    """Every row of a mart as text, with the month of its folder."""
    held = [(month, path) for month, paths in store.files_by_month(mart.name).items() for path in paths]
    found = [(month, row) for month, path in held for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted((str(month), *(str(row[column.name]) for column in mart.columns if column.name != mart.month)) for month, row in found)


STEPS = (
    {JAN: [(1, "p"), (2, "q"), (3, None)], FEB: [(11, "p"), (12, None)], MAR: [(21, "q"), (22, "r")]},
    {FEB: [(11, "p"), (13, "q"), (14, None)]},
    {FEB: [(14, None), (13, "q"), (11, "p")]},
    {APR: [(31, "r"), (32, "s")], JAN: []},
)


def test_marts_of_every_reach_are_the_same_row_by_row_built_whole_and_by_what_changed(tmp_path):
    ours, theirs = Store(tmp_path / "ours"), Store(tmp_path / "theirs")
    for step in STEPS:
        load(ours, step)
        load(theirs, step)
        built, also = made(ours, Embedded()), made(theirs, Distributed())
        assert [(b.extent, b.months, b.version) for b in also] == [(b.extent, b.months, b.version) for b in built]
        for mart in (SEEN, VISITS, PLACES):
            assert rows(theirs, mart) == rows(ours, mart)
            assert theirs.rows(mart.name) == ours.rows(mart.name)
    assert built[1].extent is Extent.MONTHS
    assert theirs.history("visits")[-1]["engine"] == "spark"
    # A mart that one engine made needs nothing of the other.
    assert {b.extent for b in made(theirs, Embedded())} == {Extent.NOTHING}


def test_what_fails_inside_spark_says_nothing_of_the_records(tmp_path, capfd):
    store = Store(tmp_path / "store")
    load(store, {JAN: [(1, "SECRET")]})
    failing = VISIT.unbound.mutate(Key=VISIT.unbound.Person.cast("int64")).select(*ROW)
    with pytest.raises(EngineFailed) as failed:
        build(store, SEEN, failing, [VISIT], {}, reach=Reach.MONTH, engine=Distributed())
    assert "SECRET" not in str(failed.value)
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)
    assert "SECRET" not in "".join(capfd.readouterr())
    assert store.version("seen") is None


def test_an_engine_that_there_is_not_is_told_with_those_that_there_are():
    with pytest.raises(EngineMissing, match="farr --engine duckdb or farr --engine spark"):
        engine_named("oracle")
    assert [engine_named(name).name for name in ENGINES] == ["duckdb", "spark"]


def test_without_the_extra_the_words_to_type_are_given(monkeypatch):
    monkeypatch.setattr("farr.lab.engine.engines.named.find_spec", lambda _: None)
    with pytest.raises(EngineMissing, match=r"pip install 'farr\[spark\]'"):
        engine_named("spark")


def test_what_spark_holds_lies_on_its_disk_encrypted():
    spark = session()
    rows = spark.sql("SELECT concat('SECRET-OF-A-PERSON-', id) AS who FROM range(1000)").persist(StorageLevel.DISK_ONLY)
    try:
        assert rows.count() == 1000
        blocks = list(Path(gettempdir()).glob("blockmgr-*/*/rdd_*"))
        assert blocks
        assert [block.name for block in blocks if b"SECRET-OF-A-PERSON" in block.read_bytes()] == []
    finally:
        rows.unpersist()
