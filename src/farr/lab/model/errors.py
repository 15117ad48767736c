"""The root of every error that Farr raises on purpose. Its message is safe to show: it names things, never a record's value."""


class FarrError(Exception):
    """Says what happened, to which file, row or setting, and what to do."""
