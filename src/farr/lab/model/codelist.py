"""Versioned clinical code lists: CSV files whose first lines say where they come from."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from farr.lab.model.errors import FarrError

_REQUIRED = ("title", "version", "source", "licence", "match")


class CodeListError(FarrError):
    """A code list that is missing or does not say its title, version, source, licence and way of matching."""


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """Codes with their names. `match` is 'exact', or 'prefix' where a code stands for all below it (K40 for K402)."""

    name: str
    title: str
    version: str
    source: str
    licence: str
    match: str
    codes: Mapping[str, str]

    def contains(self, code: ir.StringColumn) -> ir.BooleanValue:
        """True where `code` is in the list; null codes are not."""
        if self.match == "exact":
            return code.isin(sorted(self.codes)).fill_null(False)
        by_length: dict[int, list[str]] = {}
        for listed in sorted(self.codes):
            by_length.setdefault(len(listed), []).append(listed)
        within = [code.left(length).isin(listed) for length, listed in by_length.items()]
        return ibis.or_(*within).fill_null(False)


@cache
def load_codelist(name: str) -> CodeList:
    """Reads `codelists/<name>.csv`: lines '# title: …', '# version: …', '# source: …', '# licence: …', '# match: exact|prefix',
    then a header 'code,name' and the codes. Raises CodeListError."""
    file = resources.files("farr.lab.model").joinpath("codelists", f"{name}.csv")
    if not file.is_file():
        raise CodeListError(f"there is no code list '{name}'; known: {', '.join(codelist_names())}")
    lines = file.read_text(encoding="utf-8").splitlines()
    stated = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#"))
    missing = [key for key in _REQUIRED if not stated.get(key)]
    if missing:
        raise CodeListError(f"code list '{name}' does not state its {', '.join(missing)}; add lines such as '# {missing[0]}: …'")
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    # Kept for all who load it, who must not change it.
    codes = MappingProxyType({row["code"]: row["name"] for row in rows})
    return CodeList(name=name, codes=codes, **{key: stated[key] for key in _REQUIRED})


def codelist_names() -> list[str]:
    folder = resources.files("farr.lab.model").joinpath("codelists")
    return sorted(entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv"))
