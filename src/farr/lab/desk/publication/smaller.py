"""Smaller organisations: their year is published and their pages are not, so the contents say who they are and which year to ask for."""

from collections.abc import Collection, Iterable

from farr.lab.desk.desk import Desk
from farr.lab.desk.publication.catalogue import Catalogue, Entry, ViewKind
from farr.lab.desk.publication.views import trusted
from farr.lab.desk.showing.contents import listed
from farr.lab.disclosure.released import read_published
from farr.lab.measures.questions import is_monthly
from farr.lab.measures.released_rows import UNKNOWN
from farr.lab.model.dimension import LEVELS
from farr.lab.model.showing.page import Listed

SMALLER = tuple(level for level in LEVELS if not is_monthly(level))
"""Practices, localities and postcode districts: a hundred times as many as the larger, so their pages are asked for."""
_AREAS = ("locality", "postcode_district")


def years(catalogue: Catalogue, level: str, measures: Collection[str]) -> list[Entry]:
    """The years published of a level, of these measures; those that could not be made left out."""
    return [
        each
        for each in catalogue.entries
        if each.level == level and each.kind is ViewKind.YEAR and each.releases and each.measure in measures
    ]


def periods(catalogue: Catalogue, measures: Collection[str]) -> dict[str, dict[str, str]]:
    """Of each smaller level, measure by measure, the year that was published: for that one a page needs nothing released anew."""
    found = {level: {each.measure: each.period for each in years(catalogue, level, measures)} for level in SMALLER}
    return {level: held for level, held in found.items() if held}


def smaller(desk: Desk, catalogue: Catalogue) -> list[Listed]:
    """The smaller organisations that have a row in a published year, whatever run published it."""
    return [listed(desk, level, code) for level in SMALLER for code in codes(desk, level, years(catalogue, level, desk.measures))]


def codes(desk: Desk, level: str, entries: Iterable[Entry]) -> list[str]:
    """The organisations of a level that have a row in one of these years, and a name; areas by their codes, where none has a name."""
    found: set[str] = set()
    for each in entries:
        table = read_published(desk.home.published / each.releases[0], trusted(desk)).table
        found |= {code for code in table[level].to_pylist() if code not in (None, UNKNOWN)}
    known = {code for each, code in desk.organisations.names if each == level}
    return sorted(found if level in _AREAS and not known else found & known)
