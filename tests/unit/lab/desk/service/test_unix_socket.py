"""The service on a Unix socket: who may open it, what is answered, and that no client keeps others waiting."""

import http.client
import json
import socket
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from farr.lab.desk.files import as_json
from farr.lab.desk.service.answer import Answer
from farr.lab.desk.service.server import ServiceError, on_unix_socket
from farr.lab.desk.showing.page import page_of
from farr.lab.disclosure.released import read_published
from farr.lab.disclosure.review.held import Held
from farr.lab.model.asking.client import ServiceHeld, ServiceRefused, ask, ask_page, over_unix_socket
from farr.lab.model.asking.envelope import EnvelopeError, Form
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.signed import NotSigned

ASKED = {"agreement": "leeds", "purpose": "benchmarking", "user": "A. Analyst"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "farr.sock"


@pytest.fixture
def served(rig, path, running):
    with running(on_unix_socket(path, rig.service.respond)) as server:
        yield server


def sent(path, method: str, place: str, body: bytes | None = None, **headers: str) -> tuple[int, dict]:
    connection = over_unix_socket(path)
    connection.request(method, place, body, headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def spoken(path, said: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(said)
        return connection.recv(65_536)


def test_what_is_asked_over_the_socket_is_what_the_desk_answers(served, rig, path, make):
    request = BenchmarkRequest(organisation="C09", measure="made_up", by="sex", peers=("C01", "C02"))
    found = ask(over_unix_socket(path), request, rig.key, trusted={rig.home.public_key()}, **ASKED)
    assert found == json.loads(json.dumps(as_json(make())))
    assert rig.desk.asked == [request]


def test_an_answer_of_another_service_is_not_taken(served, rig, path):
    with pytest.raises(EnvelopeError, match="not trusted here"):
        ask(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, trusted={"another"}, **ASKED)


def test_a_page_is_asked_for_at_its_own_path_and_is_what_the_benchmark_says(served, rig, path, make):
    request = BenchmarkRequest(organisation="C09", measure="made_up", why="to see")
    page = ask_page(over_unix_socket(path), request, rig.key, trusted={rig.home.public_key()}, **ASKED)
    assert page == page_of(make(), request, made_at=page.made_at) and page.request.period == "2024-01..2024-12"
    received, answered = rig.lines
    assert (received["user"], received["request"]["why"], answered["code"]) == ("A. Analyst", "to see", 200)
    assert read_published(rig.home.published / answered["releases"][0], {rig.home.public_key()}).table.equals(make().rows.table)


def test_a_page_of_another_service_or_of_another_request_is_not_taken(served, rig, path):
    request = BenchmarkRequest(organisation="C09", measure="made_up")
    with pytest.raises(NotSigned, match="a key that is not trusted here"):
        ask_page(over_unix_socket(path), request, rig.key, trusted={"another"}, **ASKED)
    answer = rig.service.respond(rig.sign(), Form.PAGE)
    served.respond = lambda *_: answer  # of the same question, asked before
    with pytest.raises(NotSigned, match="about something else"):
        ask_page(over_unix_socket(path), request, rig.key, trusted={rig.home.public_key()}, **ASKED)


@pytest.mark.parametrize("body", [{}, {"page": "x"}, {"page": 1}, {"page": None}, {"page": "AAAA"}])
def test_an_answer_without_a_page_is_not_taken(served, rig, path, body):
    served.respond = lambda *_: Answer(code=200, body={"status": "ok", **body})
    with pytest.raises(NotSigned, match="the answer of the release service cannot be read"):
        ask_page(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, trusted=set(), **ASKED)


@pytest.mark.parametrize("asking", [ask, ask_page])
def test_what_is_held_is_told_apart_from_what_is_refused(served, rig, path, asking):
    def held(_):
        raise Held("h-1", "h-2")

    rig.desk.give = held
    with pytest.raises(ServiceHeld, match="held for review as h-1, h-2") as found:
        asking(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, trusted=set(), **ASKED)
    assert found.value.ids == ("h-1", "h-2")
    with pytest.raises(ServiceRefused) as refused:
        asking(
            over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, trusted=set(),
            **{**ASKED, "agreement": "hull"},
        )  # fmt: skip
    assert not isinstance(refused.value, ServiceHeld)


def test_a_refusal_reaches_the_client_in_its_words(served, rig, path):
    with pytest.raises(ServiceRefused, match="is not for the purpose 'other'"):
        ask(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, **{**ASKED, "purpose": "other"})


def test_its_owner_alone_may_open_the_socket(rig, path):
    server = on_unix_socket(path, rig.service.respond)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    server.server_close()


def test_the_permissions_of_later_files_are_as_before(rig, path, tmp_path):
    (tmp_path / "before").touch()
    on_unix_socket(path, rig.service.respond).server_close()
    (tmp_path / "after").touch()
    assert (tmp_path / "before").stat().st_mode == (tmp_path / "after").stat().st_mode


def test_a_socket_left_behind_is_replaced(rig, path, running):
    on_unix_socket(path, rig.service.respond).server_close()
    assert path.exists()
    with running(on_unix_socket(path, rig.service.respond)):
        assert sent(path, "GET", "/health") == (200, {"status": "ok"})


def test_a_socket_that_answers_is_left_alone(served, rig, path):
    with pytest.raises(ServiceError, match="is in use"):
        on_unix_socket(path, rig.service.respond)
    assert sent(path, "GET", "/health")[0] == 200


def test_a_file_that_is_no_socket_is_left_alone(rig, path):
    path.write_text("figures")
    with pytest.raises(ServiceError, match="is a file and no socket"):
        on_unix_socket(path, rig.service.respond)
    assert path.read_text() == "figures"


def test_a_place_that_cannot_be_is_named(rig, tmp_path):
    with pytest.raises(ServiceError, match="no socket can be made at .*path too long"):
        on_unix_socket(tmp_path / ("x" * 120), rig.service.respond)


def test_nothing_else_is_there(served, path):
    for method, place in (("GET", "/"), ("GET", "/benchmark"), ("GET", "/page"), ("POST", "/"), ("POST", "/pages"), ("POST", "/health")):
        code, body = sent(path, method, place, b"{}" if method == "POST" else None)
        assert (code, body["status"]) == (404, "refused")
    assert spoken(path, b"PUT /benchmark HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 501")


@pytest.mark.parametrize("length", ["65537", "-1", "x", "²", "9" * 400, ""])
def test_a_request_has_a_length_that_is_not_too_large(served, rig, path, length):
    said = f"POST /benchmark HTTP/1.0\r\nContent-Length: {length}\r\n\r\n".encode("latin-1", "replace")
    assert b" 413 " in spoken(path, said).splitlines()[0]
    assert rig.desk.asked == []


def test_a_body_that_ends_early_is_no_request(served, rig, path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(b"POST /benchmark HTTP/1.0\r\nContent-Length: 500\r\n\r\n" + rig.sign()[:100])
        connection.shutdown(socket.SHUT_WR)
        assert b" 401 " in connection.recv(65_536).splitlines()[0]


def test_many_at_once_are_all_answered(served, rig, path):
    request = BenchmarkRequest(organisation="C09", measure="made_up")
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: ask(over_unix_socket(path), request, rig.key, **ASKED), range(24)))
    assert len(found) == 24 and all(each == found[0] for each in found)
    assert rig.desk.opened == [("leeds", "benchmarking")] * 2


def test_health_is_told_while_a_question_is_asked(served, rig, path, make):
    begun, finish = threading.Event(), threading.Event()

    def slow(_):
        begun.set()
        assert finish.wait(10)
        return make()

    rig.desk.give = slow
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask, over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, **ASKED)
        assert begun.wait(10)
        assert sent(path, "GET", "/health")[0] == 200
        finish.set()
        assert asking.result(10)["organisation"]


def test_a_silent_client_keeps_nobody_waiting(served, path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))
        silent.sendall(b"POST /benchmark HTTP/1.0\r\nContent-Length: 100\r\n\r\n")
        assert sent(path, "GET", "/health")[0] == 200


