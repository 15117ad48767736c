"""Facts about organisations that norms rest on, from the reference tables as they are held."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from farr.lab.measures.norm import Facts, tenths
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE, DEPRIVATION, PEER_LIST, PROVIDER_FEATURE

FEATURES = {"commissioner": COMMISSIONER_FEATURE, "provider": PROVIDER_FEATURE}


def read_facts(level: str, tables: Mapping[str, pa.Table], *, peers: Sequence[str] = (), count: int | None = None) -> Facts:
    """The facts about organisations of `level`. `tables`: reference tables by name, those not held left out or without rows; `peers` and
    `count` as the user gave them (`Norm.options`). Of several years of deprivation the latest counts."""
    return Facts(
        features=_features(level, tables),
        lists=_lists(tables.get(PEER_LIST.name)),
        deprivation=_deprivation(level, tables.get(DEPRIVATION.name)),
        peers=tuple(peers),
        count=count,
    )


def _features(level: str, tables: Mapping[str, pa.Table]) -> dict[str, Mapping[str, float]]:
    declared = FEATURES.get(level)
    held = None if declared is None else tables.get(declared.name)
    if declared is None or held is None:
        return {}
    code, names = declared.columns[0].name, [column.name for column in declared.columns if column.type == "float64"]
    return {row[code]: {name: row[name] for name in names if row[name] is not None} for row in _rows(held)}


def _lists(held: pa.Table | None) -> dict[str, Mapping[str, tuple[str, ...]]]:
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _rows(held):
        of_list = lists.setdefault(row["List_Name"], {})
        of_list[row["Organisation_Code"]] = (*of_list.get(row["Organisation_Code"], ()), row["Peer_Code"])
    return {**lists}


def _deprivation(level: str, held: pa.Table | None) -> dict[str, int]:
    """Tenths as published; where the publication gives none, worked out from the scores of all areas of the level."""
    rows = [row for row in _rows(held) if row["Area_Level"] == level]
    year = max((row["IMD_Year"] for row in rows), default=None)
    latest = [row for row in rows if row["IMD_Year"] == year]
    if any(row["IMD_Decile"] is None for row in latest):
        return tenths({row["Area_Code"]: row["IMD_Score"] for row in latest if row["IMD_Score"] is not None})
    return {row["Area_Code"]: int(row["IMD_Decile"]) for row in latest}


def _rows(held: pa.Table | None) -> list[dict[str, Any]]:
    return [] if held is None else held.to_pylist()
