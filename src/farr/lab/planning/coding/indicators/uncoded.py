"""Admissions without a usable HRG."""

from farr.lab.planning.coding.indicator import EVERY, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="No usable HRG",
    subject=Subject.CODING,
    says="Admissions whose HRG is blank or UZ01Z, against the nation's share for the same kind of admission and specialty.",
    why="What could not be grouped is not paid by its work. Mostly it is coding that is late; months later it is coding that never came.",
    source="HRG4+ (UZ01Z, data invalid for grouping); NCDR SUS PbR data set (Spell_Core_HRG)",
    where=EVERY,
    numerator=~ROWS.Has_Usable_HRG,
    strata=("admission_type", "specialty"),
    unit="% of admissions",
    per=100,
    decimals=2,
)
