"""How much of what could be gone through without end is, in `make test`; all of it in `make attacks`."""

import os

WHOLE = os.environ.get("FARR_TESTS") == "whole"


def some(count: int) -> int:
    """Of made-up countries, two fifths."""
    return count if WHOLE else -(-count * 2 // 5)
