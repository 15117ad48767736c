"""Kinds of statement: each file of the folder `kinds` declares one, and `farr publish-statements KIND` makes its statements."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from farr.lab.desk.desk import Desk
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.showing.statement import Statement


class KindError(FarrError):
    """A kind of statement that is none, or a name that the kind does not know; the message says what there is."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which statements of a kind: `name`, of what the kind has several of; `period`, else the latest year; `said` is told what is being
    done; `made_at` and `is_synthetic` stand on each statement; `organisations` of whom alone, where they are named; `beside`
    the desk of the other home, of a kind that sets two beside each other."""

    name: str
    period: Period | None
    made_at: str
    is_synthetic: bool
    said: Callable[[str], None]
    organisations: tuple[str, ...] = ()
    beside: Desk | None = None

    def is_of(self, organisation: str) -> bool:
        """Whether statements of the organisation are asked for."""
        return not self.organisations or organisation in self.organisations


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`title` and `says` are for lists of kinds. `names`: what there are several of, each published when nothing else is said; a kind that
    has one of each organisation has its own name alone. `takes` decides of further names. `make` releases what is asked, and gives the
    statements of every organisation that has a row, of this kind and the name that was asked; what costs much is made of those alone that
    `Asked.is_of`. `beside` says what the other home holds, of a kind that needs two. Lists show kinds in order of `place`, then
    of their names."""

    title: str
    says: str
    make: Callable[[Desk, Asked], Iterator[Statement]]
    names: Callable[[], tuple[str, ...]] | None = None
    takes: Callable[[str], bool] = lambda _: False
    beside: str = ""
    place: int = 9
    name: str = ""

    def chosen(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names to publish. Raises KindError for one that the kind does not know."""
        known = (self.name,) if self.names is None else self.names()
        for each in names:
            if each not in known and not self.takes(each):
                raise KindError(f"no statement of kind '{self.name}' is named '{each}'; there are: {', '.join(known)}")
        return names or known

    def check_beside(self, is_given: bool) -> None:
        """Raises KindError where another home is needed and not given, or given and not needed."""
        if self.beside and not is_given:
            raise KindError(f"'{self.name}' sets two homes beside each other; give {self.beside} with --with-home")
        if is_given and not self.beside:
            raise KindError(f"'{self.name}' is of one home; leave out --with-home")


@cache
def kinds() -> dict[str, Kind]:
    return discover("farr.lab.desk.contracting.kinds", Kind)


def kind(name: str) -> Kind:
    """Raises KindError where there is none of this name."""
    if name not in kinds():
        raise KindError(f"there is no kind of statement '{name}'; kinds: {', '.join(kinds())}")
    return kinds()[name]
