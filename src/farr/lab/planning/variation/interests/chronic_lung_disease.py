"""Emergency admissions with chronic obstructive pulmonary disease."""

from farr.lab.planning.variation.interest import DIAGNOSIS, Interest, Varies

INTEREST = Interest(
    title="Emergency admissions with chronic obstructive pulmonary disease",
    why="A flare-up may be treated at home or in a bed, and smoking differs between places.",
    varies=Varies.SUPPLY,
    source="ICD-10 J44 as primary diagnosis; the choice is Farr's and not clinically signed off",
    field=DIAGNOSIS,
    codes="J44",
    admitted="emergency",
)
