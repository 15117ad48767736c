"""Asking: a bounded number of questions at once, each once for all who ask it, in threads that no page waits for."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import BoundedSemaphore, Condition, Thread
from time import monotonic, time
from typing import Protocol

from farr.lab.model.asking.client import ServiceHeld, ServiceRefused
from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Overview, Page
from farr.lab.model.showing.signed import NotSigned
from farr.portal.benchmarks.asking.durations import Durations, Usual
from farr.portal.benchmarks.asking.question import Question
from farr.portal.benchmarks.asking.shelf import Refused, Running, Shelf, Turn
from farr.portal.installation import Installation, InstallationError

WHOLE = 660.0
"""Seconds of patience that are enough for any question."""
MOST = 20
"""Questions of all people that wait or are being asked, in all processes."""
MOST_OF_ONE = 5
RETRY_AFTER = 30
"""Seconds after which somebody who was turned away may try again."""
_AT_ONCE = 2  # of a process and kind: the release service answers one after the other what is new, and so what was released
WAITING = 2
"""Callers of a process that wait for more than a moment. A process has four threads: the others answer pages meanwhile."""
_MOMENT = 1.0  # seconds that a thread may wait without a place among those
_LOOK = 0.2  # seconds until it is looked again whether another process ended
_log = logging.getLogger(__name__)


class NoService(FarrError):
    """This portal has no release service: only what was published ahead is shown."""


class Busy(FarrError):
    """Too many questions wait already; the message says when to try again."""


class BeingAsked(FarrError):
    """There is no answer yet. `seconds` since it was asked first; `usual` what such questions took before."""

    def __init__(self, question: Question, running: Running, usual: Usual | None) -> None:
        super().__init__("the lab is working on it; ask the same again in a moment, and the answer is there once it is ready")
        self.question, self.seconds, self.usual = question, max(int(time() - running.since), 0), usual


class Ended(FarrError):
    """It is not being asked any more: the answer, or why there is none, can be fetched."""


class Held(ServiceHeld):
    """An answer that is held, with `why` it was asked for: whoever fetches it by its address does not say it again."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.text, refused.ids)
        self.why = refused.why


