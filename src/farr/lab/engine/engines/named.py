"""The engines by name."""

from importlib import import_module
from importlib.util import find_spec

from farr.lab.engine.engines.embedded import Embedded
from farr.lab.engine.engines.engine import Engine
from farr.lab.engine.errors import EngineMissing

ENGINES = ("duckdb", "spark")


def check_engine(name: str) -> None:
    """Raises EngineMissing for a name that is no engine's, or where the engine is not installed."""
    if name not in ENGINES:
        raise EngineMissing(f"there is no engine '{name}'; type: farr --engine {' or farr --engine '.join(ENGINES)}")
    if name == "spark" and find_spec("pyspark") is None:
        raise EngineMissing("Spark is not installed here; type: pip install 'farr[spark]'")


def engine_named(name: str) -> Engine:
    """The engine of that name. Raises EngineMissing as `check_engine` does. Spark starts when it is first asked."""
    check_engine(name)
    if name == Embedded.name:
        return Embedded()
    # Imported when it is wanted: Farr works without it, and it takes a second.
    distributed: Engine = import_module("farr.lab.engine.spark.distributed").Distributed()
    return distributed
