"""Emergency admissions that care outside hospital could often prevent."""

from farr.lab.planning.variation.interest import DIAGNOSIS, Interest, Varies

INTEREST = Interest(
    title="Emergency admissions that care outside hospital could often prevent",
    why="Rates follow how well long-term conditions are cared for outside hospital, and how easily a bed is given.",
    varies=Varies.SUPPLY,
    source="Code list ambulatory_care_sensitive; the choice is Farr's and not clinically signed off",
    field=DIAGNOSIS,
    codes="ambulatory_care_sensitive",
    admitted="emergency",
)
