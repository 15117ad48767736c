"""Collapsing: cells that differ by specialty alone grow alike, and are projected as one; specialties have their shares of it, and sites.

This changes no figure: everything that is done to a cell is done to every one of its point of delivery, age and sex that the same drivers
and mitigations concern, and all that is shown is a sum over cells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from farr.lab.planning.projection.cells import Baseline, Cells, Flags
from farr.lab.planning.projection.uncertain import Floats

_Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """By pair of point of delivery and specialty (or site), which share of each collapsed cell is of it: of its activity, of its bed days,
    of its payments, and by mitigation of what moves elsewhere, there. Arrays of shape (pairs, cells)."""

    pairs: _Pairs
    activity: Floats
    bed_days: Floats
    payments: Floats
    arriving: Mapping[str, Floats]

    def among(self, cells: int, moves: Mapping[str, str]) -> "Parts":
        """The same where there are so many cells, the further ones empty, and activity moves by mitigation to a point of delivery."""
        targets = {(to, code) for to in moves.values() for _, code in self.pairs}
        pairs = (*self.pairs, *sorted(targets - set(self.pairs)))
        grown = {name: np.zeros((len(pairs), cells)) for name in ("activity", "bed_days", "payments")}
        for name, whole in grown.items():
            held: Floats = getattr(self, name)
            whole[: held.shape[0], : held.shape[1]] = held
        place = {pair: number for number, pair in enumerate(pairs)}
        arriving = {name: np.zeros((len(pairs), cells)) for name in moves}
        for name, to in moves.items():
            for number, (_, code) in enumerate(self.pairs):
                arriving[name][place[to, code], : self.activity.shape[1]] += self.activity[number]
        return Parts(pairs=pairs, arriving=arriving, **grown)


def collapse(baseline: Baseline, concerned: Sequence[Flags]) -> tuple[Baseline, dict[str, Parts]]:
    """The baseline with cells of all specialties in one where each of `concerned` (who is concerned by what, one flag a cell) is the
    same; and the shares of each specialty, and of each site where sites are known."""
    cells = baseline.cells
    columns = [column.tolist() for column in (cells.point_of_delivery, cells.age_band, cells.sex, *concerned)]
    keys = list(zip(*columns, strict=True))
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    group = np.array([place[key] for key in keys])
    first = np.unique(group, return_index=True)[1]
    activity, bed_days, payments = (
        np.bincount(group, weights=each, minlength=len(place)) for each in (baseline.activity, baseline.bed_days, baseline.payments)
    )
    price = np.divide(payments, activity, out=np.zeros_like(payments), where=activity > 0)
    whole = replace(
        baseline, activity=activity, bed_days=bed_days, price=price,
        cells=Cells(
            point_of_delivery=cells.point_of_delivery[first], specialty=cells.specialty[first], age_band=cells.age_band[first],
            sex=cells.sex[first],
        ),
    )  # fmt: skip
    parts = {"specialty": _specialties(baseline, group, len(place))}
    return whole, {**parts, "site": _sites(whole)} if baseline.sites else parts


def _specialties(baseline: Baseline, group: np.ndarray, groups: int) -> Parts:
    keys = list(zip(baseline.cells.point_of_delivery.tolist(), baseline.cells.specialty.tolist(), strict=True))
    pairs = tuple(dict.fromkeys(keys))
    place = {pair: number for number, pair in enumerate(pairs)}
    row = np.array([place[key] for key in keys])
    shares: list[Floats] = []
    for figures in (baseline.activity, baseline.bed_days, baseline.payments):
        table = np.zeros((len(pairs), groups))
        np.add.at(table, (row, group), figures)
        whole = table.sum(axis=0, keepdims=True)
        shares.append(np.divide(table, whole, out=np.zeros_like(table), where=whole > 0))
    return Parts(pairs=pairs, activity=shares[0], bed_days=shares[1], payments=shares[2], arriving={})


def _sites(whole: Baseline) -> Parts:
    """Of every cell of a point of delivery a site has the same share."""
    pods: list[str] = whole.cells.point_of_delivery.tolist()
    pairs = tuple((pod, site) for pod, shares in whole.sites.items() for site in shares)
    activity, bed_days = (np.array([[whole.sites[pod][site][at] * (of == pod) for of in pods] for pod, site in pairs]) for at in (0, 1))
    return Parts(pairs=pairs, activity=activity, bed_days=bed_days, payments=activity, arriving={})
