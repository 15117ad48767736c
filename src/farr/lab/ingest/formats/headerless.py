"""Published files without a header, known by their shape: those of the Organisation Data Service.

Its files of organisations (epraccur, etr, eccg and others) share one layout of 27 fields, and its files of successors (succ, succarc)
one of five. Layouts as read in public programs that load them: the service's own specification was not at hand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = "Organisation_Level"
NOT_TOLD, NO_PRACTICE = "not told", "no practice"
UNTOLD = (NOT_TOLD, NO_PRACTICE)
_ORGANISATIONS = (
    "Organisation Code", "Name", "National Grouping", "High Level Health Geography", "Address Line 1", "Address Line 2",
    "Address Line 3", "Address Line 4", "Address Line 5", "Postcode", "Open Date", "Close Date", "Status Code",
    "Organisation Sub-Type Code", "Commissioner", "Join Provider/Purchaser Date", "Left Provider/Purchaser Date",
    "Contact Telephone Number", "Null 19", "Null 20", "Null 21", "Amended Record Indicator", "Null 23", "Provider/Purchaser", "Null 25",
    "Prescribing Setting", "Null 27",
)  # fmt: skip
_SETTING = 25
_SUCCESSORS = ("Organisation Code", "Successor Code", "Reason", "Succession Date", "Indicator")
_CODE, _DAY, _NO_DAY = "[0-9A-Z]{3,9}", "(19|20)[0-9]{6}", "((19|20)[0-9]{6})?"
# By place, from 0, what a field must look like: codes, days, and fields that are always empty.
_ORGANISATION = {0: _CODE, 10: _DAY, 11: _NO_DAY, 15: _NO_DAY, 16: _NO_DAY, 18: "", 19: "", 20: ""}
_SUCCESSOR = {0: _CODE, 1: _CODE, 2: "[A-Z]", 3: _DAY, 4: "[A-Z]?"}
# Shapes of codes in those files; a code of another shape has its level stated by the person who loads the file.
_SHAPES = (
    ("practice", "[A-Z][0-9]{5}"),
    ("provider", "[RT][0-9A-Z]{2}"),
    ("commissioner", "[0-9]{2}[A-Z]|[A-Z][0-9][A-Z][0-9][A-Z]"),
    ("region", "Y[0-9]{2}"),
)

_PRACTICE_SETTING = r"(.*\|)?(4|RO76)(\|.*)?"  # GP practice, by the older number or the newer role; several roles have '|' between


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A kind of file whose first line is a record: `columns` names its fields. `has_level` says that a column Organisation_Level is
    added, worked out from the code in the first field and the setting in the 26th."""

    name: str
    columns: tuple[str, ...]
    has_level: bool = False


ORGANISATIONS = Layout(name="organisations (Organisation Data Service)", columns=_ORGANISATIONS, has_level=True)
SUCCESSORS = Layout(name="successors (Organisation Data Service)", columns=_SUCCESSORS)


def layout_of(first: Sequence[str]) -> Layout | None:
    """The layout that a file's first line has the shape of; None where that line is a header, or of no known layout."""
    fields = [field.strip() for field in first]
    if _fits(fields, len(_ORGANISATIONS), _ORGANISATION):
        return ORGANISATIONS
    if _fits(fields, len(_SUCCESSORS), _SUCCESSOR):
        return SUCCESSORS
    return None


def level_of(fields: Sequence[str]) -> str:
    """The level that a record's code tells by its shape, else 'not told'; 'no practice' for a prescribing cost centre whose setting
    is another than GP practice."""
    code, setting = fields[0].strip(), fields[_SETTING].strip()
    level = next((level for level, shape in _SHAPES if re.fullmatch(shape, code)), NOT_TOLD)
    return NO_PRACTICE if level == "practice" and not re.fullmatch(_PRACTICE_SETTING, setting) else level


def _fits(fields: Sequence[str], width: int, shapes: dict[int, str]) -> bool:
    return len(fields) == width and all(re.fullmatch(shape, fields[place]) for place, shape in shapes.items())
