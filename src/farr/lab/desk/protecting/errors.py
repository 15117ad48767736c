"""What goes wrong with a table that somebody brings."""

from farr.lab.model.errors import FarrError


class ProtectError(FarrError):
    """A table that cannot be read, protected or written as asked; the message names file, column and code, and never a figure."""
