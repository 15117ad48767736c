"""Resource groups of outpatient attendances without a procedure (HRG4+, chapter WF), and what they cost beside a first attendance in
person; the shares are invented."""

ATTENDANCE_GROUPS = {
    "WF01B": "Outpatient attendance in person, first",
    "WF01A": "Outpatient attendance in person, follow-up",
    "WF01D": "Outpatient attendance not in person, first",
    "WF01C": "Outpatient attendance not in person, follow-up",
    "WF02B": "Outpatient attendance of several professions, first",
    "WF02A": "Outpatient attendance of several professions, follow-up",
}
SHARE_OF_FIRST = (1.0, 0.48, 0.62, 0.4, 1.35, 0.7)
