"""Cost of an episode of illness."""

from datetime import date

from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import EPISODE_GROUP

GROUP = EPISODE_GROUP.unbound

MEASURE = Measure(
    title="Cost of an episode of illness",
    theme=Theme.MONEY,
    why="One course of illness may take several admissions. Its whole cost shows what a price per spell hides: a cheap first stay that is "
    "followed by two more is not cheap.",
    definition="Pounds paid (as fed) for all admitted spells of an episode group, divided by the episode groups that ended in the period "
    "and of which a cost is known. An episode group is one person's spells for one category of condition with no longer gap than the "
    "clean period (an open grouping; not ETG). Outpatients, A&E and care outside hospital are not in it. A group is counted where its "
    "first spell was. Compare by category of condition: the mean over all depends on which illnesses there are.",
    source="Episode groups of Farr (clean period and categories: see the mart); NCDR SUS PbR data set (Grand_Total)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=EPISODE_GROUP,
    denominator=GROUP.Grand_Total.notnull(),
    value=GROUP.Grand_Total,
    unit="£ an episode of illness",
    decimals=0,
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=("episode_group", "age_band", "sex"),
)
