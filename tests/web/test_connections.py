"""Connections of the portal's own: to its database, to a mail server and from its proxy; and what a browser keeps after signing out."""

import os
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from base64 import b64decode
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from django.core.mail import get_connection, send_mail
from typer.testing import CliRunner

from farr.portal.commands import app
from farr.portal.database import database
from farr.portal.installation import InstallationError, installation
from farr.portal.listening import listening
from farr.portal.people.sign_on import asking
from tests.browser.driving import free_port
from tests.unit.lab.desk.service.test_mutual_tls import Authority
from tests.web.installing import install

FOLDER = Path("/srv/portal")
ANYWHERE = "0.0.0.0"  # noqa: S104  refused
VERIFIED = "?sslmode=verify-full&sslrootcert=/etc/ca.pem"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "authority")


# --- to the database


def test_what_stands_after_the_database_s_address_goes_to_its_client():
    said = database(f"postgresql://farr:a%2Fb@db.example.org:5433/portal{VERIFIED}", FOLDER)
    assert said["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert (said["USER"], said["PASSWORD"], said["HOST"], said["PORT"], said["NAME"]) == ("farr", "a/b", "db.example.org", "5433", "portal")


@pytest.mark.parametrize("host", ["", "%2Frun%2Fpostgresql", "localhost", "127.0.0.1:5433", "[::1]"])
def test_a_database_of_this_machine_needs_no_tls(host):
    assert database(f"postgresql://farr@{host}/portal", FOLDER)["OPTIONS"] == {}


@pytest.mark.parametrize("host", ["db.example.org", "10.0.0.7", "localhost.example.org", "127.0.0.1,db.example.org", "[2001:db8::1]"])
@pytest.mark.parametrize(
    "more",
    ["", "?sslmode=disable", "?sslmode=require", "?sslmode=verify-ca&sslrootcert=/etc/ca.pem", "?sslmode=verify-full", "?sslrootcert=/x",
     "?sslmode=verify-full&sslrootcert="],
)  # fmt: skip
def test_over_a_network_a_database_that_is_not_verified_is_refused(host, more):
    for setting in ("database", "database_owner"):
        with pytest.raises(InstallationError, match=rf"'{setting}': .* network.*sslmode=verify-full&sslrootcert=FILE"):
            database(f"postgresql://farr@{host}/portal{more}", FOLDER, setting)
    assert database(f"postgresql://farr@{host}/portal{VERIFIED}", FOLDER)["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("more", ["host=db.example.org", "hostaddr=10.0.0.7", "service=far", "servicefile=/x"])
def test_where_the_database_is_is_said_once(more, monkeypatch):
    with pytest.raises(InstallationError, match=r"before the '\?'"):
        database(f"postgresql://farr@localhost/portal?{more}", FOLDER)
    for each in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        with monkeypatch.context() as patched, pytest.raises(InstallationError, match=each):
            patched.setenv(each, "db.example.org")
            database("postgresql:///portal", FOLDER)


def test_a_portal_with_a_database_that_is_not_verified_neither_starts_nor_is_made(starting, tmp_path):
    url = "postgresql://farr@db.example.org/portal"
    assert "sslmode=verify-full&sslrootcert=FILE" in starting(database=url)
    for option in ("--database", "--database-owner"):
        said = CliRunner().invoke(app, ["portal", "init", str(tmp_path / "new"), option, url])
        assert "sslmode=verify-full" in str(said.exception) and not (tmp_path / "new").exists()


# --- to a mail server


@pytest.mark.parametrize(
    ("said", "why"),
    [({"mail_host": "mail.example.org", "mail_tls": False}, "mail_tls"), ({"mail_host": "10.0.0.7", "mail_tls": False}, "mail_tls"),
     ({"mail_host": "localhost", "mail_user": "farr"}, "go together"),
     ({"mail_host": "localhost", "mail_password_file": "m"}, "go together"),
     ({"mail_host": "localhost", "mail_tls": False, "mail_user": "farr", "mail_password_file": "m"}, "STARTTLS")],
)  # fmt: skip
def test_mail_that_could_be_read_on_the_way_is_refused(tmp_path, said, why):
    with pytest.raises(InstallationError, match=why):
        _installed(tmp_path, **said)


def _installed(place, **said):
    """An installation with these settings, written as TOML."""
    folder = install(place / "portal")
    with (folder / "portal.toml").open("a") as file:
        file.writelines(f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}\n" for name, value in said.items())
    return installation(folder)


def test_a_mail_server_of_this_machine_may_be_asked_without_tls(tmp_path):
    assert not _installed(tmp_path, mail_host="localhost", mail_tls=False).mail_tls


def test_the_portal_proves_itself_to_its_mail_server(starting):
    more = 'mail_host = "mail.example.org"\nmail_user = "farr"\nmail_password_file = "secret.txt"\n'
    asked = (
        "from django.conf import settings as s; print(s.EMAIL_USE_TLS, s.EMAIL_PORT, s.EMAIL_HOST_USER, len(s.EMAIL_HOST_PASSWORD) > 20)"
    )
    assert starting(more, "shell", "-v", "0", "-c", asked).strip().endswith("True 587 farr True")


class _MailServer(threading.Thread):
    """SMTP for one connection: STARTTLS, AUTH PLAIN, one message. `told` is what came, each line with whether it was encrypted."""

    def __init__(self, certificate, key):
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificate, key)
        self.told = []
        self.start()

    def run(self):
        connection, _ = self.listening.accept()
        connection.sendall(b"220 mail\r\n")
        is_encrypted, lines = False, connection.makefile("rb")
        answers = {"EHLO": b"250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", "DATA": b"354 go on\r\n", "AUTH": b"235 ok\r\n"}
        while line := lines.readline():
            self.told.append((line.decode().strip(), is_encrypted))
            verb = line[:4].decode().strip().upper()
            if verb == "STAR":
                connection.sendall(b"220 go on\r\n")
                try:
                    connection = self.context.wrap_socket(connection, server_side=True)
                except (ssl.SSLError, OSError):
                    return
                is_encrypted, lines = True, connection.makefile("rb")
            elif verb in {"EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"}:
                connection.sendall(answers.get(verb, b"250 ok\r\n"))


@pytest.fixture
def mail(authority, settings):
    """A mail server, and the portal's way of sending."""
    server = _MailServer(*authority.issue("mail"))

    def sends():
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=server.port, username="farr", password="a password",
            use_tls=True, timeout=5,
        )  # fmt: skip
        return send_mail("A subject", "A text", "farr@example.org", ["a@example.org"], connection=connection)

    yield server, sends
    server.listening.close()


