"""Readmission, by definitions that are kept apart: RE30 (PbR), I02040 (NHS Digital) and NHP. They are not to be compared."""
