"""Every table of the lab, by name."""

from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import critical_care, emergency, outpatients, reference, sus

TABLES: dict[str, TableDeclaration] = {
    table.name: table
    for table in (
        sus.APC_EPISODE,
        outpatients.OP_ATTENDANCE,
        emergency.AE_ATTENDANCE,
        critical_care.CRITICAL_CARE,
        sus.APC_SPELL,
        sus.EPISODE_GROUP,
        outpatients.OP_APPOINTMENT,
        emergency.AE_VISIT,
        reference.ORGANISATION,
        reference.ORGANISATION_SUCCESSOR,
        reference.ORGANISATION_CURRENT,
        reference.ORGANISATION_PARENT,
        reference.REGISTERED_POPULATION,
        reference.POPULATION,
        reference.COMMISSIONER_USUAL_REGION,
        reference.RESIDENT_POPULATION,
        reference.DEPRIVATION,
        reference.HRG_TRIM_POINT,
        reference.NATIONAL_PRICE,
        reference.COMMISSIONER_FEATURE,
        reference.PROVIDER_FEATURE,
        reference.PEER_LIST,
        reference.LOCAL_CODE,
    )
}
