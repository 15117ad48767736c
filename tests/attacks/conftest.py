"""How the numbers of an attack reach the end of the run: with the report of its test (`tests/conftest.py` prints them)."""

import pytest

from .attacker.tally import Tally


@pytest.fixture
def tally(request: pytest.FixtureRequest):
    """tally(name, against="Farr") begins to count; the numbers are written when the test is over, passed or not."""
    opened: list[Tally] = []

    def begin(name: str, against: str = "Farr") -> Tally:
        opened.append(Tally(name=name, against=against))
        request.node.user_properties.append(("attack", vars(opened[-1])))
        return opened[-1]

    return begin
