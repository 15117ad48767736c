"""In which quarter of the organisations of the level one stands."""

from farr.lab.measures.norm import Norm, everyone

NORM = Norm(
    title="Quartiles",
    why="Where the organisation stands in order, whatever the distance between neighbours.",
    definition="All organisations of the same level with released figures, put into 4 groups by their figure: 1 holds the "
    "lowest. Ties share the lowest rank's group; there are no groups where there are fewer organisations than groups.",
    source="Quantile groups as Public Health England computes them (phe_quantile)",
    levels=("provider", "commissioner", "practice", "locality", "postcode_district", "region"),
    members=everyone,
    total="national",
    groups=4,
)
