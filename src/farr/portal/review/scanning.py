"""Malware in uploads: each is shown to a scanner on this machine, ClamAV's clamd, before it is kept, and is refused unless that says that
it found nothing."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

from farr.lab.model.errors import FarrError
from farr.portal.installation import Installation
from farr.portal.settings import FARR

SECONDS = 30.0
"""In which the scanner is to have answered."""
_PIECE = 65_536
_LONGEST = 4_096  # bytes of an answer


class Refused(FarrError):
    """A file that is not taken, for the scanner found something in it or could not say that there is nothing."""


class Infected(Refused):
    """The scanner found something."""


class NotScanned(Refused):
    """The scanner did not answer, or not as its protocol says."""


def check_clean(content: bytes, settings: Installation = FARR) -> None:
    """Where a scanner is set: raises Infected and NotScanned unless it says that nothing was found. What it says of a finding is not
    repeated: the name of a signature may be made of what was sent."""
    if settings.clamd is None:
        return
    pieces = (content[at : at + _PIECE] for at in range(0, len(content), _PIECE))
    sent = b"".join(struct.pack("!I", len(piece)) + piece for piece in pieces)
    said = _answer(settings.clamd, b"zINSTREAM\0" + sent + struct.pack("!I", 0))
    if said == b"stream: OK":
        return
    if said.startswith(b"stream: ") and said.endswith(b" FOUND"):
        raise Infected(
            "the scanner for malware found something in this file, which was not kept; do not open it, and tell who runs the portal"
        )
    raise NotScanned("the scanner for malware cannot look at files just now, and what was not scanned is not taken; try again later")


def check_answers(settings: Installation = FARR) -> None:
    """Where a scanner is set: raises NotScanned unless it answers."""
    if settings.clamd is not None and _answer(settings.clamd, b"zPING\0") != b"PONG":
        raise NotScanned(f"portal.toml, setting 'clamd': no scanner answers at {settings.clamd}; uploads are refused until one does")


def _answer(place: str, sent: bytes) -> bytes:
    """What the scanner answers, without its end; nothing where there is no whole answer."""
    found, until = b"", time.monotonic() + SECONDS
    try:
        with _connected(place) as scanner:
            scanner.sendall(sent)
            while not found.endswith(b"\0") and len(found) < _LONGEST:
                scanner.settimeout(max(until - time.monotonic(), 0.001))
                if not (piece := scanner.recv(_LONGEST)):
                    break
                found += piece
    except OSError:
        return b""
    return found.removesuffix(b"\0") if found.count(b"\0") == 1 and found.endswith(b"\0") else b""


@contextmanager
def _connected(place: str) -> Iterator[socket.socket]:
    if place.startswith("/"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as scanner:
            scanner.settimeout(SECONDS)
            scanner.connect(place)
            yield scanner
        return
    host, _, port = place.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS) as scanner:
        yield scanner
