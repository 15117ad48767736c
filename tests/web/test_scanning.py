"""Uploads are shown to a scanner for malware before they are kept: by a server on this machine that speaks as clamd does (clamd(8),
INSTREAM), with the test file of EICAR, which every scanner takes for malware and which does nothing."""

import socketserver
import struct
import threading
import time
from contextlib import contextmanager
from functools import partial

import pytest
from typer.testing import CliRunner

from farr.portal.commands import app
from farr.portal.installation import InstallationError, installation
from farr.portal.review import views
from farr.portal.review.models import Output
from farr.portal.review.scanning import Infected, NotScanned, check_answers, check_clean
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from tests.web.installing import install
from tests.web.reviewing import GOOD

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LONGEST = 100_000
SLOW = b"bit by bit"


class _Clamd(socketserver.StreamRequestHandler):
    """One command a connection, as clamd answers it; or `server.instead`, whatever is asked."""

    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if self.server.instead == SLOW:
            for _ in range(100):
                time.sleep(0.05)
                self.wfile.write(b"x")
        answer = self.scanned() if command == b"zINSTREAM\0" else b"PONG\0" if command == b"zPING\0" else b"UNKNOWN COMMAND\0"
        self.wfile.write(answer if self.server.instead is None else self.server.instead)

    def scanned(self) -> bytes:
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.looked_at.append(content)
        if len(content) > LONGEST:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@contextmanager
def scanning(place, instead=None):
    kind = socketserver.ThreadingTCPServer if isinstance(place, tuple) else socketserver.ThreadingUnixStreamServer
    with kind(place, _Clamd) as server:
        server.instead, server.looked_at = instead, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture
def scanner(tmp_path):
    """At a socket of its own; and the settings of a portal that names it."""
    with scanning(str(tmp_path / "clamd.ctl")) as server:
        yield server, FARR.model_copy(update={"clamd": str(tmp_path / "clamd.ctl")})


@pytest.fixture
def scanned(scanner, monkeypatch):
    """The portal's pages use the scanner."""
    server, settings = scanner
    monkeypatch.setattr(views, "check_clean", partial(check_clean, settings=settings))
    return server


def denials() -> list[dict]:
    return [link.content for link in trail().events() if link.content["what"] == "denied"]


def test_what_is_clean_is_kept_after_it_was_looked_at(scanned, analyst, submit):
    assert submit(analyst).status_code == 302 and Output.objects.count() == 1
    assert scanned.looked_at == [GOOD]


def test_what_is_found_is_not_kept_and_is_written_down(scanned, analyst, submit):
    kept, before = set((FARR.folder / "review").glob("*")), len(denials())
    said = submit(analyst, b"name,count\n" + EICAR + b",10\n")
    text = said.content.decode()
    assert said.status_code == 422 and "The scanner for malware found something" in text and "Eicar" not in text
    assert not Output.objects.exists() and set((FARR.folder / "review").glob("*")) == kept
    [line] = denials()[before:]
    assert "found something" in line["detail"]["why"] and len(line["detail"]["sha256"]) == 64 and line["user"] == analyst.pk


@pytest.mark.parametrize("instead", [
    b"", b"stream: OK", b"stream: OK\0stream: OK\0", b"stream: OK \0", b"OK\0", b"stream: Lstat() failed. ERROR\0", b"PONG\0", b"x" * 9_000,
])  # fmt: skip
def test_an_answer_that_is_none_refuses(scanned, analyst, submit, instead):
    scanned.instead = instead
    before = len(denials())
    said = submit(analyst)
    assert said.status_code == 422 and "cannot look at files just now" in said.content.decode() and not Output.objects.exists()
    assert len(denials()) == before + 1


def test_a_scanner_that_never_ends_its_answer_is_not_waited_for(scanner, monkeypatch):
    server, settings = scanner
    server.instead = SLOW
    monkeypatch.setattr("farr.portal.review.scanning.SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(NotScanned):
        check_clean(GOOD, settings)
    assert time.monotonic() - began < 3


def test_no_scanner_at_its_place_refuses(tmp_path, monkeypatch, analyst, submit):
    for place in (str(tmp_path / "nothing.ctl"), "127.0.0.1:1"):
        gone = FARR.model_copy(update={"clamd": place})
        monkeypatch.setattr(views, "check_clean", partial(check_clean, settings=gone))
        assert submit(analyst).status_code == 422 and not Output.objects.exists()


def test_what_is_too_long_for_the_scanner_is_refused(scanner):
    _, settings = scanner
    check_clean(b"a" * LONGEST, settings)
    with pytest.raises(NotScanned):
        check_clean(b"a" * (LONGEST + 1), settings)


def test_it_is_found_across_pieces(scanner):
    server, settings = scanner
    with pytest.raises(Infected):
        check_clean(b"a" * (65_536 - 10) + EICAR, settings)
    assert server.looked_at[-1].endswith(EICAR)


def test_an_address_of_this_machine_serves_too():
    with scanning(("127.0.0.1", 0)) as server:
        settings = FARR.model_copy(update={"clamd": f"127.0.0.1:{server.server_address[1]}"})
        check_answers(settings)
        check_clean(GOOD, settings)
        with pytest.raises(Infected):
            check_clean(EICAR, settings)


@pytest.mark.parametrize("place", ["scanner.example:3310", "192.0.2.1:3310", "clamd.ctl", "localhost", "127.0.0.1:x"])
def test_files_are_sent_to_no_other_machine(tmp_path, place):
    with pytest.raises(InstallationError, match="clamd"):
        installation(install(tmp_path / "portal", clamd=place))


def test_without_a_scanner_a_file_is_taken_and_the_check_says_so(analyst, submit, tmp_path, monkeypatch):
    assert FARR.clamd is None and submit(analyst).status_code == 302
    monkeypatch.setattr("farr.portal.commands._call", lambda *_, **__: None)
    said = CliRunner().invoke(app, ["portal", "check", "--portal", str(FARR.folder)])
    assert said.exit_code == 0 and "uploads are not scanned for malware" in " ".join(said.output.split())


def test_the_check_asks_the_scanner(scanner):
    server, settings = scanner
    check_answers(settings)
    server.instead = b"PONG PONG\0"
    with pytest.raises(NotScanned, match="no scanner answers at"):
        check_answers(settings)
    check_answers(FARR)
