"""Releases: what the desk has asked and the gate has let out. A question is counted once for a state of the data, whoever asks again."""

from collections.abc import Callable, Iterable

from farr.lab.disclosure.gate import Refused, release, released_before
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.engine.session import Session
from farr.lab.model.agreement import Terms
from farr.lab.model.question import Question

_Key = tuple[str, tuple[tuple[str, int], ...]]


class Releases:
    """Asks a session, passes every answer through the gate, and keeps what was released (or refused) on the present data."""

    def __init__(self, session: Session, ledger: Ledger, terms: Terms, code_version: str) -> None:
        self._session = session
        self._ledger = ledger
        self._terms = terms
        self._code_version = code_version
        self._held: dict[_Key, Released | Refused] = {}

    def of(self, question: Question) -> Released:
        """The answer as the gate lets it out. Raises Refused where it does not, and what Session.ask raises."""
        found = self.prepare([question])[question.identity]
        if isinstance(found, Refused):
            raise Refused(str(found))
        return found

    def prepare(self, questions: Iterable[Question], asking: Callable[[str], None] = lambda _: None) -> dict[str, Released | Refused]:
        """Every answer by its question's identity; those that share records are counted in one pass. `asking` hears the name of each
        question as it comes to the gate. Raises what Session.ask_many raises."""
        wanted = {question.identity: question for question in questions}
        keys = {identity: self._key(question) for identity, question in wanted.items()}
        self._held |= {
            keys[identity]: earlier
            for identity, question in wanted.items()
            if keys[identity] not in self._held and (earlier := self._earlier(question, keys[identity])) is not None
        }
        new = [question for identity, question in wanted.items() if keys[identity] not in self._held]
        for question, sealed in zip(new, self._session.ask_many(new) if new else [], strict=True):
            asking(question.name)
            try:
                self._held[keys[question.identity]] = release(sealed, self._ledger)
            except Refused as refusal:
                self._held[keys[question.identity]] = Refused(str(refusal))
        return {identity: self._held[key] for identity, key in keys.items()}

    def _key(self, question: Question) -> _Key:
        return question.identity, tuple(sorted(self._session.basis(question).items()))

    def _earlier(self, question: Question, key: _Key) -> Released | None:
        terms = self._terms
        return released_before(question, terms.id, terms.policy, dict(key[1]), self._code_version, self._ledger)
