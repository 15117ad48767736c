"""Every table of the lab, by name."""

from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import reference, sus

TABLES: dict[str, TableDeclaration] = {
    table.name: table
    for table in (
        sus.APC_EPISODE,
        sus.APC_SPELL,
        reference.ORGANISATION,
        reference.REGISTERED_POPULATION,
        reference.POPULATION,
        reference.HRG_TRIM_POINT,
        reference.COMMISSIONER_FEATURE,
    )
}
