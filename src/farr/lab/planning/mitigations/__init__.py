"""Mitigations: what might be done so that less activity, or shorter stays, are needed; one declaration in one file."""
