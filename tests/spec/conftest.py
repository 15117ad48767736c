"""Worked examples run on every engine: the specification."""

import atexit
import importlib.util
import shutil
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
from farr.lab.engine.spark.sql import nothing, quoted, typed
from farr.lab.engine.spark.sql import sql_of as spark_sql
from farr.lab.engine.sql import sql_of
from farr.lab.model.example import read_table
from farr.lab.model.tables import TABLES


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

    def answer_of_many(self, expression, tables):
        return self.answer(expression, tables)


class Spark:
    """Answers the same expression on Spark: one for all examples of a process, in the way that Farr starts it."""

    def answer(self, expression, tables):
        session = spark_session()
        for name, text in tables.items():
            session.sql(drawn(TABLES[name], read_table(text, TABLES[name]))).createOrReplaceTempView(name)
        return session.sql(spark_sql(expression)).toArrow().to_pylist()

    def answer_of_many(self, expression, tables):
        folder, frame = laid_down(expression, tuple(tables))
        for name, text in tables.items():
            write(folder / name, name, text)
        frame._jdf.queryExecution().analyzed().refresh()
        return frame.select("*").toArrow().to_pylist()


@cache
def laid_down(expression, names):
    """A folder of a file a table, and the expression over them: Spark takes longer to understand a mart than to work it out, so it
    is told once, and every example lays its rows down in the same files."""
    folder, session = Path(tempfile.mkdtemp(prefix="farr-spec-")), spark_session()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in names:
        write(folder / name, name, "")
        session.read.schema(schema(TABLES[name])).parquet(f"file:{folder / name}").createOrReplaceTempView(name)
    return folder, session.sql(spark_sql(expression))


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    for before in folder.iterdir():
        before.unlink()
    made = pa.Table.from_pylist(read_table(text, TABLES[name]), schema=TABLES[name].schema.to_pyarrow())
    pq.write_table(made, folder / f"{uuid4().hex}.parquet")


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
        found = [(p.stem, m.MART, e) for p in sorted((folder / "marts").glob("*.py")) for m in [load(p)] for e in m.EXAMPLES]
        metafunc.parametrize("mart_example", found, ids=[f"{stem}: {example.title}" for stem, _, example in found])
