"""Worked examples run on every engine: the specification."""

import importlib.util
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

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


ENGINES = {"duckdb": DuckDB}


@pytest.fixture(params=ENGINES)
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
