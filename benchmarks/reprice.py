"""How long a year of England takes to price and to price again under a scenario: 16 million spells of made-up admitted care.

The spells are written straight into the store as the mart that prices read, with the groups, prices and trim points of a made-up tariff of
as many groups as the national one. Timed are `farr build` of the prices alone, the rows of scenarios that change few spells and all of
them, and the question by provider through the gate. Each runs once, from files that the machine may hold in memory.

Example: python benchmarks/reprice.py --spells 16000000 --into docs/contracting.md
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
from between_marks import write_between_marks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from machine import described

from farr.lab.desk.contracting.repricing import reprice
from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home
from farr.lab.desk.marts import bring_up_to_date
from farr.lab.marts.definitions.spell_price import MART as SPELL_PRICES
from farr.lab.model.agreement import Agreement, OptOuts, Signatory, Terms, write_agreement
from farr.lab.model.period import Month, Period
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.pricing import HRG_TARIFF_RULE, MARKET_FORCES_FACTOR
from farr.lab.model.tables.reference import HRG_TRIM_POINT, NATIONAL_PRICE
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.scenario import scenario

YEAR = Period.parse("2024-04..2025-03")
GROUPS, PROVIDERS, COMMISSIONERS = 2800, 220, 106
TERMS = Terms(
    id="england", title="t", legal_basis="l", purposes=("benchmarking",), datasets=("apc_episode", "critical_care"),
    period_first="2024-04", period_last="2025-03", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
_CODE = "chr(65 + (g % 26)::int) || chr(65 + (g // 26 % 26)::int) || lpad((g // 676)::varchar, 2, '0') || 'A'"
_DRAW = "(hash(range + {salt}) % 10000)::int"
SPELLS = {
    "Spell_Key": "range + {month} * 10000000",
    "Der_Pseudo_NHS_Number": "md5((range // 2)::varchar)",
    "Provider_Code": f"'R' || lpad(({_DRAW.format(salt=1)} % {PROVIDERS})::varchar, 3, '0')",
    "Commissioner_Code": f"'C' || lpad(({_DRAW.format(salt=2)} % {COMMISSIONERS})::varchar, 3, '0')",
    "Provider_Region_Code": f"'Y' || ({_DRAW.format(salt=1)} % {PROVIDERS} % 7)",
    "Commissioner_Region_Code": f"'Y' || ({_DRAW.format(salt=2)} % {COMMISSIONERS} % 7)",
    "Tariff_Year": "'2024/25'",
    "Der_Management_Type": f"(['DC', 'EL', 'EM', 'EM', 'NE'])[1 + {_DRAW.format(salt=3)} % 5]",
    "Point_of_Delivery": f"(['DC', 'EL', 'NEL', 'NELST', 'NELNE'])[1 + {_DRAW.format(salt=3)} % 5]",
    "Administrative_Category": "'01'",
    "Age": f"{_DRAW.format(salt=4)} % 95",
    "Spell_Adj_LoS": f"{_DRAW.format(salt=5)} % 20",
    "Length_of_Stay": f"{_DRAW.format(salt=5)} % 20",
    "HRG_TrimPoint": "15",
    "Spell_ExcessBedDays": f"greatest({_DRAW.format(salt=5)} % 20 - 15, 0)",
    "Service_Line_Code": f"case when {_DRAW.format(salt=6)} < 800 then 'NCBPS13A' end",
    "Tariff_Total": "1000",
    "Grand_Total": "1050",
}
BOOK = {
    NATIONAL_PRICE: {"Tariff_Year": "'2024/25'", "HRG_Code": _CODE, "HRG_Name": "'Made up'", "Combined_Price": "500 + g % 3000",
                     "Non_Elective_Price": "900 + g % 5000"},
    HRG_TRIM_POINT: {"Tariff_Year": "'2024/25'", "Spell_Core_HRG": _CODE, "Elective_Trim_Point": "15", "Non_Elective_Trim_Point": "15"},
    HRG_TARIFF_RULE: {"Tariff_Year": "'2024/25'", "HRG_Code": _CODE, "Per_Day_Rate": "200 + g % 100",
                      "Short_Stay_Share": "case when g % 3 > 0 then 0.3 + g % 5 * 0.1 end", "Has_Top_Up": "false"},
    MARKET_FORCES_FACTOR: {"Tariff_Year": "'2024/25'", "Provider_Code": "'R' || lpad(g::varchar, 3, '0')",
                           "Market_Forces_Factor": "1 + g % 20 * 0.01"},
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--spells", type=int, default=16_000_000)
    parser.add_argument("--into", type=Path, help="a document whose lines between <!-- measured --> and <!-- /measured --> are replaced")
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = _home(Path(folder) / "home")
        _write(home, said.spells)
        found = {"spells": said.spells, "machine": described(), "seconds": _measured(home)}
    found["peak_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1)
    said.results.mkdir(exist_ok=True)
    (said.results / "reprice.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    print(json.dumps(found, indent=2))
    if said.into:
        write_between_marks(said.into, _sentence(found))


def _measured(home: Home) -> dict[str, float]:
    seconds: dict[str, float] = {}

    def timed(name: str, what: Callable[[], object]) -> None:
        began = time.perf_counter()
        what()
        seconds[name] = round(time.perf_counter() - began, 1)
        print(f"{name}: {seconds[name]} s", flush=True)

    timed("prices", lambda: bring_up_to_date(home, TERMS.id, SPELL_PRICES, {}))
    for name in ("no_excess_days", "short_stays_at_70_percent", "specialised_to_nation"):
        timed(name, lambda name=name: reprice(Desk(home, TERMS.id), scenario(name), level="provider", period=YEAR))
    return seconds


def _home(folder: Path) -> Home:
    home, agreement = Home.open(folder), Agreement(terms=TERMS)
    for role in Signatory:
        key = Ed25519PrivateKey.generate()
        home.trust(role, role.value, key)
        agreement = agreement.signed_by(role, role.value, key, date(2024, 1, 1))
    write_agreement(agreement, home.agreement_path(TERMS.id))
    return home


def _write(home: Home, spells: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table groups as select {_CODE} as code from (select range as g from range({GROUPS}))")
        for table, given in BOOK.items():
            rows = PROVIDERS if table is MARKET_FORCES_FACTOR else GROUPS
            _write_table(connection, home, table, given, f"(select range as g from range({rows}))", None)
        group = f"(select list(code order by code) from groups)[1 + {_DRAW.format(salt=7)} % {GROUPS}]"
        for number, month in enumerate(YEAR.months()):
            given = {name: value.replace("{month}", str(number)) for name, value in SPELLS.items()}
            given |= {"Spell_Core_HRG": group, "Provider_Code_As_Was": given["Provider_Code"]}
            given |= {"Commissioner_Code_As_Was": given["Commissioner_Code"]}
            _write_table(connection, home, APC_SPELL, given, f"range({spells // 12})", month)


def _write_table(
    connection: duckdb.DuckDBPyConnection, home: Home, table: TableDeclaration, given: dict[str, str], rows: str, month: Month | None
) -> None:
    columns = [column for column in table.columns if column.name != table.month]
    select = ", ".join(f"cast({given.get(each.name, 'null')} as {_sql(each.type)}) as {each.name}" for each in columns)
    store = home.store(TERMS.id)
    with store.staging(table.name) as staging:
        path = staging / "rows.parquet"
        connection.execute(f"copy (select {select} from {rows}) to '{path}' (format parquet, compression zstd)")
        reads = dict.fromkeys(table.derived_from, 0) if table.derived_from else {}
        store.replace(table, {month: [path]} if month else [path], {"reads": reads})


def _sql(kind: str) -> str:
    plain = {"string": "varchar", "int16": "smallint", "int32": "int", "int64": "bigint", "float64": "double"}
    return plain.get(kind, kind)


def _sentence(found: dict[str, object]) -> str:
    machine, seconds = found["machine"], found["seconds"]
    assert isinstance(machine, dict) and isinstance(seconds, dict)
    return (
        f"Measured on {machine['date']} at commit {machine['commit']}, {machine['cores']} cores ({machine['processor']}), load before "
        f"{machine['load_before']}: {found['spells']:,} made-up spells of one year, {GROUPS:,} groups, {PROVIDERS} providers. Prices of "
        f"all (`farr build`, of this table): {seconds['prices']} s. `farr reprice` by provider, from the question to what is released: "
        f"no_excess_days {seconds['no_excess_days']} s, short_stays_at_70_percent {seconds['short_stays_at_70_percent']} s, "
        f"specialised_to_nation {seconds['specialised_to_nation']} s. Most memory {found['peak_gb']} GB, the making of the spells included."
    )


if __name__ == "__main__":
    main()
