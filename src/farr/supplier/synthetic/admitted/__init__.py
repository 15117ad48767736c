"""Admitted care: arrivals, spells, episodes and critical care, month by month."""
