"""Denied: why somebody may not do this, in words for them."""

from farr.lab.model.errors import FarrError


class Denied(FarrError):
    """The answer is no; the message says why, and what would have to change. It is written to the audit."""
