"""The episode group mart: the admitted spells of one course of care of one condition. Open, and not ETG.

Source: the idea of a clean period is Symmetry's ETG as publicly described; categories and clean periods are Farr's (code groups
episode_group), not verified against any published grouper. A spell goes on with a group where it begins no later than the clean
period after the latest discharge so far. Regular attenders' spells count like others. A spell without a category, or of a person
who is not known, cannot be followed: the first is left out, the second stands alone.

A group is counted in the month of its latest discharge, finished or not: only the data still to come can say. It is known to be
finished once its clean period has passed, so figures of the last three months may still move to later ones.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.model.codegroup import load_codegroups
from farr.lab.model.tables.activity import AGE_BAND, PERSON_AND_PLACE, REGIONS
from farr.lab.model.tables.sus import APC_SPELL, EPISODE_GROUP

CLEAN_DAYS = 30  # where the code groups say nothing else
_FROM_FIRST = tuple(column.name for column in (*PERSON_AND_PLACE, *REGIONS, AGE_BAND))


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = tables["apc_spell"]
    groups = _one_row_each(_numbered(spells.filter(spells.Episode_Group_Code.notnull())))
    return groups.mutate(Activity_Month=groups.End_Date.cast("string").left(7))


def _numbered(spells: ir.Table) -> ir.Table:
    """The spells with Thread (person and category), Group_Number within it, and Is_First of the group."""
    person = ibis.coalesce(spells.Der_Pseudo_NHS_Number, ibis.literal("spell ") + spells.Spell_Key.cast("string"))
    rows = spells.mutate(Thread=person, Clean=load_codegroups("episode_group").clean_days(spells.Episode_Group_Code, CLEAN_DAYS))
    by = [rows.Thread, rows.Episode_Group_Code]
    order = [rows.Admission_Date, rows.Discharge_Date, rows.Spell_Key]
    latest = rows.Discharge_Date.max().over(ibis.window(group_by=by, order_by=order, preceding=(None, 1)))
    rows = rows.mutate(Is_First=~(rows.Admission_Date.delta(latest, unit="day") <= rows.Clean).fill_null(False))
    ordered = {
        "group_by": [rows.Thread, rows.Episode_Group_Code],
        "order_by": [rows.Admission_Date, rows.Discharge_Date, rows.Spell_Key],
    }
    so_far = ibis.window(**ordered, preceding=None, following=0)
    return rows.mutate(
        Group_Number=rows.Is_First.cast("int32").sum().over(so_far),
        Is_Last=rows.Is_First.lead().over(ibis.window(**ordered)).fill_null(True),
    )


def _one_row_each(rows: ir.Table) -> ir.Table:
    # Nearly all groups are of one spell, whose values are the group's: gathering those as well takes longer than all the rest.
    alone = rows.Is_First & rows.Is_Last
    one, several = rows.filter(alone), rows.filter(~alone)
    grouped = several.group_by(Thread=several.Thread, Episode_Group_Code=several.Episode_Group_Code, Group_Number=several.Group_Number)
    gathered = grouped.aggregate(
        **{name: several[name].max(where=several.Is_First) for name in _FROM_FIRST},
        Episode_Group_Key=several.Spell_Key.max(where=several.Is_First),
        Start_Date=several.Admission_Date.min(),
        End_Date=several.Discharge_Date.max(),
        Spell_Count=several.count(),
        Emergency_Spell_Count=_emergencies(several).sum(),
        Bed_Days=several.Length_of_Stay.sum(),
        Grand_Total=several.Grand_Total.sum(),
    )
    columns = gathered.schema()
    taken = one.select(
        "Thread",
        "Episode_Group_Code",
        "Group_Number",
        *_FROM_FIRST,
        Episode_Group_Key=one.Spell_Key,
        Start_Date=one.Admission_Date,
        End_Date=one.Discharge_Date,
        Spell_Count=ibis.literal(1),
        Emergency_Spell_Count=_emergencies(one),
        Bed_Days=one.Length_of_Stay,
        Grand_Total=one.Grand_Total,
    )
    return ibis.union(taken.cast(columns), gathered)


def _emergencies(spells: ir.Table) -> ir.IntegerValue:
    return (spells.Der_Management_Type == "EM").cast("int32")


MART = Mart(table=EPISODE_GROUP, reads=(APC_SPELL,), reach=Reach.PERSON, build=_build)
