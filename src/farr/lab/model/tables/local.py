"""Care outside hospital, as a region's own suppliers count it: activity and cost in aggregates, beside the hospital's records."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import FARR, HES, MONEY

_OWN = "the region's own supplier of the aggregates; the layout is Farr's own"
SETTINGS: dict[str, str] = {
    "primary": "Primary care",
    "community": "Community care",
    "mental_health": "Mental health",
    "prescribing": "Prescribing",
    "continuing_care": "Continuing care",
    "social_care": "Social care",
}
"""Settings of care outside hospital, in the order that they are shown in."""

_SENT = (
    Column(name="Care_Setting", type="string", source=_OWN, meaning="primary, community, mental_health, prescribing, continuing_care or "
           "social_care"),
    Column(name="Activity_Month", type="string", source=_OWN, meaning="Month that it was given in, such as 2024-05"),
    Column(name="Sex", type="string", source=_OWN, meaning="1 male, 2 female; null where the line is of both"),
    Column(name="Unit", type="string", source=_OWN, meaning="What is counted: contacts, attendances, items, days and so on; block where a sum "
           "is paid whatever is done"),
    Column(name="Activity", type=MONEY, source=_OWN, meaning="How many; null of a block sum"),
    Column(name="Cost", type=MONEY, source=_OWN, meaning="Pounds that the commissioner pays for it; null where it is not costed"),
    Column(name="Source", type="string", source=_OWN, meaning="Who counted it, such as a provider or a system: its months are replaced together"),
)  # fmt: skip

LOCAL_ACTIVITY = TableDeclaration(
    name="local_activity",
    title="Local activity",
    description="Activity and cost of care outside hospital, in aggregates: a row a source, commissioner or practice, setting, service, month "
    "and, where it is told, age and sex. A row of fewer than eight people is never held.",
    kind=TableKind.REFERENCE,
    policy="supplied_aggregates",
    part=("Source", "Care_Setting", "Activity_Month"),
    key=("Source", "Commissioner_Code", "GP_Practice_Code", "Care_Setting", "Service", "Activity_Month", "Age_Band", "Sex", "Unit"),
    columns=(
        Column(name="Commissioner_Code", type="string", source=_OWN, meaning="Who pays; null where the practice says it"),
        Column(name="GP_Practice_Code", type="string", source=_OWN, meaning="Practice that it is of; null where it is of all the commissioner's"),
        Column(name="Service", type="string", source=_OWN, meaning="What was given, in the supplier's words; all where it is not broken down"),
        Column(name="Age_Band", type="string", source=_OWN, meaning="Five-year band such as 00-04, or a wide one such as 00-14; null where the "
               "line is of all ages"),
        Column(name="People", type="int64", source=_OWN, meaning="How many people it was given to, where it is known"),
        *_SENT,
    ),
)  # fmt: skip

LOCAL_CARE = TableDeclaration(
    name="local_care",
    title="Care outside hospital",
    description="The same by the organisations that there are now, with the region and wide age groups. Totals of it are asked of the gate, "
    "which shows them as they are: what could be small was kept out at the door.",
    kind=TableKind.MART,
    policy="supplied_aggregates",
    key=("Source", "Commissioner_Code_As_Was", "GP_Practice_Code_As_Was", "Local_Service", "Activity_Month", "Age_Band", "Sex", "Unit"),
    month="Activity_Month",
    derived_from=("local_activity", "organisation"),
    columns=(
        Column(name="Commissioner_Code", type="string", source=_OWN, meaning="Who pays, by today's code; of the practice's commissioner now where "
               "only a practice was sent"),
        Column(name="Commissioner_Code_As_Was", type="string", source=_OWN, meaning="Commissioner as it was sent, or of which the practice is "
               "listed as a member"),
        Column(name="Commissioner_Region_Code", type="string", source=HES, meaning="Region of the commissioner"),
        Column(name="GP_Practice_Code_As_Was", type="string", source=_OWN, meaning="Practice as it was sent, before any merger since"),
        Column(name="Local_Service", type="string", source=FARR, meaning="Setting and service, such as community/district nursing"),
        Column(name="Age_Band", type="string", source=_OWN, meaning="As it was sent"),
        Column(name="Age_Group", type="string", source=FARR, meaning="Wide band of age: 00-14, 15-44, 45-64, 65-74, 75-84 or 85+; null where no "
               "age was sent"),
        *_SENT,
    ),
)  # fmt: skip
