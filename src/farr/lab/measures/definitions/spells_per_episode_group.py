"""Admissions in an episode of illness."""

from datetime import date

from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import EPISODE_GROUP

GROUP = EPISODE_GROUP.unbound

MEASURE = Measure(
    title="Admissions in an episode of illness",
    theme=Theme.MONEY,
    why="How often people go in and out before an illness is over. More than elsewhere may mean that they were sent home too early, were "
    "moved between hospitals, or that treatment is given in stages.",
    definition="Admitted spells divided by the episode groups that ended in the period. An episode group is one person's spells for one "
    "category of condition with no longer gap than the clean period (an open grouping; not ETG). A transfer begins a new spell and "
    "counts; an admission for something else does not. A group is counted where its first spell was.",
    source="Episode groups of Farr (clean period and categories: see the mart)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=EPISODE_GROUP,
    denominator=GROUP.Spell_Count.notnull(),
    value=GROUP.Spell_Count,
    unit="spells an episode of illness",
    decimals=2,
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=("episode_group", "age_band", "sex"),
)
