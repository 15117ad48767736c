"""Text that a spreadsheet would run as a formula is made plain text."""

from typing import Any

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(value: Any) -> Any:
    """The value; a text that begins like a formula with an apostrophe before it, by which spreadsheets know a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
