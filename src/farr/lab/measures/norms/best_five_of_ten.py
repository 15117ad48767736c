"""The best five of the similar ten."""

from dataclasses import replace

from farr.lab.measures.norms import similar_ten

NORM = replace(
    similar_ten.NORM,
    title="Best five of ten",
    why="What the better half of similar organisations achieve: a goal within reach of an organisation like this one.",
    definition="Of the similar ten, the five whose figures are best by the measure's direction, pooled. Not made for measures of which "
    "neither end is better, nor for standardised ratios. The best five of ten are best partly by luck: their figure next year will on "
    "average lie nearer to the rest (regression to the mean), so a gap to it overstates what can be gained.",
    source=f"NHS RightCare, opportunity against the best five of the similar ten (its annex was not found). {similar_ten.NORM.source}",
    best=5,
)
