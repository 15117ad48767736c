"""Who an organisation is, and what is published about it: name and level, and the facts that norms rest on."""

from dataclasses import dataclass

from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.measures.comparison.facts import read_facts
from farr.lab.measures.norm import Facts, Norm
from farr.lab.model.dimension import LEVELS, as_is
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.reference import ORGANISATION

NATIONAL = "national"


class UnknownOrganisation(FarrError):
    """No organisation bears this code, or several levels have one that does; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Organisations:
    """Names by level and code, closed organisations among them; `parents`: what each belongs to, where it is known: of a practice its
    commissioner, of others their region."""

    names: dict[tuple[str, str], str]
    parents: dict[tuple[str, str], str | None]

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


def read_organisations(store: Store) -> Organisations:
    table = read_reference(store, ORGANISATION)
    columns = ("Organisation_Level", "Organisation_Code", "Organisation_Name", "Commissioner_Code", "Region_Code")
    levels, codes, names, commissioners, regions = (table[name].to_pylist() for name in columns)
    keys = list(zip(levels, codes, strict=True))
    called = {key: name or key[1] for key, name in zip(keys, names, strict=True)}
    parents = [
        (level == "practice" and commissioner) or region for level, commissioner, region in zip(levels, commissioners, regions, strict=True)
    ]
    return Organisations(names=called, parents=dict(zip(keys, parents, strict=True)))


def norm_facts(store: Store, level: str, norm: Norm, request: BenchmarkRequest) -> Facts:
    """What the norm rests on, of the organisations of one level, with what the user chose."""
    tables = {name: read_reference(store, TABLES[name]) for name in norm.tables}
    return read_facts(as_is(level), tables, peers=request.peers, count=request.count)
