"""Coding anomalies: asked of the gate, derived, written and said."""
