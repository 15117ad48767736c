"""Who should have paid: the commissioner of which the practice was a member at the time."""

from datetime import date

import ibis
import ibis.expr.types as ir

_ALWAYS, _FOR_EVER = date(1, 1, 1), date(9999, 12, 31)  # a membership without a first or last day


def of_another(spells: ir.Table, parents: ir.Table, current: ir.Table) -> ir.Table:
    """Elsewhere_Key: the Spell_Key of spells paid by a commissioner of which the practice was a member neither on the day of admission
    nor on that of discharge, where its membership on admission is known. Organisations are compared as they are now: who took over
    another's people pays for them."""
    members = _members(parents, current)
    paid = spells.select(
        Elsewhere_Key="Spell_Key", Practice="GP_Practice_Code_As_Was", Payer="Commissioner_Code", Came="Admission_Date",
        Went="Discharge_Date",
    )  # fmt: skip
    others = paid.inner_join(members, [paid.Practice == members.Member, paid.Came >= members.Since, paid.Came <= members.Until])
    others = others.filter(others.Payer != others.Body).select(*paid.columns).distinct()
    theirs = members.select(Their_Member="Member", Their_Body="Body", Their_Since="Since", Their_Until="Until")
    right = others.inner_join(theirs, [others.Practice == theirs.Their_Member, others.Payer == theirs.Their_Body])
    on_admission = (right.Came >= right.Their_Since) & (right.Came <= right.Their_Until)
    on_discharge = (right.Went >= right.Their_Since) & (right.Went <= right.Their_Until)
    right = right.filter(on_admission | on_discharge).select(Right_Key="Elsewhere_Key")
    return others.anti_join(right, others.Elsewhere_Key == right.Right_Key).select("Elsewhere_Key").distinct()


def _members(parents: ir.Table, current: ir.Table) -> ir.Table:
    """Member, Body (as it is now), Since and Until, of each membership of a practice."""
    held = parents.filter(parents.Organisation_Level == "practice", parents.Parent_Code.notnull())
    held = held.left_join(current, held.Parent_Code == current.Former_Code)
    return held.select(
        Member=held.Organisation_Code,
        Body=ibis.coalesce(held.Current_Code, held.Parent_Code),
        Since=held.Join_Date.fill_null(ibis.literal(_ALWAYS)),
        Until=held.Left_Date.fill_null(ibis.literal(_FOR_EVER)),
    )
