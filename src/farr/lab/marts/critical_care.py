"""Critical care joined to admitted care: by the episode in which the period began.

Source: NCDR (CC records carry APCE_Ident). A period joins only where it is the same known person's: a period whose person is not
known, or is another than the episode's, stands alone, for a row of a mart rests on one person's rows.
"""

import ibis.expr.types as ir

CRITICAL_CARE = ("Critical_Care_Periods", "Critical_Care_Days", "Critical_Care_Level_3_Days", "Critical_Care_Cost")


def with_critical_care(episodes: ir.Table, periods: ir.Table) -> ir.Table:
    """The episodes with the number of their critical-care periods, their days, days at level 3 and cost (pounds); 0 without."""
    known = periods.filter(periods.Der_Pseudo_NHS_Number.notnull(), periods.APCE_Ident.notnull())
    summed = known.group_by(CC_Episode=known.APCE_Ident, CC_Person=known.Der_Pseudo_NHS_Number).aggregate(
        Critical_Care_Periods=known.count(),
        Critical_Care_Days=known.CC_Days_LOS.fill_null(0).sum(),
        Critical_Care_Level_3_Days=known.CC_Level_3_Days.fill_null(0).sum(),
        Critical_Care_Cost=known.CC_Total_Cost.fill_null(0).sum(),
    )
    same = [episodes.APCE_Ident == summed.CC_Episode, episodes.Der_Pseudo_NHS_Number == summed.CC_Person]
    joined = episodes.left_join(summed, same)
    return joined.mutate(**{name: joined[name].fill_null(0) for name in CRITICAL_CARE}).drop("CC_Episode", "CC_Person")
