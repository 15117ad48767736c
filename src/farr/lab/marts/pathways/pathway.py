"""Pathway: an operation, and the care before, during and after it that is counted with it; declared, one file each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from farr.lab.model.codelist import load_codelist
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError

CRITICAL_CARE_DAYS, WARD_DAYS, VISITS_BEFORE, VISITS_AFTER, READMISSIONS = (
    "critical_care_days", "ward_days", "visits_before", "visits_after", "readmissions",
)  # fmt: skip
ITEMS: Mapping[str, str] = {
    VISITS_BEFORE: "Outpatient visits before",
    CRITICAL_CARE_DAYS: "Critical-care days",
    WARD_DAYS: "Ward days",
    VISITS_AFTER: "Outpatient visits after",
    READMISSIONS: "Emergency readmissions within 30 days",
}
"""What is counted of every index spell, in the order of care."""
COLUMNS = {name: "_".join(word.capitalize() for word in name.split("_")) for name in ITEMS}
READMITTED_WITHIN = 30  # days, as PbR's rule RE30, of any cause and to any provider


class PathwayError(FarrError):
    """A pathway that is not known or cannot be compared; the message says which there are, or what to type."""


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What good practice takes of an item, a spell; `source` says who says so, `is_verified` whether it was read there."""

    quantity: float
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True)
class Pathway:
    """Index spells are those whose dominant procedure is in the code list and whose management type is in `kinds`. Visits are attended
    appointments of the specialties (treatment function codes), at any provider, in the `before` days before admission or the `after` days
    after discharge. `standards`: by item; an item without one is set beside what the best quarter of providers does. `around`: what is of
    the pathway and in no feed (community items), whose quantities and prices whoever asks must say. `signed_off_by`: None while open."""

    name: str = ""
    title: str
    why: str
    source: str
    codelist: str
    kinds: tuple[str, ...]
    specialties: tuple[str, ...]
    before: int
    after: int
    standards: Mapping[str, Standard]
    around: tuple[str, ...] = ()
    signed_off_by: str | None = None

    def __post_init__(self) -> None:
        load_codelist(self.codelist)
        unknown = [item for item in self.standards if item not in ITEMS]
        if unknown:
            raise PathwayError(f"pathway '{self.title}' has a standard of '{unknown[0]}', which is no item: {', '.join(ITEMS)}")
        if not (0 < self.before <= 365 and READMITTED_WITHIN <= self.after <= 365):
            raise PathwayError(f"pathway '{self.title}' looks {self.before} days back and {self.after} on; a year at most")  # fmt: skip


@cache
def declared() -> Mapping[str, Pathway]:
    return discover("farr.lab.marts.pathways.definitions", Pathway)


def pathway(name: str) -> Pathway:
    """Raises PathwayError for a name that is none."""
    if name not in declared():
        raise PathwayError(f"there is no pathway '{name}'; type: farr pathways. Known: {', '.join(declared())}")
    return declared()[name]
