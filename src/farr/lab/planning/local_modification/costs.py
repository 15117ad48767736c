"""Costs adjusted for casemix: what a provider's work cost, over what the same work costs in the nation.

Source: the reference cost index of the Department of Health's "Reference costs guidance", which the National Cost Collection index of NHS
England carries on: actual cost over activity × national mean unit cost, with and without each provider's market forces factor.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.measures.statistics.arrays import FloatArray


@dataclass(frozen=True, kw_only=True)
class CostLines:
    """Arrays of one length: whose, which line of work (point of delivery and HRG or chapter), spells, and pounds."""

    provider: tuple[str, ...]
    line: tuple[tuple[str, str], ...]
    activity: FloatArray
    cost: FloatArray

    @classmethod
    def of_year(cls, table: pa.Table, year: str) -> "CostLines":
        """The lines of a financial year, such as 2024/25, of the table provider_cost; those without activity left out."""
        rows = [row for row in table.to_pylist() if row["Financial_Year"] == year and row["Activity"] > 0]
        return cls(
            provider=tuple(row["Provider_Code"] for row in rows),
            line=tuple((row["Point_of_Delivery"], row["Service_Code"]) for row in rows),
            activity=np.array([row["Activity"] for row in rows], dtype=np.float64),
            cost=np.array([row["Cost"] for row in rows], dtype=np.float64),
        )


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a provider's work in an HRG chapter cost: spells and pounds."""

    activity: float
    cost: float


def cost_index(lines: CostLines, factors: Mapping[str, float] | None = None) -> dict[str, float]:
    """By provider: cost over what its activity costs at the nation's mean unit cost of each line; 1 is the nation. With `factors` (market
    forces, by provider) every cost is divided by its provider's own first, and providers without one are left out of the index and of the
    national means."""
    known = np.array([factors is None or code in factors for code in lines.provider], dtype=bool)
    place = np.array([1.0 if factors is None else factors.get(code, 1.0) for code in lines.provider])
    cost = np.where(known, lines.cost / place, 0.0)
    activity = np.where(known, lines.activity, 0.0)
    named = sorted(set(lines.line))
    at = np.array([named.index(each) for each in lines.line], dtype=np.int64)
    with np.errstate(invalid="ignore"):
        unit = np.bincount(at, weights=cost, minlength=len(named)) / np.bincount(at, weights=activity, minlength=len(named))
    expected = np.where(known, activity * unit[at], 0.0) if named else activity
    found: dict[str, float] = {}
    for code in sorted({code for code, is_known in zip(lines.provider, known, strict=True) if is_known}):
        own = np.array([each == code for each in lines.provider], dtype=bool)
        if expected[own].sum() > 0:
            found[code] = float(cost[own].sum() / expected[own].sum())
    return found


def services_of(lines: CostLines, provider: str) -> dict[str, Service]:
    """By HRG chapter what the provider's work cost; an HRG counts to the chapter of its first letter."""
    found: dict[str, Service] = {}
    for code, (_, service), activity, cost in zip(lines.provider, lines.line, lines.activity, lines.cost, strict=True):
        if code == provider:
            before = found.get(service[0], Service(activity=0.0, cost=0.0))
            found[service[0]] = Service(activity=before.activity + float(activity), cost=before.cost + float(cost))
    return dict(sorted(found.items()))
