"""The lists beside the records, read once for all files: people who opted out, and small areas."""

import duckdb

from farr.supplier.order import Order, OrderError
from farr.supplier.pseudonym import is_valid_nhs_number, normalised_nhs_number
from farr.supplier.rules import literal
from farr.supplier.source import guarded, source_of


def load_lists(connection: duckdb.DuckDBPyConnection, order: Order) -> None:
    """Makes the tables opt_out (identifier, distinct and normalised) and area (code, decile, locality), empty where none is given.

    Raises OrderError for an entry that is no NHS number, and SourceError for a list that cannot be read."""
    connection.execute("CREATE TABLE opt_out (identifier VARCHAR)")
    connection.execute("CREATE TABLE area (code VARCHAR, decile VARCHAR, locality VARCHAR)")
    if order.opt_outs is not None:
        guarded(order.opt_outs.name, lambda: _load_opt_outs(connection, order))
    if order.small_areas is not None:
        guarded(order.small_areas.name, lambda: _load_areas(connection, order))


def _load_opt_outs(connection: duckdb.DuckDBPyConnection, order: Order) -> None:
    if order.opt_outs is None:
        return
    source = source_of(order.opt_outs, "csv", ("listed",), "\t")
    unheaded = source.relation.replace("header=true", "header=false")
    connection.execute(
        f"CREATE TEMP TABLE listed AS SELECT {normalised_nhs_number('listed')} AS number, row_number() OVER () AS line FROM {unheaded}"
    )
    wrong = connection.execute(f"SELECT min(line) FROM listed WHERE number IS NOT NULL AND NOT {is_valid_nhs_number('number')}")
    (line,) = wrong.fetchone() or (None,)
    if line is not None:
        raise OrderError(f"{order.opt_outs}: entry {line} is not an NHS number, so that somebody's opt-out could be missed; correct it")
    connection.execute("INSERT INTO opt_out SELECT DISTINCT number FROM listed WHERE number IS NOT NULL")
    connection.execute("DROP TABLE listed")


def _load_areas(connection: duckdb.DuckDBPyConnection, order: Order) -> None:
    connection.execute(
        "INSERT INTO area SELECT upper(trim(LSOA_Code)), trim(Deprivation_Decile), trim(Locality_Code) "
        f"FROM read_csv({literal(str(order.small_areas))}, all_varchar=true, header=true, delim=',')"
    )