def test_a_password_goes_to_a_mail_server_over_tls_alone(mail, authority, monkeypatch):
    server, sends = mail
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    assert sends() == 1
    [given] = [(line, is_encrypted) for line, is_encrypted in server.told if line.startswith("AUTH")]
    assert given[1] and b64decode(given[0].split()[-1]) == b"\0farr\0a password"
    assert [line for line, is_encrypted in server.told if not is_encrypted and not line.lower().startswith("ehlo")] == ["STARTTLS"]


def test_a_sign_on_of_an_unknown_authority_is_told_nothing(authority):
    """Nor one with another's certificate: what it would be told is a code and the client's secret."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("sign-on"))
    told: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening_at:
        port = listening_at.getsockname()[1]

        def serves():
            for _ in range(2):
                with suppress(OSError), context.wrap_socket(listening_at.accept()[0], server_side=True) as connection:
                    told.append(connection.recv(4_000))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

        serving = threading.Thread(target=serves, daemon=True)
        serving.start()
        with pytest.raises(requests.exceptions.SSLError):
            asking.session(https=True).post(f"https://127.0.0.1:{port}/token", data={"code": "c"})
        assert told == []
        known = asking.session(https=True).post(f"https://127.0.0.1:{port}/token", data={"code": "c"}, verify=str(authority.file))
        assert known.json() == {}
        serving.join(10)
    assert len(told) == 1


def test_a_mail_server_of_an_unknown_authority_learns_nothing(mail):
    server, sends = mail
    with pytest.raises((ssl.SSLCertVerificationError, smtplib.SMTPException)):
        sends()
    assert not any(line.startswith("AUTH") for line, _ in server.told) and "a@example.org" not in str(server.told)


# --- from the proxy


@pytest.mark.parametrize("bind", [ANYWHERE, "10.0.0.7", "::", "[::]", "portal.example.org", "127.0.0.1.example.org"])
def test_over_a_network_it_listens_with_tls_alone(bind, authority):
    with pytest.raises(InstallationError, match="--certificate FILE --key FILE"):
        listening(bind, 8000)
    certificate, key = authority.issue("portal")
    for half in ({"certificate": certificate}, {"key": key}, {"authority": authority.file}):
        with pytest.raises(InstallationError, match="both"):
            listening(bind, 8000, **half)
    with pytest.raises(InstallationError, match="there is no file"):
        listening(bind, 8000, certificate=certificate, key=key.with_name("no.key"))
    assert listening(bind, 8000, certificate=certificate, key=key).address.startswith("https://")


def test_on_this_machine_it_listens_at_loopback_or_a_socket(authority):
    assert listening("127.0.0.1", 8000).arguments == ("--bind", "127.0.0.1:8000")
    assert listening("::1", 8000).arguments == ("--bind", "[::1]:8000")
    assert listening("unix:/run/farr/portal.sock", 8000).arguments == ("--bind", "unix:/run/farr/portal.sock", "--umask", "0o007")
    with pytest.raises(InstallationError, match="needs no TLS"):
        listening("unix:/x", 8000, certificate=authority.file, key=authority.file)


def test_the_command_refuses_a_network_without_tls(tmp_path):
    said = CliRunner().invoke(app, ["portal", "run", "--bind", ANYWHERE, "--portal", str(install(tmp_path / "portal"))])
    assert isinstance(said.exception, InstallationError) and "--certificate" in str(said.exception)


@pytest.fixture
def running(tmp_path):
    """`farr portal run` with these options, of a portal over https without a proxy, until the test ends."""
    started = []

    def run(*options):
        place = install(tmp_path / "run", https=True, hosts=["127.0.0.1"])
        known = {**os.environ, "FARR_PORTAL": str(place)}
        command = [str(Path(sys.executable).parent / "farr"), "portal", "run", "--workers", "1", *map(str, options)]
        with (tmp_path / "log.txt").open("wb") as log:
            started.append(subprocess.Popen(command, env=known, stdout=log, stderr=log))
        return started[-1]

    yield run
    for each in started:
        each.terminate()
        each.wait(timeout=30)


def _until(works, process):
    """What `works` gives, once it does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the portal ended"
        try:
            return works()
        except (ConnectionRefusedError, FileNotFoundError):
            time.sleep(0.2)
    raise AssertionError("the portal did not answer")


