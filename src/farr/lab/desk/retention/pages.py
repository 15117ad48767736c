"""Pages for readers that rest on what was destroyed: they stand as they were, and say so."""

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.home import Home
from farr.lab.desk.publication.notices import notices
from farr.lab.desk.publication.pages import PAGES
from farr.lab.desk.showing.page import noticed
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.showing.page import Contents, Overview, Page
from farr.lab.model.showing.signed import CONTENTS, NotSigned, ahead_about, contents_about, overview_about, read_signed, write_signed

D = TypeVar("D", Page, Overview, Contents)


def mark_pages(home: Home, says: Mapping[str, str]) -> None:
    """Writes on every page, overview and in the contents what is said of the releases that they rest on, by release. A file that cannot
    be read is left: no reader is shown it. Doing it again does no harm."""
    published, key = home.published, home.release_key()
    told = {**says, **notices(published, home.public_key())}
    trusted = {home.public_key()}
    for folder in sorted((published / PAGES).glob("*/")):
        by_norm: dict[str, dict[str, None]] = {}
        for path in sorted(folder.glob("*.json.gz")):
            page = None if _is_overview(path) else _read(path, Page, trusted)
            if page is not None:
                marked = noticed(page, told)
                _write(path, page, marked, key)
                by_norm.setdefault(page.norm, {}).update(dict.fromkeys(each for each in marked.notes if each in told.values()))
        for path in sorted(folder.glob("overview.*.json.gz")):
            overview = _read(path, Overview, trusted)
            if overview is not None:
                notes = tuple(dict.fromkeys((*overview.notes, *by_norm.get(overview.norm, {}))))
                _write(path, overview, overview.model_copy(update={"notes": notes}), key)
    contents = _read(published / PAGES / CONTENTS, Contents, trusted)
    if contents is not None:
        marked = contents.model_copy(update={"notices": notices(published, home.public_key())})
        _write(published / PAGES / CONTENTS, contents, marked, key)


def _is_overview(path: Path) -> bool:
    return path.name.startswith("overview.")


def _read(path: Path, kind: type[D], trusted: set[str]) -> D | None:
    try:
        raw = path.read_bytes()
        return read_signed(raw, kind, _about(path, json.loads(gzip.decompress(raw))["document"]), trusted, path.name)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, NotSigned):
        return None


def _write(path: Path, before: D, after: D, key: Ed25519PrivateKey) -> None:
    if after != before:
        replace_file(path, write_signed(after, _about(path, after.model_dump(mode="json")), key))


def _about(path: Path, body: dict[str, Any]) -> dict[str, Any]:
    """What the document says that it is: where it lies, it may be nothing else."""
    if path.name == CONTENTS:
        return contents_about()
    if _is_overview(path):
        return overview_about(body["level"], body["organisation"], body["norm"])
    return ahead_about(body["level"], body["organisation"], body["measure"]["name"], body["norm"])
