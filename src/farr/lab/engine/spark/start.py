"""Starting Spark, once a process: on this machine, or as the driver of a cluster (FARR_SPARK_MASTER), and in silence.

What follows from the gate is set here, whatever spark-defaults.conf says: no web page, no event log and no log, for each would show
values on which a task failed; and what is spilled to disk is encrypted. All else is the installation's.
"""

import logging
import os
import subprocess
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pyspark import SparkConf, SparkContext, java_gateway
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from farr.lab.engine.errors import EngineMissing
from farr.lab.engine.spark.java import java

_ALWAYS = {
    "spark.app.name": "farr",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.level": "OFF",
    "spark.executor.syncLogLevel.enabled": "true",
    "spark.driver.defaultJavaOptions": f"-Dlog4j2.configurationFile=file:{Path(__file__).parent / 'log4j2.properties'}",
    "spark.io.encryption.enabled": "true",
    # A number too large for its type, or text that is no date, fails: it does not become null.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
# Where nothing else is said, of a Spark on this machine alone.
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}
_starting = Lock()


def session() -> SparkSession:
    """A session of its own (views and settings) on the process's one Spark. Raises EngineMissing where Spark does not start."""
    with _starting:
        return _spark().newSession()


def _silence() -> None:
    """PySpark writes what failed, with the words of the failure, to standard error through loggers of its own."""
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True
    for name in ("py4j", "pyspark"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


def master() -> str:
    return os.environ.get("FARR_SPARK_MASTER") or "local[*]"


@lru_cache(maxsize=1)
def _spark() -> SparkSession:
    _silence()
    with java(), suppress(Exception):
        conf = SparkConf(loadDefaults=False).setAll(list(settings().items()))
        # Its standard streams go nowhere: even a crash of Java may print what it was working on.
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        launch: Any = getattr(java_gateway, "launch_gateway")  # noqa: B009  # it declares no types
        return SparkSession(SparkContext(conf=conf, gateway=launch(conf, popen_kwargs=quiet)))
    raise EngineMissing(
        f"Spark did not start on {master()}; see that FARR_SPARK_MASTER names a cluster that is up, and JAVA_HOME, where it is set, a Java "
        "17 or 21; to hear what Spark says, type: pyspark"
    )


def settings() -> dict[str, str]:
    """What Spark is started with. What spark-defaults.conf says stands, but for what must hold always."""
    said = _said()
    ours = _LOCAL if master().startswith("local") else {}
    return {name: value for name, value in _of_machine(ours).items() if name not in said} | _ALWAYS | {"spark.master": master()}


def _of_machine(ours: dict[str, str]) -> dict[str, str]:
    return {"spark.local.dir": tempfile.gettempdir(), **ours, "spark.sql.warehouse.dir": f"file:{tempfile.gettempdir()}/farr-no-warehouse"}


def _said() -> set[str]:
    """The names of the settings in $SPARK_CONF_DIR/spark-defaults.conf (else $SPARK_HOME/conf)."""
    home = os.environ.get("SPARK_HOME")
    folder = os.environ.get("SPARK_CONF_DIR") or (f"{home}/conf" if home else None)
    path = Path(folder) / "spark-defaults.conf" if folder else None
    lines = path.read_text(encoding="utf-8").splitlines() if path is not None and path.is_file() else []
    return {line.replace("=", " ").split()[0] for line in lines if line.strip() and not line.lstrip().startswith("#")}
