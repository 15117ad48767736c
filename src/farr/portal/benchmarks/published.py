"""What the lab published for readers: contents, overviews and pages, each verified before it is shown."""

import json
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from pydantic import BaseModel

from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Contents, Overview, Page
from farr.lab.model.showing.signed import (
    CONTENTS,
    ahead_about,
    contents_about,
    overview_about,
    overview_path,
    page_path,
    read_signed,
    statement_about,
    statement_path,
    statements_about,
    statements_path,
)
from farr.lab.model.showing.statement import Statement, Statements
from farr.portal.installation import Installation
from farr.portal.settings import FARR

D = TypeVar("D", bound=BaseModel)
P = TypeVar("P", Page, Overview, Statement, Statements)
STATEMENTS = "statements"
_KEPT = 150


class NotPublished(FarrError):
    """Nothing of this was published ahead; the message says what to do."""


class Published:
    """The folder published/ of a lab, of which pages and statements are read. What was read and verified is kept until its file
    changes."""

    def __init__(self, settings: Installation) -> None:
        self._folder = settings.place(settings.published)
        self._trusted = frozenset(settings.trusted_keys)
        self._kept: OrderedDict[tuple[Path, str], tuple[tuple[int, int], Any]] = OrderedDict()
        self._lock = Lock()

    def contents(self) -> Contents:
        """Raises NotPublished, and NotSigned where it is not the lab's."""
        return self._read(CONTENTS, Contents, contents_about(), "nothing is published yet; in the lab, type: farr publish")

    def overview(self, level: str, organisation: str, norm: str) -> Overview:
        """Raises as `contents` does."""
        missing = f"no overview of {organisation} against the norm '{norm}' was published; choose another norm"
        found = self._read(overview_path(level, organisation, norm), Overview, overview_about(level, organisation, norm), missing)
        return self._of_the_contents(found)

    def page(self, level: str, organisation: str, measure: str, norm: str) -> Page:
        """The page of the latest rolling year that was made ahead. Raises as `contents` does."""
        missing = f"no page of {measure} for {organisation} against the norm '{norm}' was published"
        about = ahead_about(level, organisation, measure, norm)
        return self._of_the_contents(self._read(page_path(level, organisation, measure, norm), Page, about, missing))

    def statements(self, level: str, organisation: str) -> Statements:
        """The list of an organisation's statements. Raises as `contents` does."""
        missing = f"no statements of {organisation} are published"
        name, about = statements_path(level, organisation), statements_about(level, organisation)
        return self._of_the_contents(self._read(name, Statements, about, missing, STATEMENTS))

    def has_statements(self, level: str, organisation: str) -> bool:
        """Whether any are published; what they are is verified when they are shown."""
        return (self._folder / STATEMENTS / statements_path(level, organisation)).exists()

    def statement(self, level: str, organisation: str, kind: str, name: str) -> Statement:
        """Raises as `contents` does."""
        missing = f"no statement of the {kind} '{name}' is published for {organisation}"
        path, about = statement_path(level, organisation, kind, name), statement_about(level, organisation, kind, name)
        return self._of_the_contents(self._read(path, Statement, about, missing, STATEMENTS))

    def _of_the_contents(self, found: P) -> P:
        """While another agreement is published over this one, pages of both lie there: whom the contents are for sees no other's."""
        if found.agreement != self.contents().agreement:
            raise NotPublished("this is being published anew, under another agreement; look again later")
        return found

    def _read(self, name: str, kind: type[D], about: dict[str, Any], missing: str, within: str = "pages") -> D:
        path = self._folder / within / name
        try:
            stat = path.stat()
        except OSError:
            raise NotPublished(missing) from None
        version = (stat.st_mtime_ns, stat.st_size)
        # It was verified as what it is: as something else it is verified, and refused, again.
        asked = (path, json.dumps(about, sort_keys=True))
        with self._lock:
            held = self._kept.get(asked)
            if held is not None and held[0] == version:
                self._kept.move_to_end(asked)
                return held[1]
        found = read_signed(path.read_bytes(), kind, about, self._trusted, name)
        with self._lock:
            self._kept[asked] = (version, found)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


PUBLISHED = Published(FARR)
