"""The marts and five measures of with_postgres.py in plain DuckDB, in one process and in memory: about what Farr's own engine needs for
the work itself, where nothing is kept, encrypted, versioned or protected.

    python benchmarks/with_duckdb.py TYPED REFERENCES ANSWER.parquet TIMES.json
"""

import json
import re
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
from five import KEYS, groupings
from typed import RECORDS
from with_postgres import ASKED, MARTS, mart_sql, query, unfolded

# What DuckDB says otherwise.
_OTHERWISE = {
    "CREATE UNLOGGED TABLE": "CREATE TABLE",
    "to_char(discharged, 'YYYY-MM')": "strftime(discharged, '%Y-%m')",
    "SELECT FROM stay": "SELECT 1 FROM stay",
}


def in_duckdb(sql: str) -> list[str]:
    """The statements, without indexes and ANALYZE."""
    for theirs, ours in _OTHERWISE.items():
        sql = sql.replace(theirs, ours)
    sql = re.sub(r"(coalesce\([^()]*\)) ~ ('[^']*')", r"regexp_matches(\1, \2)", sql)
    # A line that ends in a semicolon ends a statement; others may stand in text.
    statements = (each.strip() for each in re.split(r";\s*$", sql, flags=re.MULTILINE))
    return [each for each in statements if each and not each.startswith(("CREATE INDEX", "ANALYZE"))]


def main() -> None:
    typed, references, answer, times = (Path(each) for each in sys.argv[1:])
    with duckdb.connect() as connection:
        started = time.perf_counter()
        for feed in RECORDS:
            connection.execute(f"CREATE VIEW {feed} AS FROM read_parquet('{typed / feed}/*.parquet')")
        for name in ("organisation", "organisation_successor"):
            connection.execute(f"CREATE TABLE {name} AS FROM read_csv('{references / name}.csv', all_varchar = true)")
        for mart in MARTS:
            for statement in in_duckdb(mart_sql(mart)):
                connection.execute(statement)
        made = time.perf_counter()
        found: list[pd.DataFrame] = []
        for table, asked in ASKED.items():
            for grouping, monthly in groupings():
                wide = connection.execute(query(table, grouping, monthly)).df()
                found += unfolded(wide, list(asked), grouping)
        pd.concat(found)[[*KEYS, "numerator", "denominator", "numerator_persons", "denominator_persons", "squares"]].to_parquet(answer)
        asked_at = time.perf_counter()
    times.write_text(json.dumps({"marts": made - started, "measures": asked_at - made}), encoding="utf-8")


if __name__ == "__main__":
    main()
