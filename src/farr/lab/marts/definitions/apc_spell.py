"""The spell mart: admitted care, one row a stay at one provider, with everything that measures rest on."""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.admission import management_type, point_of_delivery
from farr.lab.marts.bed_days import excess_bed_days, trim_point
from farr.lab.marts.coding import with_coding
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.readmission.i02040 import I02040
from farr.lab.marts.readmission.nhp import NHP
from farr.lab.marts.readmission.re30 import RE30
from farr.lab.marts.readmission.rule import with_readmissions
from farr.lab.marts.region import READS as ORGANISATION_READS
from farr.lab.marts.region import with_organisations
from farr.lab.marts.spell import spells_from_episodes
from farr.lab.marts.superspell import with_stay_end, with_superspell_key
from farr.lab.marts.tariff import financial_year, with_price, with_trim_points
from farr.lab.model.tables.critical_care import CRITICAL_CARE
from farr.lab.model.tables.reference import HRG_TRIM_POINT, NATIONAL_PRICE
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = spells_from_episodes(tables["apc_episode"], tables["critical_care"])
    spells = _with_delivery(spells)
    # Spells joined with spells come first, while there is little to carry; what only adds columns comes after.
    spells = with_readmissions(with_stay_end(with_superspell_key(spells)), (RE30, I02040, NHP))
    spells = _with_tariff(spells, tables["hrg_trim_point"], tables["national_price"])
    spells = with_organisations(spells, *(tables[table.name] for table in ORGANISATION_READS))
    # The groupings of codes are long expressions: last, they are compiled once and not again in every step after them.
    return with_coding(spells).mutate(Activity_Month=spells.Discharge_Date.cast("string").left(7))


def _with_delivery(spells: ir.Table) -> ir.Table:
    spells = spells.mutate(Der_Management_Type=management_type(spells.Admission_Method, spells.Patient_Classification))
    return spells.mutate(Point_of_Delivery=point_of_delivery(spells.Der_Management_Type, spells.Spell_Adj_LoS))


def _with_tariff(spells: ir.Table, trim_points: ir.Table, prices: ir.Table) -> ir.Table:
    spells = with_trim_points(spells.mutate(Tariff_Year=financial_year(spells.Discharge_Date)), trim_points)
    trim = trim_point(spells.Der_Management_Type, spells.Elective_Trim_Point, spells.Non_Elective_Trim_Point)
    spells = spells.mutate(HRG_TrimPoint=trim).drop("Elective_Trim_Point", "Non_Elective_Trim_Point")
    spells = spells.mutate(Spell_ExcessBedDays=excess_bed_days(spells.Spell_Adj_LoS, spells.HRG_TrimPoint))
    return with_price(spells, prices)


MART = Mart(
    table=APC_SPELL,
    reads=(APC_EPISODE, CRITICAL_CARE, HRG_TRIM_POINT, NATIONAL_PRICE, *ORGANISATION_READS),
    may_lack=(CRITICAL_CARE,),
    reach=Reach.PERSON,
    build=_build,
)