class Answering(Protocol):
    """What is asked: the release service."""

    def known(self, question: Question) -> Page | Overview | None: ...

    def keep(self, question: Question, found: Page | Overview) -> None: ...

    def answer(self, question: Question, user: str) -> Page | Overview: ...


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks: the number and address of their account, and what writes to the audit that they do."""

    number: int
    email: str
    record: Callable[[], object]


class Asking:
    """The questions of one process, which share the shelf with those of the others."""

    def __init__(self, settings: Installation) -> None:
        self._shelf = Shelf(settings)
        self._durations = Durations(self._shelf.folder / "took.jsonl")
        self._turns = {only_reads: BoundedSemaphore(_AT_ONCE) for only_reads in (True, False)}
        self._ended = Condition()
        self._places = BoundedSemaphore(WAITING)

    def look(self, question: Question, service: Answering) -> None:
        """Raises BeingAsked while it is being asked, else Ended. Nothing is asked, fetched or written by looking."""
        running = self._shelf.running(question.name)
        if running is not None and service.known(question) is None:
            raise self._not_yet(question, running)
        raise Ended("it is not being asked any more")

    def found(self, question: Question, service: Answering, asker: Asker, *, patience: float = WHOLE) -> Page | Overview:
        """The answer: that which is known, else that of whoever asks the same, else the service is asked. The audit has it before anything
        is asked or given. A refusal is for the person whose question it was. Raises BeingAsked where there is none after so many seconds,
        Busy, and of what the service says."""
        with ExitStack() as place:
            return self._awaited(question, service, asker, patience, place)

    def _awaited(self, question: Question, service: Answering, asker: Asker, patience: float, place: ExitStack) -> Page | Overview:
        name, until, has_place = question.name, monotonic() + patience, patience <= _MOMENT
        while True:
            found = service.known(question)
            # Looked at before the answer is: who asks puts the answer there, and only then ends.
            running = self._shelf.running(name) if found is None else None
            if found is None and running is None:
                found = self._answer(question, service)
            if found is not None:
                self._tell(name, asker)
                return found
            if running is not None:
                self._tell(name, asker)
                if monotonic() >= until:
                    raise self._not_yet(question, running)
                if not has_place:
                    has_place = self._take(place)
                with self._ended:
                    self._ended.wait(_LOOK)
            elif (refused := self._shelf.refusal(name, asker.number)) is not None:
                raise _error(refused)
            else:
                self._begin(question, service, asker)

    def _take(self, place: ExitStack) -> bool:
        """A place among those that wait here, until the block of `place` ends. Raises Busy: who waits keeps a thread from everybody."""
        if not self._places.acquire(blocking=False):
            raise Busy(
                f"the lab is being asked, and {WAITING} wait here for its answers already; ask the same again in a moment (a program: with "
                "the header Prefer: respond-async, which keeps nobody waiting)"
            )
        place.callback(self._places.release)
        return True

    def _answer(self, question: Question, service: Answering) -> Page | Overview | None:
        text = self._shelf.answer(question.name)
        if text is None:
            return None
        found = question.answer.model_validate_json(text)
        service.keep(question, found)
        return found

    def _tell(self, name: str, asker: Asker, *, anew: bool = False) -> None:
        if anew or not self._shelf.is_told(name, asker.number):
            asker.record()
            self._shelf.tell(name, asker.number)

    def _begin(self, question: Question, service: Answering, asker: Asker) -> None:
        """Has it asked, where nobody else began meanwhile. Raises Busy."""
        self._check_room(asker)
        turn = self._shelf.begin(question.name, asker.number)
        if turn is None:
            return
        try:
            self._tell(question.name, asker, anew=True)
            Thread(target=self._asked, args=(turn, question, service, asker), name="asking", daemon=True).start()
        except BaseException:
            turn.end()
            raise
        self._shelf.sweep()

    def _check_room(self, asker: Asker) -> None:
        running = self._shelf.all_running()
        if len(running) >= MOST:
            raise Busy(f"{len(running)} questions wait for the lab already, which works on one after the other; try again in a minute")
        if sum(each.by == asker.number for each in running) >= MOST_OF_ONE:
            raise Busy(f"{MOST_OF_ONE} questions of yours are being asked; ask again when one of them is answered")

    def _asked(self, turn: Turn, question: Question, service: Answering, asker: Asker) -> None:
        """Runs in a thread of its own, and touches no database: what was asked is in the audit already."""
        name, begun = question.name, monotonic()
        try:
            with self._turns[question.only_reads]:
                found = service.answer(question, asker.email)
            service.keep(question, found)
            self._shelf.put(name, found.model_dump_json())
            self._durations.note(question.sort, monotonic() - begun)
        except Exception as error:
            self._refused(name, asker, question, error)
        finally:
            turn.end()
            with self._ended:
                self._ended.notify_all()

    def _refused(self, name: str, asker: Asker, question: Question, error: Exception) -> None:
        if type(error) not in _TOLD.values():
            _log.error("a question failed", exc_info=error)
        kind = type(error).__name__ if type(error) in _TOLD.values() else ""
        text = str(error) if kind else ""
        ids = error.ids if isinstance(error, ServiceHeld) else ()
        try:
            self._shelf.refuse(name, asker.number, Refused(kind=kind, text=text, ids=ids, why=getattr(question.request, "why", None)))
        except (OSError, FarrError) as full:
            _log.error("why a question has no answer cannot be kept", exc_info=full)

    def _not_yet(self, question: Question, running: Running) -> BeingAsked:
        return BeingAsked(question, running, self._durations.usual(question.sort))


_TOLD: dict[str, type[FarrError]] = {each.__name__: each for each in (ServiceRefused, ServiceHeld, NoService, NotSigned)}


def _error(refused: Refused) -> FarrError:
    """What to raise. Of an error that is nobody's who reads, nothing is said."""
    if refused.kind == ServiceHeld.__name__:
        return Held(refused)
    kind = _TOLD.get(refused.kind)
    return InstallationError("a question to the release service failed; the log says of which kind") if kind is None else kind(refused.text)
