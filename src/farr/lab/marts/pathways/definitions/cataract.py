"""Cataract extraction."""

from farr.lab.marts.pathways.pathway import Pathway

PATHWAY = Pathway(
    title="Cataract extraction",
    why="The commonest planned operation there is. Most of its cost beside the theatre is visits: one-stop assessment and follow-up by "
    "optometrists need few.",
    source="OPCS-4 C71, C72 and C74; no standard was verified, so providers are set beside the best quarter of them",
    codelist="cataract_extraction",
    kinds=("DC", "EL"),
    specialties=("130", "460"),
    before=60,
    after=60,
    standards={},
    around=("follow-up by optometrists",),
)
