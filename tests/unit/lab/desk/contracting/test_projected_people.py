"""Whose people an organisation's activity goes with."""

from types import SimpleNamespace

import pytest

from farr.lab.desk.contracting.projecting import _area
from farr.lab.planning.projection.uncertain import ProjectionError

DESK = SimpleNamespace(organisations=SimpleNamespace(parents={("provider", "RAA"): "Y91", ("provider", "RBB"): None}))


@pytest.mark.parametrize(("code", "level"), [("01A", "commissioner"), ("Y91", "region"), ("national", "national")])
def test_an_area_has_its_own_people(code, level):
    assert _area(DESK, code, level) == (level, code)


def test_a_provider_goes_with_its_region():
    assert _area(DESK, "RAA", "provider") == ("region", "Y91")


@pytest.mark.parametrize("code", ["RBB", "RCC"])
def test_a_provider_without_a_region_goes_with_nobody(code):
    with pytest.raises(ProjectionError, match=code):
        _area(DESK, code, "provider")
