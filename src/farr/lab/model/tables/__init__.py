"""Every table of the lab, by name."""

from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import (
    challenge, coding, conflict, contracting, critical_care, emergency, local, outpatients, pathway, people, pricing, reference, sus,
)  # fmt: skip

TABLES: dict[str, TableDeclaration] = {
    table.name: table
    for table in (
        sus.APC_EPISODE,
        outpatients.OP_ATTENDANCE,
        emergency.AE_ATTENDANCE,
        critical_care.CRITICAL_CARE,
        sus.APC_SPELL,
        sus.EPISODE_GROUP,
        conflict.SPELL_CONFLICT,
        pricing.SPELL_PRICE,
        pricing.SCENARIO_PRICE,
        challenge.SPELL_CHALLENGE,
        coding.SPELL_CODING,
        pathway.PATHWAY_SPELL,
        outpatients.OP_APPOINTMENT,
        emergency.AE_VISIT,
        people.PERSON_MONTH,
        reference.ORGANISATION,
        reference.ORGANISATION_SUCCESSOR,
        reference.ORGANISATION_CURRENT,
        reference.ORGANISATION_PARENT,
        reference.REGISTERED_POPULATION,
        reference.POPULATION,
        reference.COMMISSIONER_USUAL_REGION,
        reference.RESIDENT_POPULATION,
        reference.POPULATION_PROJECTION,
        people.POPULATION_BY_DEPRIVATION,
        reference.DEPRIVATION,
        reference.HRG_TRIM_POINT,
        reference.NATIONAL_PRICE,
        *pricing.PRICE_BOOK,
        contracting.CONTRACT_PLAN,
        local.LOCAL_ACTIVITY,
        local.LOCAL_CARE,
        reference.COMMISSIONER_FEATURE,
        reference.PROVIDER_FEATURE,
        reference.PEER_LIST,
        reference.LOCAL_CODE,
    )
}
