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
    so_far = ibis.window(
        group_by=[rows.Thread, rows.Episode_Group_Code],
        order_by=[rows.Admission_Date, rows.Discharge_Date, rows.Spell_Key],
        preceding=None,
        following=0,
    )
    return rows.mutate(Group_Number=rows.Is_First.cast("int32").sum().over(so_far))


def _one_row_each(rows: ir.Table) -> ir.Table:
    grouped = rows.group_by(Thread=rows.Thread, Episode_Group_Code=rows.Episode_Group_Code, Group_Number=rows.Group_Number)
    return grouped.aggregate(
        **{name: rows[name].max(where=rows.Is_First) for name in _FROM_FIRST},
        Episode_Group_Key=rows.Spell_Key.max(where=rows.Is_First),
        Start_Date=rows.Admission_Date.min(),
        End_Date=rows.Discharge_Date.max(),
        Spell_Count=rows.count(),
        Emergency_Spell_Count=(rows.Der_Management_Type == "EM").cast("int32").sum(),
        Bed_Days=rows.Length_of_Stay.sum(),
        Grand_Total=rows.Grand_Total.sum(),
    )


MART = Mart(table=EPISODE_GROUP, reads=(APC_SPELL,), reach=Reach.PERSON, build=_build)
