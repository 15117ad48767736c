"""The contents of what is published ahead for readers: whom, what and against which norms they may look up."""

from collections.abc import Iterable, Mapping, Sequence

from farr.lab.desk import plain
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.organisations import NATIONAL
from farr.lab.desk.publication.catalogue import Catalogue
from farr.lab.desk.showing.cards import measure_card, norm_card
from farr.lab.model.dimension import LEVELS
from farr.lab.model.showing.page import Contents, Listed


def contents_of(
    desk: Desk,
    catalogue: Catalogue,
    *,
    organisations: Iterable[Listed],
    measures: Iterable[str],
    ahead: Sequence[str],
    periods: Mapping[str, Mapping[str, str]],
    made_at: str,
    made_from: str,
) -> Contents:
    """The contents, of these organisations and measures; every norm is described, for any may be asked for."""
    listed = sorted(organisations, key=lambda each: (LEVELS.index(each.level), each.name, each.code))
    norms = sorted(desk.norms.values(), key=lambda norm: (norm.name not in ahead, norm.name != NATIONAL, norm.title))
    return Contents(
        made_at=made_at,
        agreement=desk.agreement,
        purposes=desk.home.agreement(desk.agreement).terms.purposes,
        is_synthetic=catalogue.is_synthetic,
        first_month=catalogue.first_month,
        last_month=catalogue.last_month,
        levels={level: (plain.level_title(level), plain.plural(level)) for level in dict.fromkeys(each.level for each in listed)},
        organisations=tuple(listed),
        measures=tuple(measure_card(desk.measures[name]) for name in sorted(set(measures))),
        norms=tuple(norm_card(norm) for norm in norms),
        ahead=tuple(ahead),
        periods={level: dict(held) for level, held in periods.items()},
        notices=catalogue.notices,
        made_from=made_from,
    )


def listed(desk: Desk, level: str, code: str) -> Listed:
    """An organisation with its name, and what it belongs to."""
    known = desk.organisations
    name = "National" if code == NATIONAL else known.names.get((level, code), code)
    parent = known.parents.get((level, code))
    return Listed(code=code, name=name, level=level, parent=None if parent == code else parent)
