"""A critical-care day after a bypass."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="critical-care day",
    units="critical-care days",
    price=Price.CRITICAL_CARE_DAY,
    means=Means.PAYMENT,
    pool="critical_care",
    source="The cost of critical care by HRG as fed (CC_Total_Cost over CC_Days_LOS), the mean of all critical-care days",
    limits="The day on a ward that takes its place is not taken off. Days after a bypass may be dearer than the average critical-care day.",
)
