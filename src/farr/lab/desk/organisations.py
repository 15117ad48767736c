"""Who an organisation is, and what is published about it: names and levels, features, lists of peers, deprivation."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.measures.norm import Facts, tenths
from farr.lab.model.dimension import AS_WAS, LEVELS
from farr.lab.model.errors import FarrError
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE, DEPRIVATION, ORGANISATION, PEER_LIST, PROVIDER_FEATURE

NATIONAL = "national"
_FEATURES = {"commissioner": COMMISSIONER_FEATURE, "provider": PROVIDER_FEATURE}


class UnknownOrganisation(FarrError):
    """No organisation bears this code, or several levels have one that does; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Organisations:
    """Names by level and code, closed organisations among them."""

    names: dict[tuple[str, str], str]

    def level_of(self, code: str) -> str:
        """The one level at which an organisation bears this code. Raises UnknownOrganisation."""
        if code == NATIONAL:
            return NATIONAL
        levels = [level for level in LEVELS if (level, code) in self.names]
        if len(levels) == 1:
            return levels[0]
        found = f"is a code at the levels {', '.join(levels)}" if levels else "is not in the organisation reference"
        raise UnknownOrganisation(f"'{code}' {found}; say which it is with --level {'|'.join(levels or LEVELS)}")

    def of_level(self, level: str) -> dict[str, str]:
        """Names by code; of organisations as they were as of those they are now."""
        return {code: name for (each, code), name in self.names.items() if each == as_is(level)} | {NATIONAL: "National"}


def as_is(level: str) -> str:
    """The level that organisations as they were are of; any other level is itself."""
    return next((now for now, was in AS_WAS.items() if was == level), level)


def read_organisations(store: Store) -> Organisations:
    table = read_reference(store, ORGANISATION)
    levels, codes, names = (table[name].to_pylist() for name in ("Organisation_Level", "Organisation_Code", "Organisation_Name"))
    return Organisations(names={(level, code): name or code for level, code, name in zip(levels, codes, names, strict=True)})


def read_facts(store: Store, level: str, *, peers: Iterable[str] = (), count: int | None = None) -> Facts:
    """What norms rest on, of the organisations of one level, with what the user chose."""
    at = as_is(level)
    return Facts(
        features=_features(store, at),
        lists=_lists(read_reference(store, PEER_LIST)),
        deprivation=_deprivation(read_reference(store, DEPRIVATION), at),
        peers=tuple(peers),
        count=count,
    )


def _features(store: Store, level: str) -> dict[str, dict[str, float]]:
    if level not in _FEATURES:
        return {}
    declared = _FEATURES[level]
    code, names = declared.columns[0].name, [column.name for column in declared.columns if column.type == "float64"]
    rows = read_reference(store, declared).to_pylist()
    return {row[code]: {name: row[name] for name in names if row[name] is not None} for row in rows}


def _lists(table: pa.Table) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in table.to_pylist():
        peers = found.setdefault(row["List_Name"], {})
        peers[row["Organisation_Code"]] = (*peers.get(row["Organisation_Code"], ()), row["Peer_Code"])
    return found


def _deprivation(table: pa.Table, level: str) -> dict[str, int]:
    """Tenths by code, of the latest year of the index that is held for the level."""
    rows = table.filter(pc.equal(table["Area_Level"], level)).to_pylist()
    year = max((row["IMD_Year"] for row in rows), default=None)
    latest = [row for row in rows if row["IMD_Year"] == year]
    if all(row["IMD_Decile"] is not None for row in latest):
        return {row["Area_Code"]: row["IMD_Decile"] for row in latest}
    return tenths({row["Area_Code"]: row["IMD_Score"] for row in latest if row["IMD_Score"] is not None})
