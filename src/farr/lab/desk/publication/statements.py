"""Statements ahead: of one kind, for every organisation that it has something to say of, signed one by one, and a list of them for each."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from farr.lab.desk.contracting.kind import Asked, KindError, kind, kinds
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.held import read_held
from farr.lab.desk.publication.views import trusted
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.period import Period
from farr.lab.model.showing.signed import NotSigned, read_signed, statement_path, statements_about, statements_path, write_signed
from farr.lab.model.showing.signed import statement_about as about
from farr.lab.model.showing.statement import Statement, StatementCard, Statements

FOLDER = "statements"


def publish_statements(
    desk: Desk, of: str, names: Iterable[str] = (), *, period: Period | None = None, organisations: Iterable[str] = (),
    beside: Desk | None = None, said: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:  # fmt: skip
    """Releases what the kind asks for, and writes the statements of all that have a row, or of the `organisations` alone, to
    published/statements; by name how many. Others stay. `beside` is the other home's desk, of a kind that needs one. Raises KindError
    where there is no such kind or name or a home is lacking, or of two homes nobody could read it; and as the kind's making does."""
    which, made_at, written = kind(of), datetime.now(UTC).isoformat(timespec="seconds"), dict[str, int]()
    which.check_beside(beside is not None)
    if beside is not None:
        check_readable(desk, beside)
    is_synthetic = read_held(desk.store).is_synthetic
    for name in which.chosen(tuple(names)):
        written[name] = 0
        asked = Asked(name=name, period=period, made_at=made_at, is_synthetic=is_synthetic, said=said,
                      organisations=tuple(organisations), beside=beside)  # fmt: skip
        for statement in which.make(desk, asked):
            if asked.is_of(statement.organisation):
                _write(desk, statement)
                written[name] += 1
    return written


def check_readable(desk: Desk, beside: Desk) -> None:
    """Raises KindError where two homes' agreements cannot be told apart by readers' access, or share no purpose."""
    own, other = (each.home.agreement(each.agreement).terms for each in (desk, beside))
    if own.id == other.id and own != other:
        raise KindError(
            f"both homes have an agreement '{own.id}', of different terms: who may see the one could not be told from who may see the "
            "other; approve the client's under another id"
        )
    if not set(own.purposes) & set(other.purposes):
        raise KindError(f"the agreements '{own.id}' and '{other.id}' share no purpose, so that nobody could read a statement of both")


def _write(desk: Desk, made: Statement) -> None:
    """Raises KindError for one that rests on an agreement which it does not tell of."""
    told = {made.agreement, *(each.agreement for each in made.also)}
    if untold := {str(each["agreement"]) for each in made.releases} - told:
        raise KindError(f"a statement of '{made.kind}' rests on the agreement '{min(untold)}' and does not say so; nothing was written")
    folder, key = desk.home.published / FOLDER, desk.home.release_key()
    path = statement_path(made.level, made.organisation, made.kind, made.name)
    replace_file(folder / path, write_signed(made, about(made.level, made.organisation, made.kind, made.name), key))
    card = StatementCard(
        kind=made.kind, name=made.name, title=made.title, period_title=made.period_title, finding=made.finding,
        kind_title=kind(made.kind).title, also=made.also,
    )  # fmt: skip
    others = (each for each in _standing(desk, made) if (each.kind, each.name) != (made.kind, made.name))
    listed = Statements(
        made_at=made.made_at,
        agreement=made.agreement,
        is_synthetic=made.is_synthetic,
        organisation=made.organisation,
        organisation_name=made.organisation_name,
        level=made.level,
        cards=tuple(sorted((*others, card), key=_place)),
    )
    about_list = statements_about(made.level, made.organisation)
    replace_file(folder / statements_path(made.level, made.organisation), write_signed(listed, about_list, key))


def _place(card: StatementCard) -> tuple[int, str, str]:
    """By kind, as kinds are ordered; what this version does not know comes last."""
    return kinds()[card.kind].place if card.kind in kinds() else sys.maxsize, card.kind, card.title


def _standing(desk: Desk, made: Statement) -> tuple[StatementCard, ...]:
    """What is listed of the organisation under this agreement; nothing where that is missing or was touched: it is made again."""
    path = desk.home.published / FOLDER / statements_path(made.level, made.organisation)
    try:
        found = read_signed(path.read_bytes(), Statements, statements_about(made.level, made.organisation), trusted(desk), path.name)
    except (OSError, NotSigned):
        return ()
    return found.cards if found.agreement == made.agreement else ()
