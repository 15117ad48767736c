"""How much of what could be gone through without end is, in `make test`; all of it in `make attacks`."""

import os
from collections.abc import Iterable

WHOLE = os.environ.get("FARR_TESTS") == "whole"


def some(count: int) -> int:
    """Of made-up countries, two fifths."""
    return count if WHOLE else -(-count * 2 // 5)


def a_third(names: Iterable[str], which: int) -> list[str]:
    """Of things that are gone through in several places, the first (0), second or last third, so that three places go through all."""
    every = list(names)
    return every if WHOLE else every[which % max(1, min(3, len(every))) :: 3]
