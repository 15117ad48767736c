"""The same marts and five measures by Farr, by PostgreSQL, by pandas and by DuckDB alone, on the same records; their figures must agree."""

import json
import shutil
from pathlib import Path

from country import Country, rows
from five import exactly_equal, within_rounding
from measured import PYTHON, Cost, added, farr, headed, run, said
from server import SETTINGS, binaries, running
from typed import RECORDS, write_typed
from with_postgres import INDEXES, loaded, marts, measures

_HERE = Path(__file__).parent
ABSENT = "PostgreSQL was not compared: no server's programs were found; type: apt-get install postgresql"


def measured(country: Country, folder: Path) -> dict[str, object]:
    """Farr builds its marts whole and is asked the five measures, through the gate; the others do the same without one."""
    headed(f"Three ways, scale {country.scale}")
    folder.mkdir(parents=True, exist_ok=True)
    write_typed(country, folder / "typed")
    found: dict[str, object] = {"scale": country.scale, "rows": sum(rows(country.files(feed)) for feed in RECORDS)}
    found["farr"] = _by_farr(country, folder)
    found["pandas"] = _by_pandas(country, folder)
    found["duckdb"] = _by_duckdb(country, folder)
    found["postgres"] = _by_postgres(country, folder)
    equal: dict[str, object] = {"farr and pandas": within_rounding(folder / "farr.parquet", folder / "pandas.parquet")}
    equal["duckdb and pandas"] = exactly_equal(folder / "duckdb.parquet", folder / "pandas.parquet")
    if found["postgres"]:
        equal["postgres and pandas"] = exactly_equal(folder / "postgres.parquet", folder / "pandas.parquet")
    print(f"\nEqual: {equal}", flush=True)
    shutil.rmtree(folder / "typed")
    return {**found, "equal": equal}


def _by_farr(country: Country, folder: Path) -> dict[str, object]:
    built = farr(country.home, "build", "--whole")
    asked, apart = _in_python(folder, "farr", country.home)
    stages = [said("Farr: build, every mart", built), said("Farr: five measures", asked, **apart)]
    return {"stages": stages, "apart": apart, "total": added([built, asked]).plain()}


def _by_pandas(country: Country, folder: Path) -> dict[str, object]:
    cost, apart = _in_python(folder, "pandas", folder / "typed", country.raw)
    return {"stages": [said("pandas: reading, marts, five measures", cost, **apart)], "apart": apart, "total": cost.plain()}


def _by_duckdb(country: Country, folder: Path) -> dict[str, object]:
    cost, apart = _in_python(folder, "duckdb", folder / "typed", country.raw)
    return {"stages": [said("DuckDB alone: reading, marts, five measures", cost, **apart)], "apart": apart, "total": cost.plain()}


def _in_python(folder: Path, name: str, *arguments: Path) -> tuple[Cost, dict[str, float]]:
    answer, times = folder / f"{name}.parquet", folder / f"{name}.json"
    cost = run([PYTHON, _HERE / f"with_{name}.py", *arguments, answer, times])
    return cost, json.loads(times.read_text(encoding="utf-8"))


def _by_postgres(country: Country, folder: Path) -> dict[str, object] | None:
    programs = binaries()
    if programs is None:
        print(ABSENT, flush=True)
        return None
    with running(programs) as server:
        version = server.psql("-c", "SHOW server_version")
        load = [(f"PostgreSQL: {stage}", cost) for stage, cost in loaded(server, country, folder / "typed")]
        made = [(f"PostgreSQL: {stage}", cost) for stage, cost in marts(server)]
        asked = [("PostgreSQL: five measures", measures(server, folder / "postgres.parquet"))]
        size = int(server.psql("-c", "SELECT pg_database_size('postgres')"))
    work = added(cost for _, cost in (*made, *asked))
    return {
        "version": version, "settings": SETTINGS, "indexes": INDEXES, "MB": round(size / 2**20),
        "stages": [said(stage, cost) for stage, cost in (*load, *made, *asked)],
        "load": added(cost for _, cost in load).plain(), "total": work.plain(),
    }  # fmt: skip
