"""The socket: HTTP over a Unix socket inside one machine, or over TCP with mutual TLS between two."""

import io
import json
import os
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from time import monotonic
from typing import Any

from farr.lab.desk.service.answer import Answer
from farr.lab.model.asking.envelope import Form
from farr.lab.model.errors import FarrError

_LONGEST_REQUEST = 65_536
_SECONDS = 30  # that a client may take to send its whole request, and to take its answer
_CONNECTIONS = 64  # at once; more are closed unheard

Respond = Callable[[bytes, Form], Answer]
_FORMS = {form.path: form for form in Form}
_NOTHING = f"there is nothing here; POST a signed request to {' or '.join(_FORMS)}"


class ServiceError(FarrError):
    """The service cannot listen; the message says where, and what to do."""


class _InTime(io.RawIOBase):
    """What a client sends, until a moment: one that sends a byte now and then holds its connection no longer than another."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection = connection
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("the request took too long")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Handler(BaseHTTPRequestHandler):
    """POST /benchmark, /page or /overview with a signed envelope; GET /health. Nothing else is answered, and nothing of a request is
    logged here."""

    server_version = "farr"
    sys_version = ""

    def setup(self) -> None:
        super().setup()
        server: Any = self.server
        self.rfile = io.BufferedReader(_InTime(self.connection, monotonic() + server.seconds))

    def do_GET(self) -> None:
        if self.path == "/health":
            self._send(200, {"status": "ok"})
        else:
            self._send(404, {"status": "refused", "reason": _NOTHING})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > _LONGEST_REQUEST:
            self._send(413, {"status": "refused", "reason": f"a request has a Content-Length of at most {_LONGEST_REQUEST} bytes"})
            return
        # Read before anything is answered: a client that is still writing would not hear it.
        content = self.rfile.read(int(length))
        form = _FORMS.get(self.path)
        if form is None:
            self._send(404, {"status": "refused", "reason": _NOTHING})
            return
        server: Any = self.server
        answer: Answer = server.respond(content, form)
        self._send(answer.code, answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the audit of requests is the service's, and holds no figure."""

    def address_string(self) -> str:
        return "socket"

    def _send(self, code: int, body: dict[str, Any]) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.connection.settimeout(_SECONDS)
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingMixIn, HTTPServer):
    """Answers on one socket until it is shut down; `respond` is called for each request and must be safe to call from threads.

    Closing it waits for requests that were heard: an answer that was released is also sent."""

    request_queue_size = _CONNECTIONS
    respond: Respond
    seconds: float = _SECONDS
    connections: int = _CONNECTIONS

    def server_activate(self) -> None:
        self._free = threading.BoundedSemaphore(self.connections)
        super().server_activate()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke, or was no TLS of ours, is named by kind alone: the trace could quote a request."""
        sys.stderr.write(f"farr serve: a connection ended without an answer ({getattr(sys.exc_info()[0], '__name__', 'unknown')})\n")

    def server_bind(self) -> None:
        # HTTPServer would look up the host's name, which a Unix socket does not have.
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "farr", 0
        if self.address_family != socket.AF_UNIX:
            self.server_address = self.socket.getsockname()


class _UnixServer(Server):
    address_family = socket.AF_UNIX

    def get_request(self) -> tuple[Any, Any]:
        connection, _ = self.socket.accept()
        return connection, ("socket", 0)


def on_unix_socket(path: Path, respond: Respond) -> Server:
    """A server on a Unix socket that its owner alone may open. Raises ServiceError where another answers there, or none can be made."""
    _clear_stale(path)
    before = os.umask(0o177)
    try:
        server = _UnixServer(str(path), _Handler)  # type: ignore[arg-type]
    except OSError as error:
        raise ServiceError(f"no socket can be made at {path} ({error.strerror or error}); name another with --socket") from None
    finally:
        os.umask(before)
    server.respond = respond
    return server


def with_mutual_tls(host: str, port: int, respond: Respond, *, certificate: Path, key: Path, client_authority: Path) -> Server:
    """A server on TCP that shows its certificate and asks every client for one that `client_authority` signed. Raises ServiceError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(client_authority)
        server = Server((host, port), _Handler)
    except (OSError, ssl.SSLError) as error:
        raise ServiceError(f"cannot listen at {host}:{port} with {certificate} and {client_authority}: {error.strerror or error}") from None
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.respond = respond
    return server


def _clear_stale(path: Path) -> None:
    """A socket file that a killed service left behind is removed; one that answers is another service's, and any other file is not ours."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return
    if not path.is_socket():
        raise ServiceError(f"{path} is a file and no socket; name another place with --socket")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except OSError:
            pass
    raise ServiceError(f"{path} is in use; stop the service that answers there, or name another with --socket")