def _asked(connection, path="/accounts/login/"):
    """The first line of an answer."""
    with connection:
        connection.settimeout(20)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return connection.recv(4096).decode().splitlines()[0]


def test_with_a_certificate_it_answers_over_tls_its_proxy_alone(running, authority):
    certificate, key = authority.issue("portal")
    port = free_port()
    process = running("--port", port, "--certificate", certificate, "--key", key, "--authority", authority.file)
    context = ssl.create_default_context(cafile=authority.file)

    def connected():
        return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname="127.0.0.1")

    _until(lambda: socket.create_connection(("127.0.0.1", port)).close(), process)
    with pytest.raises((ssl.SSLError, OSError, IndexError)):  # TLS 1.3 tells of a missing certificate at the first answer
        _asked(connected())
    context.load_cert_chain(*authority.issue("proxy"))
    assert _asked(connected()) == "HTTP/1.1 200 OK", "it is asked over https, and sends nobody there"
    with connected() as connection:
        assert connection.version() in {"TLSv1.2", "TLSv1.3"}
    with pytest.raises((OSError, IndexError)):
        _asked(socket.create_connection(("127.0.0.1", port), timeout=20))


def test_a_socket_is_of_its_group_alone(running, tmp_path):
    path = tmp_path / "portal.sock"
    process = running("--bind", f"unix:{path}")

    def connected():
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(path))
        return connection

    assert _asked(_until(connected, process)).startswith("HTTP/1.1 ")
    assert path.stat().st_mode & 0o777 == 0o770


# --- and in the browser


def test_browsers_forget_on_signing_out(viewer):
    assert "Clear-Site-Data" not in viewer.get("/?list").headers
    assert viewer.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'
