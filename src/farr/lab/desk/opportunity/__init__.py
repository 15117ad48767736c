"""Opportunities of an organisation: benchmarks asked, valued with their uncertainty, overlaps taken off, worded and drawn."""
