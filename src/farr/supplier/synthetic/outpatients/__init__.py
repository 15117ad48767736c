"""Outpatient appointments, kept or not."""
