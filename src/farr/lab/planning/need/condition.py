"""Condition: a long-term illness of which one asks how many people have it, as far as hospitals see them."""

from dataclasses import dataclass
from functools import cache

from farr.lab.model.codelist import load_codelist
from farr.lab.model.discover import discover


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`why` one would ask, and `unseen`: who has it and is not seen in hospital, or not recorded there. Its code list bears its name."""

    why: str
    unseen: str
    name: str = ""

    @property
    def title(self) -> str:
        return load_codelist(self.name).title

    @property
    def source(self) -> str:
        return load_codelist(self.name).source


@cache
def declared() -> dict[str, Condition]:
    return discover("farr.lab.planning.need.conditions", Condition)
