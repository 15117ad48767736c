"""Emergency admissions with a stroke."""

from farr.lab.planning.variation.interest import DIAGNOSIS, Interest, Varies

INTEREST = Interest(
    title="Emergency admissions with a stroke",
    why="Nearly every stroke is admitted: rates should follow need, and prevention.",
    varies=Varies.EFFECTIVE,
    source="Code list stroke; the choice is Farr's and not clinically signed off",
    field=DIAGNOSIS,
    codes="stroke",
    admitted="emergency",
)
