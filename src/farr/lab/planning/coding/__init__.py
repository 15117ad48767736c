"""Coding anomalies: indicators of coding and of care, what would be expected of them, and who differs by more than chance."""
