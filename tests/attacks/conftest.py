"""How the numbers of an attack reach the end of the run: with the report of its test (`tests/conftest.py` prints them)."""

import itertools

import pytest

from .attacker.releases import Desk
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


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """desk(policy) answers through the gate, of ledgers that nobody asked before."""
    folders = (tmp_path / str(at) for at in itertools.count())
    return lambda policy: Desk(next(folders), policy, monkeypatch)
