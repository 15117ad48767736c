"""Admissions with a broken hip."""

from farr.lab.planning.variation.interest import DIAGNOSIS, Interest, Varies

INTEREST = Interest(
    title="Admissions with a broken hip",
    why="Everybody with a broken hip is admitted, so rates follow need. What varies here beyond age, sex and deprivation is a "
    "yardstick for all else (McPherson and others found it among the least variable).",
    varies=Varies.EFFECTIVE,
    source="Code list hip_fracture (ICD-10 S72.0 to S72.2); the choice is Farr's and not clinically signed off",
    field=DIAGNOSIS,
    codes="hip_fracture",
    admitted="emergency",
)
