"""The clean files once more, as rows that Farr's own checks accept, typed: PostgreSQL and pandas are spared all of that. Not timed."""

from pathlib import Path

import duckdb
import ibis
from country import Country

from farr.lab.ingest.feed import Feed
from farr.lab.ingest.recognise import match
from farr.lab.ingest.sides import clean_form
from farr.lab.ingest.validate import FAILED, landed, validated
from farr.lab.model.discover import discover

RECORDS = ("apc_episode", "op_attendance", "ae_attendance")


def write_typed(country: Country, out: Path) -> None:
    """A Parquet file for each clean one; only columns that the clean file has, beside the month."""
    known = discover("farr.lab.ingest.feeds", Feed)
    for name in RECORDS:
        (out / name).mkdir(parents=True, exist_ok=True)
        for path in country.files(name):
            _write(path, clean_form(known[name]), out / name / path.name)


def _write(path: Path, feed: Feed, target: Path) -> None:
    with duckdb.connect() as connection:
        raw = f"SELECT row_number() OVER () AS row_number, NULL::VARCHAR AS row_problem, * FROM read_parquet('{path}')"
        connection.execute(f"CREATE VIEW raw AS {raw}")
        columns = connection.sql("FROM raw LIMIT 0").columns[2:]
        checks = validated(columns, feed, match(columns, feed).mapping)
        for step in checks.steps:
            connection.execute(f'CREATE VIEW "{step.name}" AS {ibis.to_sql(step.expression, dialect="duckdb")}')
        rows = landed(checks.rows.filter(checks.rows[FAILED].length() == 0), feed)
        kept = [name for name in rows.columns if name in columns or name == feed.table.month]
        connection.execute(f"COPY ({ibis.to_sql(rows.select(kept), dialect='duckdb')}) TO '{target}' (FORMAT parquet)")
