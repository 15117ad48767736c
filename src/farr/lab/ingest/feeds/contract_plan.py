"""Contract plans: Farr's own layout, with names that Aggregate Contract Monitoring has as aliases. A provider's months are replaced by the
next file that holds them: a plan that changes is sent again for all its commissioners.
"""

import ibis.expr.types as ir

from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import ORGANISATION_CODE, upper
from farr.lab.model.tables.contracting import CONTRACT_PLAN

_PLANNED = "A planned total; about no person"
_DELIVERIES = ("DC", "EL", "NEL", "NELST", "NELNE", "RDA", "RNA")
_MOST = 10_000_000


def _month(value: ir.StringColumn) -> ir.StringValue:
    """'202404' and a day such as 2024-04-01 become 2024-04; all else stays."""
    compact = value.left(4) + "-" + value.substr(4, 2)
    plain = value.re_search("^[0-9]{6}$").ifelse(compact, value)
    return plain.re_search("^[0-9]{4}-[0-9]{2}-[0-9]{2}").ifelse(plain.left(7), plain)


FEED = Feed(
    title="Contract plans",
    description="Planned activity and money by provider, commissioner, point of delivery, specialty and month.",
    source="Aggregate Contract Monitoring (ACM) data set, DCB2050 (NHS England); the layout is Farr's own",
    table=CONTRACT_PLAN,
    activity_date=None,
    columns=(
        kept(CONTRACT_PLAN, "Provider_Code", _PLANNED, recode=upper, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(CONTRACT_PLAN, "Commissioner_Code", _PLANNED, recode=upper, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(CONTRACT_PLAN, "Point_of_Delivery", _PLANNED, aliases=("POD",), recode=upper, needed=True, may_be_null=False,
             checks=(one_of(_DELIVERIES, "points of delivery of admitted care"),)),
        kept(CONTRACT_PLAN, "Treatment_Function_Code", _PLANNED, aliases=("TFC", "SPECIALTY"), recode=upper, needed=True,
             may_be_null=False, checks=(shaped("[0-9]{3}|ALL", "a treatment function such as 100, or ALL"),)),
        kept(CONTRACT_PLAN, "Activity_Month", _PLANNED, aliases=("MONTH",), recode=_month, needed=True, may_be_null=False,
             checks=(shaped("[0-9]{4}-(0[1-9]|1[0-2])", "a month such as 2024-04"),)),
        kept(CONTRACT_PLAN, "Planned_Activity", _PLANNED, aliases=("ACTIVITY_PLAN",), needed=True, may_be_null=False,
             checks=(between(0, _MOST, "planned activity"),)),
        kept(CONTRACT_PLAN, "Planned_Finance", _PLANNED, aliases=("PRICE_PLAN", "FINANCE_PLAN"), needed=True, may_be_null=False,
             checks=(between(0, 1e10, "planned pounds"),)),
    ),
)  # fmt: skip
