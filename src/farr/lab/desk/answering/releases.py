"""Releases: what the desk has asked and the gate has let out. A question is counted once for a state of the data, whoever asks again."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import ibis.expr.types as ir

from farr.lab.disclosure.gate import AskAgain, Refused, Unregistered, release, released_before
from farr.lab.disclosure.history.nested import conditions_noted, conditions_of
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.held import CLOSED, Held, Review, waiting
from farr.lab.disclosure.review.item import Asking, ReviewError
from farr.lab.disclosure.sealed import Sealed
from farr.lab.engine.session import Session
from farr.lab.model.agreement import Terms
from farr.lab.model.errors import FarrError
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.table import TableDeclaration

# A person may have decided when it is asked again, or what stood against it may be gone.
_PASSING = (Held, Unregistered, AskAgain, ReviewError)
_Key = tuple[str, tuple[tuple[str, int], ...]]


_NOT_YET = "it was not released from the records as they are held now; it is shown once they are published (farr publish)"


class NotReleasedYet(FarrError):
    """A figure that was not released from the records as they are held now, where nothing new is released."""


@dataclass
class Missing:
    """How many answers were not given, because they would have been new."""

    questions: int = 0


class Releases:
    """Asks a session, passes every answer through the gate, and keeps what was released, or why not, on the present data. `review` says
    what is registered, and where the rest waits; by itself nothing is."""

    def __init__(self, session: Session, ledger: Ledger, terms: Terms, code_version: str, review: Review = CLOSED) -> None:
        self._session = session
        self._ledger = ledger
        self._terms = terms
        self._code_version = code_version
        self._review = review
        self._held: dict[_Key, Released | FarrError] = {}
        self._waiting: dict[str, None] = {}
        self._closed: Missing | None = None

    @contextmanager
    def nothing_new(self) -> Generator[Missing]:
        """While nothing passes the gate: what was released before on the present data is given, and the rest is NotReleasedYet. What is
        given says whether anything was missing: then an answer made within may say less than one made outside."""
        before, self._closed = self._closed, Missing()
        try:
            yield self._closed
        finally:
            self._closed = before

    @contextmanager
    def because(self, asking: Asking | None) -> Generator[None]:
        """While somebody asks who says why: what is not registered is then held for review, where it would be refused. What is raised
        within names all that is held."""
        before, self._review, self._waiting = self._review, replace(self._review, asking=asking), dict[str, None]()
        try:
            yield
        except Held as held:
            ids = [*self._waiting, *held.ids]
        else:
            return
        finally:
            self._review = before
        raise Held(*dict.fromkeys(ids))

    def of(self, question: Question) -> Released:
        """The answer as the gate lets it out. Raises Refused where it does not, Held, and what Session.ask raises."""
        found = self.prepare([question])[question.identity]
        if isinstance(found, FarrError):
            raise found.with_traceback(None)
        return found

    def basis_of(self, table: TableDeclaration) -> dict[str, int]:
        """The versions that an answer about the table would rest on now. Raises what Session.basis raises."""
        every = table.unbound[table.key[0]].notnull()
        row = Aggregate(name="rows", kind=AggregateKind.COUNT, where=every)
        period = self._terms.period
        return self._session.basis(
            Question(name="basis", table=table, period=period, where=every, aggregates=(row,), groupings=(Grouping(),))
        )

    def prepare(self, questions: Iterable[Question], asking: Callable[[str], None] = lambda _: None) -> dict[str, Released | FarrError]:
        """Every answer, or why there is none, by its question's identity; those that share records are counted in one pass. `asking`
        hears the name of each question as it comes to the gate."""
        found: dict[str, Released | FarrError] = {}
        new: dict[_Key, Question] = {}
        for question in questions:
            key = self._key(question)
            if isinstance(key, FarrError):
                found[question.identity] = key
            elif (known := self._held.get(key) or self._earlier(question, key)) is not None:
                found[question.identity] = self._held[key] = known
            elif self._closed is not None:
                self._closed.questions += 1
                found[question.identity] = NotReleasedYet(_NOT_YET)
            else:
                new[key] = question
        new = dict(sorted(new.items(), key=lambda item: _detail(item[1])))
        for (key, question), sealed in zip(new.items(), self._sealed(list(new.values())), strict=True):
            asking(question.name)
            found[question.identity] = answer = sealed if isinstance(sealed, FarrError) else self._released(sealed)
            if not isinstance(answer, _PASSING):
                self._held[key] = answer
        return found

    def _sealed(self, questions: Sequence[Question]) -> Sequence[Sealed | FarrError]:
        if not questions:
            return []
        try:
            return self._session.ask_many(questions, self._beside(questions))
        except FarrError as error:
            # One of them cannot be answered: which, and only that, is found by asking each.
            return [error] if len(questions) == 1 else [self._sealed([question])[0] for question in questions]

    def _beside(self, questions: Sequence[Question]) -> dict[str, dict[str, ir.BooleanValue]]:
        """By table, the cohorts that were counted before, in what waits for review too, and those of the questions themselves: by the
        time that the last comes to the gate, the others were released."""
        found: dict[str, dict[str, ir.BooleanValue]] = {}
        for question in questions:
            if question.table.name not in found:
                name, shelf = question.table.name, self._review.shelf
                entries = [*self._ledger.released_of(name), *waiting(self._ledger, shelf, name)]
                found[name] = conditions_noted((each.audit for each in entries), question.table)
            found[question.table.name] |= conditions_of(question)
        return found

    def _released(self, sealed: Sealed) -> Released | FarrError:
        try:
            return release(sealed, self._ledger, self._review)
        except Refused as refusal:
            return type(refusal)(str(refusal))
        except Held as held:
            self._waiting[held.id] = None
            return Held(*held.ids)

    def _key(self, question: Question) -> _Key | FarrError:
        try:
            return question.identity, tuple(sorted(self._session.basis(question).items()))
        except FarrError as error:
            return error

    def _earlier(self, question: Question, key: _Key) -> Released | None:
        terms = self._terms
        return released_before(question, terms.id, terms.policy, dict(key[1]), self._code_version, self._ledger)


def _detail(question: Question) -> tuple[bool, int]:
    """What comes first to the gate is shown first, and later questions beside it: so years before months, and few codes before many."""
    return any(each.monthly for each in question.groupings), max(len(each.dimensions) for each in question.groupings)
