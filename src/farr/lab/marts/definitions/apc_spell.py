"""The spell mart: admitted care, one row a stay at one provider, with everything that measures rest on."""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.admission import management_type, point_of_delivery
from farr.lab.marts.bed_days import excess_bed_days, trim_point
from farr.lab.marts.coding import with_coding
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.narrow import with_columns
from farr.lab.marts.readmission.i02040 import I02040
from farr.lab.marts.readmission.nhp import NHP
from farr.lab.marts.readmission.re30 import RE30
from farr.lab.marts.readmission.rule import with_readmissions
from farr.lab.marts.region import READS as ORGANISATION_READS
from farr.lab.marts.region import with_organisations
from farr.lab.marts.spell import SPELL, spells_from_episodes
from farr.lab.marts.superspell import with_stay_end, with_superspell_key
from farr.lab.marts.tariff import financial_year, with_price, with_trim_points
from farr.lab.model.tables.critical_care import CRITICAL_CARE
from farr.lab.model.tables.reference import HRG_TRIM_POINT, NATIONAL_PRICE
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL

# What of a spell is looked at to tell its continuous stay, and what to tell readmissions.
_OF_STAYS = (
    "Der_Pseudo_NHS_Number", "Patient_Classification", "Admission_Date", "Discharge_Date", "Discharge_Destination", "Source_of_Admission",
    "Admission_Method", "Has_Cancer_Care",
)  # fmt: skip
_OF_READMISSIONS = (
    "Der_Pseudo_NHS_Number", "Patient_Classification", "Admission_Date", "Discharge_Date", "Discharge_Destination", "Discharge_Method",
    "Source_of_Admission", "Admission_Method", "Der_Management_Type", "Main_Specialty_Code", "Spell_Core_HRG", "Spell_Primary_Diagnosis",
    "Age", "Has_Chemo_Or_Radiotherapy", "Has_Dialysis",
)  # fmt: skip


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = _with_delivery(spells_from_episodes(tables["apc_episode"], tables["critical_care"]))
    # Sorting carries every column: what follows people from spell to spell is worked out on a few, and joined to the rest.
    stays = with_stay_end(with_superspell_key(spells.select(*SPELL, *_OF_STAYS))).drop(*_OF_STAYS)
    followed = with_readmissions(with_columns(spells.select(*SPELL, *_OF_READMISSIONS), stays, SPELL), (RE30, I02040, NHP))
    spells = with_columns(spells, followed.drop(*_OF_READMISSIONS), SPELL)
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
