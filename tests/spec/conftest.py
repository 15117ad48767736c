"""Worked examples run on every engine: the specification."""

import importlib.util
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.engine.spark import start
from farr.lab.engine.spark.sql import declared as schema
from farr.lab.engine.spark.sql import nothing, quoted, steps_of, typed
from farr.lab.engine.spark.sql import sql_of as spark_sql
from farr.lab.engine.sql import sql_of
from farr.lab.model.example import read_table
from farr.lab.model.tables import TABLES
from tests.spec.together import groups, laid_together, taken_apart


class DuckDB:
    """Answers an unbound expression over the tables of an example."""

    def answer(self, expression, tables):
        with duckdb.connect() as connection:
            for name, text in tables.items():
                declaration = TABLES[name]
                rows = read_table(text, declaration)
                connection.register(name, pa.Table.from_pylist(rows, schema=declaration.schema.to_pyarrow()))
            # Written out once for all examples of a mart: that takes longer than running it.
            return connection.execute(sql_of(expression)).to_arrow_table().to_pylist()

    def answer_of_mart(self, mart, expression, example):
        return self.answer(expression, {read.name: example.tables.get(read.name, "") for read in mart.reads})


class Spark:
    """Answers the same expression on Spark: one for all examples of a process, in the way that Farr starts it."""

    def answer(self, expression, tables):
        session = spark_session()
        for name, text in tables.items():
            session.sql(drawn(TABLES[name], read_table(text, TABLES[name]))).createOrReplaceTempView(name)
        return session.sql(spark_sql(expression)).toArrow().to_pylist()

    def answer_of_mart(self, mart, expression, example):
        return answered_together(mart, expression)[example.title]


@cache
def answered_together(mart, expression):
    """By title every example's rows. Spark takes longer to understand a mart than to work it out, so it is told once, and all examples
    that can stand together are laid down in the same files. What the mart reads more than once is worked out once, as in a build."""
    session, answers = spark_session(), {}
    examples = [example for _, name, example in mart_examples() if name == mart.table.name]
    with tempfile.TemporaryDirectory(prefix="farr-spec-") as folder:
        for read in mart.reads:
            session.read.schema(schema(read)).parquet(f"file:{made(Path(folder), read)}").createOrReplaceTempView(read.name)
        shared, query = steps_of(expression)
        steps = []
        for name, sql in shared.items():
            steps.append(session.sql(sql))
            steps[-1].createOrReplaceTempView(name)
        frame = session.sql(query)
        for together in groups(mart, examples):
            for name, rows in laid_together(mart, together).items():
                write(Path(folder), TABLES[name], rows)
            frame._jdf.queryExecution().analyzed().refresh()
            kept = [step.persist() for step in steps]
            rows = taken_apart(mart, frame.select("*").toArrow().to_pylist(), len(together))
            for step in kept:
                step.unpersist()
            answers |= {example.title: each for example, each in zip(together, rows, strict=True)}
    assert len(answers) == len(examples), f"two examples of {mart.table.name} have the same title"
    return answers


def made(folder, table):
    write(folder, table, [])
    return folder / table.name


def write(folder, table, rows):
    """The rows, instead of what was there."""
    (folder / table.name).mkdir(exist_ok=True)
    for before in (folder / table.name).iterdir():
        before.unlink()
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema.to_pyarrow()), folder / table.name / f"{uuid4().hex}.parquet")


@cache
def spark_session():
    session = start.session()
    for setting, value in TINY.items():
        session.conf.set(setting, value)
    return session


# What makes Spark quick on tables of ten rows, and changes no answer.
TINY = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def drawn(table, rows):
    """The rows as a query of constants, which Spark can fold before it runs anything."""
    if not rows:
        return nothing(table)
    values = ", ".join("(" + ", ".join(literal(row[column.name]) for column in table.columns) + ")" for row in rows)
    names = ", ".join(quoted(column.name) for column in table.columns)
    return f"SELECT {typed(table)} FROM VALUES {values} AS drawn({names})"


def literal(value):
    return "NULL" if value is None else str(value).upper() if isinstance(value, bool) else "'" + str(value).replace("'", "\\'") + "'"


ENGINES = {"duckdb": DuckDB, "spark": Spark}


# One worker of many runs what is Spark's, so that one Java starts (pytest --dist loadgroup).
@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.xdist_group("spark"))])
def engine(request):
    return ENGINES[request.param]()


def load(path: Path):
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pytest_generate_tests(metafunc):
    folder = Path(__file__).parent
    if "measure_example" in metafunc.fixturenames:
        files = sorted((folder / "measures").glob("*.py"))
        metafunc.parametrize("measure_example", [(p.stem, load(p).EXAMPLE) for p in files], ids=[p.stem for p in files])
    if "mart_example" in metafunc.fixturenames:
        ids = [f"{stem}: {example.title}" for stem, _, example in mart_examples()]
        metafunc.parametrize("mart_example", [(mart, example) for _, mart, example in mart_examples()], ids=ids)


@cache
def mart_examples():
    """Of every worked example of a mart its file, the mart and the example."""
    modules = [(path.stem, load(path)) for path in sorted((Path(__file__).parent / "marts").glob("*.py"))]
    return [(stem, module.MART, example) for stem, module in modules for example in module.EXAMPLES]
