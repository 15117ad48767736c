"""Asking the release service for what was not published ahead. Its answers are verified, and kept while nothing newer is published."""

import gzip
import http.client
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.asking.client import ServiceRefused, ask_overview, ask_page, over_tls, over_unix_socket
from farr.lab.model.request import OverviewRequest
from farr.lab.model.showing.page import Overview, Page
from farr.portal.benchmarks.asking.asking import NoService
from farr.portal.benchmarks.asking.question import Question
from farr.portal.installation import Installation, InstallationError, private_key
from farr.portal.installation import Service as ServiceSettings
from farr.portal.settings import FARR

_KEPT = 256_000_000  # bytes
_A_LINE = 8_000  # bytes of a page in memory for each of its organisations: it has charts, tables and cells of each
_MANY = 1_000  # lines from which a page is packed: one of England's practices has 6,500, which are 1 MB packed
_Key = tuple[str, str, str]
D = TypeVar("D", Page, Overview)


class Kept:
    """The answers asked for last, up to so many bytes in all."""

    def __init__(self, size: int = _KEPT) -> None:
        self._size = size
        self._held: OrderedDict[_Key, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def of(self, key: _Key, kind: type[D], asked: Callable[[], D]) -> D:
        """The answer to what `key` says; asked for where it is not held. An error is not kept."""
        found = self.known(key, kind)
        if found is None:
            found = asked()
            self.keep(key, found)
        return found

    def known(self, key: _Key, kind: type[D]) -> D | None:
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
        if held is None:
            return None
        kept = held[1]
        return cast("D", kind.model_validate_json(gzip.decompress(kept)) if isinstance(kept, bytes) else kept)

    def keep(self, key: _Key, found: Page | Overview) -> None:
        lines = len(found.table.lines) if isinstance(found, Page) else len(found.summaries)
        packed = gzip.compress(found.model_dump_json().encode(), compresslevel=1) if lines > _MANY else None
        with self._lock:
            self._held[key] = (lines * _A_LINE, found) if packed is None else (len(packed), packed)
            while len(self._held) > 1 and sum(size for size, _ in self._held.values()) > self._size:
                self._held.popitem(last=False)


class ReleaseService:
    """The service that this installation names. Each question goes on a connection of its own."""

    def __init__(self, settings: Installation) -> None:
        self._settings = settings
        self._kept = Kept()

    @property
    def is_there(self) -> bool:
        return self._settings.service is not None

    def known(self, question: Question) -> Page | Overview | None:
        """The answer, where this process had it since the edition was published."""
        kind: Any = question.answer
        return self._kept.known(question.key, kind)

    def keep(self, question: Question, found: Page | Overview) -> None:
        self._kept.keep(question.key, found)

    def answer(self, question: Question, user: str) -> Page | Overview:
        """What the service answers, asked in the name of `user`. Raises NoService, ServiceHeld where an output checker must decide,
        ServiceRefused, NotSigned."""
        connection, key = self._reached()
        more = {"agreement": question.agreement, "purpose": question.purpose, "user": user, "trusted": self._settings.trusted_keys}
        if isinstance(question.request, OverviewRequest):
            return ask_overview(connection, question.request, key, **more)
        return ask_page(connection, question.request, key, nothing_new=question.nothing_new, **more)

    def overview(self, request: OverviewRequest, *, agreement: str, purpose: str, user: str, edition: str) -> Overview:
        """The overview, of what was released before alone, waited for. Raises as `answer` does."""
        question = Question(request=request, agreement=agreement, purpose=purpose, edition=edition)
        return self._kept.of(question.key, Overview, lambda: cast("Overview", self.answer(question, user)))

    def _reached(self) -> tuple[http.client.HTTPConnection, Ed25519PrivateKey]:
        settings = self._settings.service
        if settings is None:
            raise NoService("figures of this kind are not published ahead, and this portal has no release service to ask")
        return self._connection(settings), private_key(self._settings.secret_place(str(settings.key_file)))

    def _connection(self, settings: ServiceSettings) -> http.client.HTTPConnection:
        place = self._settings.place
        if settings.socket is not None:
            return over_unix_socket(place(settings.socket))
        if settings.host is None or settings.certificate is None or settings.key is None or settings.authority is None:
            raise NoService("portal.toml, [service]: give a socket, or host, certificate, key and authority")
        try:
            return over_tls(
                settings.host, settings.port, certificate=place(settings.certificate),
                key=self._settings.secret_place(str(settings.key)), authority=place(settings.authority),
            )  # fmt: skip
        except ServiceRefused as error:  # of files of this machine, which are nobody's who reads
            raise InstallationError(str(error)) from None


SERVICE = ReleaseService(FARR)
