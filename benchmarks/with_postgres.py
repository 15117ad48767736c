"""The same marts and five measures in plain PostgreSQL, by hand-written SQL (the folder sql/)."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
from country import Country
from five import KEYS, MONTHLY, YEAR, groupings
from measured import Cost, added
from server import Server
from typed import RECORDS

from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables import TABLES

_SQL = Path(__file__).with_name("sql")
_TYPES = {
    "VARCHAR": "text",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DATE": "date",
    "DECIMAL(18,2)": "numeric(18,2)",
}
MARTS = ("organisations", "spell", "visit", "appointment")
_KEYS = {
    "apc_episode": '"Der_Pseudo_NHS_Number", "Provider_Code", "Episode_Start_Date"',
    "ae_attendance": '"Der_Pseudo_NHS_Number", "Arrival_Date"',
}
INDEXES = (
    "apc_episode (person, provider, start), ae_attendance (person, arrival), stay (person, admitted) of what may be a readmission, and the "
    "month of each mart"
)
_TIMED = "is_unplanned AND is_within_four_hours IS NOT NULL"
# Of each table, for each measure: the rows of its denominator, those of its numerator, and what is summed.
ASKED = {
    "spell": {
        "emergency_admissions": ("NOT is_well_baby", "NOT is_well_baby AND management = 'EM'", None),
        "length_of_stay": ("management IN ('EL', 'EM', 'NE') AND NOT is_well_baby AND coalesce(days >= 0, false)", None, "days"),
        "emergency_readmission_30_days": ("re30_is_index AND NOT is_well_baby", "re30_is_readmitted AND NOT is_well_baby", None),
    },
    "visit": {"ae_four_hour_performance": (_TIMED, f"{_TIMED} AND is_within_four_hours", None)},
    "appointment": {"op_did_not_attend": ("is_attended OR is_not_attended", "is_not_attended", None)},
}  # fmt: skip


def loaded(server: Server, country: Country, typed: Path) -> Iterator[tuple[str, Cost]]:
    """COPY of every record, month by month, into tables without a log; then indexes and ANALYZE. CSV is written apart, untimed."""
    for feed in RECORDS:
        paths = sorted((typed / feed).glob("*.parquet"))
        described = duckdb.sql(f"SELECT * FROM read_parquet('{paths[0]}') LIMIT 0")
        columns = ", ".join(f'"{name}" {_TYPES[str(kind)]}' for name, kind in zip(described.columns, described.types, strict=True))
        server.run(f"CREATE UNLOGGED TABLE {feed} ({columns});")
        yield f"COPY, {feed}", added([_copied(server, feed, path) for path in paths])
    for feed in ("organisation", "organisation_successor"):
        columns = ", ".join(f'"{column.name}" text' for column in TABLES[feed].columns)
        server.run(f"CREATE TABLE {feed} ({columns});")
        _copied(server, feed, country.raw / f"{feed}.csv")
    keys = "".join(f"CREATE INDEX ON {feed} ({columns});\n" for feed, columns in _KEYS.items())
    yield "indexes, ANALYZE", server.run(f"{keys}ANALYZE;")


def _copied(server: Server, feed: str, path: Path) -> Cost:
    if path.suffix == ".csv":
        return server.run(f"\\copy {feed} from '{path}' csv header")
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "rows.csv"
        duckdb.sql(f"COPY (FROM read_parquet('{path}')) TO '{lines}' (FORMAT csv, HEADER)")
        return server.run(f"\\copy {feed} from '{lines}' csv header")


def marts(server: Server) -> Iterator[tuple[str, Cost]]:
    for name in MARTS:
        yield f"mart, {name}", server.run(mart_sql(name))


def mart_sql(name: str) -> str:
    """What makes a mart, its code lists filled in."""
    codes = {name: _listed(load_codelist(f"admission_method_{name}").codes) for name in ("elective", "emergency", "other")}
    cancer = {f"cancer_{length}": _listed(c for c in load_codelist("cancer").codes if len(c) == length) for length in (1, 3)}
    sql = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    return sql.format(**codes, **cancer) if name == "spell" else sql


def _listed(codes: object) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))  # type: ignore[call-overload]


def measures(server: Server, answer: Path) -> Cost:
    """Every measure of a table in one query a grouping; persons are counted as Farr counts them, by gathering rows by person first."""
    found: list[pd.DataFrame] = []
    costs: list[Cost] = []
    for table, asked in ASKED.items():
        for grouping, monthly in groupings():
            costs.append(server.run(f"DROP TABLE IF EXISTS answer; CREATE UNLOGGED TABLE answer AS {query(table, grouping, monthly)};"))
            found += unfolded(_answer(server), list(asked), grouping)
    pd.concat(found)[[*KEYS, "numerator", "denominator", "numerator_persons", "denominator_persons", "squares"]].to_parquet(answer)
    return added(costs)


def query(table: str, grouping: str, monthly: bool) -> str:
    assert not monthly or grouping in MONTHLY
    code = "''" if grouping == "national" else f"coalesce(nullif(trim({grouping}), ''), 'unknown')"
    month = "month" if monthly else "''"
    inner = [f"{code} AS code", f"{month} AS month_of", "person"]
    outer: list[str] = ["code", "month_of"]
    for number, (rows, counted, summed) in enumerate(ASKED[table].values()):
        inner.append(f"count(*) FILTER (WHERE {rows}) AS d{number}")
        outer += [f"sum(d{number}) AS denominator_{number}", _persons(f"d{number}", f"denominator_persons_{number}")]
        if counted:
            inner.append(f"count(*) FILTER (WHERE {counted}) AS n{number}")
            outer += [
                f"sum(n{number}) AS numerator_{number}",
                _persons(f"n{number}", f"numerator_persons_{number}"),
                f"NULL AS squares_{number}",
            ]
        else:
            inner.append(f"sum({summed}) FILTER (WHERE {rows}) AS n{number}, sum({summed} * {summed}) FILTER (WHERE {rows}) AS s{number}")
            outer += [
                f"sum(n{number}) AS numerator_{number}",
                _persons(f"d{number}", f"numerator_persons_{number}"),
                f"sum(s{number}) AS squares_{number}",
            ]
    gathered = f"SELECT {', '.join(inner)} FROM {table} WHERE month BETWEEN '{YEAR[0]}' AND '{YEAR[1]}' GROUP BY 1, 2, 3"
    return f"SELECT {', '.join(outer)} FROM ({gathered}) AS gathered GROUP BY 1, 2"


def _persons(rows: str, name: str) -> str:
    return f"count(*) FILTER (WHERE {rows} > 0 AND person IS NOT NULL) AS {name}"


def _answer(server: Server) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.csv"
        server.psql("-c", f"\\copy answer to '{path}' csv header")
        return pd.read_csv(path, dtype={"code": str, "month_of": str}, keep_default_na=False, na_values={}).replace("", None)


def unfolded(wide: pd.DataFrame, asked: list[str], grouping: str) -> Iterator[pd.DataFrame]:
    """The wide answer as a row for each measure and cell that has rows of its own."""
    for number, measure in enumerate(asked):
        names = ("numerator", "denominator", "numerator_persons", "denominator_persons", "squares")
        rows = pd.DataFrame({name: pd.to_numeric(wide[f"{name}_{number}"]).astype("float64") for name in names})
        rows = rows.assign(measure=measure, grouping=grouping, code=wide["code"].fillna(""), month=wide["month_of"].fillna(""))
        yield rows[rows["denominator"] > 0]
