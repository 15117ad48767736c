"""Statements ahead: what scenarios change for every commissioner and provider, signed one by one, and a list of them for each."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from farr.lab.desk.contracting.repricing import latest_year, reprice
from farr.lab.desk.contracting.statement import KIND, Taken, organisations_of, statement_of
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.codes import code_names
from farr.lab.desk.holdings.held import read_held
from farr.lab.desk.publication.views import trusted
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.period import Period
from farr.lab.model.showing.signed import NotSigned, read_signed, statement_path, statements_about, statements_path, write_signed
from farr.lab.model.showing.signed import statement_about as about
from farr.lab.model.showing.statement import Statement, StatementCard, Statements
from farr.lab.planning.scenario import scenario

FOLDER = "statements"
LEVELS = ("commissioner", "provider")
BREAKDOWNS = ("hrg_chapter", "point_of_delivery")


def publish_scenarios(
    desk: Desk, names: Iterable[str], *, period: Period | None = None, said: Callable[[str], None] = lambda _: None
) -> dict[str, int]:
    """Releases what each scenario changes, by organisation and taken apart, and writes the statements of all that have a row to
    published/statements; by scenario how many. Statements of other scenarios stay. Raises as repricing.reprice."""
    span, made_at, written = period or latest_year(desk), datetime.now(UTC).isoformat(timespec="seconds"), dict[str, int]()
    is_synthetic = read_held(desk.store).is_synthetic
    for name in names:
        for level in LEVELS:
            said(f"{name} by {level}")
            called = desk.organisations.of_level(level)
            taken = _taken(desk, name, level, span)
            for code in organisations_of(taken.found):
                _write(desk, statement_of(taken, code, called, made_at=made_at, is_synthetic=is_synthetic))
                written[name] = written.get(name, 0) + 1
    return written


def _taken(desk: Desk, name: str, level: str, period: Period) -> Taken:
    which = scenario(name)
    parted = {by: (reprice(desk, which, level=level, period=period, by=by), code_names(desk.store, by)) for by in BREAKDOWNS}
    return Taken(found=reprice(desk, which, level=level, period=period), parted=parted)


def _write(desk: Desk, made: Statement) -> None:
    folder, key = desk.home.published / FOLDER, desk.home.release_key()
    path = statement_path(made.level, made.organisation, made.kind, made.name)
    replace_file(folder / path, write_signed(made, about(made.level, made.organisation, made.kind, made.name), key))
    card = StatementCard(kind=KIND, name=made.name, title=made.title, period_title=made.period_title, finding=made.finding)
    others = (each for each in _standing(desk, made) if (each.kind, each.name) != (KIND, made.name))
    listed = Statements(
        made_at=made.made_at,
        agreement=made.agreement,
        is_synthetic=made.is_synthetic,
        organisation=made.organisation,
        organisation_name=made.organisation_name,
        level=made.level,
        cards=(*others, card),
    )
    about_list = statements_about(made.level, made.organisation)
    replace_file(folder / statements_path(made.level, made.organisation), write_signed(listed, about_list, key))


def _standing(desk: Desk, made: Statement) -> tuple[StatementCard, ...]:
    """What is listed of the organisation under this agreement; nothing where that is missing or was touched: it is made again."""
    path = desk.home.published / FOLDER / statements_path(made.level, made.organisation)
    try:
        found = read_signed(path.read_bytes(), Statements, statements_about(made.level, made.organisation), trusted(desk), path.name)
    except (OSError, NotSigned):
        return ()
    return found.cards if found.agreement == made.agreement else ()