def test_a_client_that_sends_byte_by_byte_is_hung_up_on(rig, path, running):
    server = on_unix_socket(path, rig.service.respond)
    server.seconds = 0.3
    with running(server), socket.socket(socket.AF_UNIX) as slow:
        slow.connect(str(path))
        slow.settimeout(10)
        slow.sendall(b"POST /benchmark HTTP/1.0\r\nContent-Length: 65536\r\n\r\n")
        with pytest.raises(OSError):
            for _ in range(1000):
                slow.sendall(b"x")
                time.sleep(0.01)
    assert rig.desk.asked == []


def test_more_connections_than_are_carried_are_closed_unheard(rig, path, running):
    server = on_unix_socket(path, rig.service.respond)
    server.seconds, server.connections = 5, 2
    server.server_activate()
    with running(server), socket.socket(socket.AF_UNIX) as first, socket.socket(socket.AF_UNIX) as second:
        for each in (first, second):
            each.connect(str(path))
            each.sendall(b"POST ")
        with pytest.raises((OSError, http.client.HTTPException)):
            sent(path, "GET", "/health")
        first.close()
        second.close()
        _until(lambda: sent(path, "GET", "/health")[0] == 200)


def _until(is_so) -> None:
    for _ in range(200):
        try:
            if is_so():
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    raise AssertionError("it never came to be")


def test_a_connection_that_breaks_is_named_by_kind_alone(served, rig, path, capfd):
    def broken(*_):
        raise RuntimeError("patient 4711")

    served.respond = broken
    with pytest.raises(ServiceRefused, match="does not answer"):
        ask(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, **ASKED)
    said: list[str] = []

    def is_told() -> bool:
        said.append(capfd.readouterr().err)
        if "RuntimeError" not in "".join(said):
            raise OSError("not yet")
        return True

    _until(is_told)
    assert "4711" not in "".join(said) and "Traceback" not in "".join(said)


def test_nobody_there_is_said_with_what_to_type(rig, path):
    with pytest.raises(ServiceRefused, match="is it running\\? type: farr serve"):
        ask(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, **ASKED)


def test_another_program_that_answers_is_told_apart(rig, path, running):
    server = on_unix_socket(path, rig.service.respond)

    def answers_something_else(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))  # else the asker's writing may break first
        handler._send(200, [])

    server.RequestHandlerClass = type("Other", (server.RequestHandlerClass,), {"do_POST": answers_something_else})
    with running(server), pytest.raises(ServiceRefused, match="no release service"):
        ask(over_unix_socket(path), BenchmarkRequest(organisation="C09", measure="made_up"), rig.key, **ASKED)
