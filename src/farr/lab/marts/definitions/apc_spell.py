"""The spell mart: admitted care, one row a stay at one provider, with everything that measures rest on."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.admission import management_type, point_of_delivery
from farr.lab.marts.bed_days import excess_bed_days, trim_point
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.readmission import with_readmission
from farr.lab.marts.region import with_region, with_usual_region
from farr.lab.marts.spell import spells_from_episodes
from farr.lab.marts.superspell import with_superspell_key
from farr.lab.model.tables.reference import HRG_TRIM_POINT, ORGANISATION
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = _with_delivery(spells_from_episodes(tables["apc_episode"]))
    spells = _with_excess(spells, tables["hrg_trim_point"])
    spells = with_readmission(with_superspell_key(spells))
    spells = _with_regions(spells, tables["organisation"])
    return spells.mutate(Activity_Month=spells.Discharge_Date.cast("string").left(7))


def _with_delivery(spells: ir.Table) -> ir.Table:
    spells = spells.mutate(Der_Management_Type=management_type(spells.Admission_Method, spells.Patient_Classification))
    return spells.mutate(Point_of_Delivery=point_of_delivery(spells.Der_Management_Type, spells.Spell_Adj_LoS))


def _with_excess(spells: ir.Table, trim_points: ir.Table) -> ir.Table:
    known = trim_points.rename(Listed_HRG="Spell_Core_HRG")
    joined = spells.left_join(known, spells.Spell_Core_HRG == known.Listed_HRG)
    trim = trim_point(joined.Der_Management_Type, joined.Elective_Trim_Point, joined.Non_Elective_Trim_Point)
    joined = joined.mutate(HRG_TrimPoint=trim).drop("Listed_HRG", "Elective_Trim_Point", "Non_Elective_Trim_Point")
    return joined.mutate(Spell_ExcessBedDays=excess_bed_days(joined.Spell_Adj_LoS, joined.HRG_TrimPoint))


def _with_regions(spells: ir.Table, organisation: ir.Table) -> ir.Table:
    spells = with_region(spells, organisation, level="provider", code="Provider_Code", region="Provider_Region_Code")
    spells = with_region(spells, organisation, level="practice", code="GP_Practice_Code", region="Practice_Region_Code")
    spells = with_region(spells, organisation, level="commissioner", code="Commissioner_Code", region="Listed_Region_Code")
    # Files without a reference carry the region of residence of each person; where most live then stands for the commissioner's.
    spells = with_usual_region(spells, code="Commissioner_Code", fed="Region_Code", region="Usual_Region_Code")
    region = ibis.coalesce(spells.Listed_Region_Code, spells.Usual_Region_Code)
    return spells.mutate(Commissioner_Region_Code=region).drop("Listed_Region_Code", "Usual_Region_Code", "Region_Code")


MART = Mart(table=APC_SPELL, reads=(APC_EPISODE, ORGANISATION, HRG_TRIM_POINT), reach=Reach.PERSON, build=_build)
