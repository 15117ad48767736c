"""Planned hip replacement."""

from farr.lab.marts.pathways.pathway import Pathway

PATHWAY = Pathway(
    title="Planned hip replacement",
    why="One operation in great numbers: joint schools, mobilising on the day and agreed follow-up make stays and visits differ "
    "more than patients do.",
    source="OPCS-4 W37 to W39, W93 to W95; no standard was verified, so providers are set beside the best quarter of them",
    codelist="hip_replacement",
    kinds=("DC", "EL"),
    specialties=("108", "110", "111"),
    before=90,
    after=90,
    standards={},
    around=("joint school", "physiotherapy in the community"),
)
