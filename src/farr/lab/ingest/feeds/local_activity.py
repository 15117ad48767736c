"""Care outside hospital in aggregates: Farr's own layout, for no national one has all six settings in it.

A source's months of a setting are replaced by the next file that holds them, for all its commissioners. It is about people, though no row is
about one: a row of 1 to 7 people is set aside, and nothing smaller than what is held can be made of it (disclosure/policies/
supplied_aggregates.py). Suppliers add small rows to others: of a wider age band, of both sexes, or of a service that takes in several.
"""

import ibis.expr.types as ir

from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, RowCheck, kept
from farr.lab.ingest.published import BANDS, MALE_OR_FEMALE, ORGANISATION_CODE, band, lower, sex, upper
from farr.lab.model.age import AGE_GROUPS
from farr.lab.model.tables.local import LOCAL_ACTIVITY, SETTINGS

_COUNTED = "A count or sum of eight people or more; about no one person"
_OF_ONE_PERSON = ("days", "nights", "weeks", "hours")
_OF_PEOPLE = ("people", "packages")
BLOCK = "block"
_UNITS = ("contacts", "appointments", "attendances", "items", *_OF_PEOPLE, *_OF_ONE_PERSON, BLOCK)
LEAST_PEOPLE = 8
"""Counts of 1 to 7 are small, as in NHS Digital's rule for sub-national counts (hes_2018)."""
_MOST = 1e10


def _month(value: ir.StringColumn) -> ir.StringValue:
    """'202404' and a day such as 2024-04-01 become 2024-04; all else stays."""
    plain = value.re_search("^[0-9]{6}$").ifelse(value.left(4) + "-" + value.substr(4, 2), value)
    return plain.re_search("^[0-9]{4}-[0-9]{2}-[0-9]{2}").ifelse(plain.left(7), plain)


def _setting(value: ir.StringColumn) -> ir.StringValue:
    """'Mental Health' becomes mental_health, and CHC continuing_care; all else stays, in lower case."""
    plain = value.lower().re_replace("[ -]+", "_")
    return plain.cases(("chc", "continuing_care"), ("primary_care", "primary"), ("community_care", "community"), else_=plain)


def _is_of_somebody(row: ir.Table) -> ir.BooleanValue:
    return row.Commissioner_Code.notnull() | row.GP_Practice_Code.notnull()


def _is_not_small(row: ir.Table) -> ir.BooleanValue:
    count = row.People.cast("decimal(18, 2)").coalesce(row.Activity)
    is_small = (count > 0) & (count < LEAST_PEOPLE) | ((row.People == 0) & (row.Activity > 0))
    return (row.Unit == BLOCK) | ~is_small.fill_null(False)


def _says_how_many_people(row: ir.Table) -> ir.BooleanValue:
    return ~row.Unit.isin(_OF_ONE_PERSON) | row.People.notnull() | (row.Activity == 0)


def _is_counted_or_block(row: ir.Table) -> ir.BooleanValue:
    return (row.Unit == BLOCK) == row.Activity.isnull()


FEED = Feed(
    title="Local activity",
    description="Activity and cost of primary, community, mental-health, continuing and social care and of prescribing, in aggregates by month.",
    source="The region's own suppliers; the layout is Farr's own",
    table=LOCAL_ACTIVITY,
    activity_date=None,
    columns=(
        kept(LOCAL_ACTIVITY, "Commissioner_Code", _COUNTED, recode=upper, checks=(ORGANISATION_CODE,)),
        kept(LOCAL_ACTIVITY, "GP_Practice_Code", _COUNTED, aliases=("PRACTICE_CODE", "PRACTICE"), recode=upper, checks=(ORGANISATION_CODE,)),
        kept(LOCAL_ACTIVITY, "Care_Setting", _COUNTED, aliases=("SETTING",), recode=_setting, needed=True, may_be_null=False,
             checks=(one_of(SETTINGS, "settings of care"),)),
        kept(LOCAL_ACTIVITY, "Service", _COUNTED, recode=lower, needed=True, may_be_null=False,
             checks=(shaped("[a-z0-9][a-z0-9 &'()_-]{0,79}", "a service's name: letters, digits and spaces"),)),
        kept(LOCAL_ACTIVITY, "Activity_Month", _COUNTED, aliases=("MONTH",), recode=_month, needed=True, may_be_null=False,
             checks=(shaped("[0-9]{4}-(0[1-9]|1[0-2])", "a month such as 2024-04"),)),
        kept(LOCAL_ACTIVITY, "Age_Band", _COUNTED, aliases=("AGE_GROUP",), recode=band,
             checks=(one_of((*BANDS, *AGE_GROUPS), f"five-year age bands such as 00-04, and wide ones: {', '.join(AGE_GROUPS)}"),)),
        kept(LOCAL_ACTIVITY, "Sex", _COUNTED, recode=sex, checks=(MALE_OR_FEMALE,)),
        kept(LOCAL_ACTIVITY, "Unit", _COUNTED, recode=lower, needed=True, may_be_null=False, checks=(one_of(_UNITS, "what is counted"),)),
        kept(LOCAL_ACTIVITY, "Activity", _COUNTED, needed=True, checks=(between(0, _MOST, "activity"),)),
        kept(LOCAL_ACTIVITY, "People", _COUNTED, aliases=("PATIENTS", "CLIENTS"), checks=(between(0, 100_000_000, "people"),)),
        kept(LOCAL_ACTIVITY, "Cost", _COUNTED, aliases=("COST_GBP",), needed=True, checks=(between(0, _MOST, "pounds"),)),
        kept(LOCAL_ACTIVITY, "Source", _COUNTED, aliases=("SUPPLIER",), needed=True, may_be_null=False,
             checks=(shaped("[A-Za-z0-9][A-Za-z0-9 &'()_.-]{0,79}", "a source's name"),)),
    ),
    row_checks=(
        RowCheck(rule="whose", reason="neither a commissioner nor a practice", column="Commissioner_Code", passes=_is_of_somebody),
        RowCheck(
            rule="small number", column="Activity", passes=_is_not_small,
            reason=f"of fewer than {LEAST_PEOPLE} people (or, where people are not told, of fewer than {LEAST_PEOPLE} contacts or items); have it "
            "added to another row",
        ),
        RowCheck(
            rule="people not told", column="People", passes=_says_how_many_people,
            reason=f"counted in {', '.join(_OF_ONE_PERSON)}, of which one person has many; the column People must say of how many it is",
        ),
        RowCheck(
            rule="block", column="Activity", passes=_is_counted_or_block,
            reason="no activity, and not a block sum; or a block sum with activity, which is then to be sent in its own unit",
        ),
    ),
)  # fmt: skip
