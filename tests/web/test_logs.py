"""The portal's own log: lines of JSON that can be joined with the audit, which say what was refused as wrong and no value of it."""

import io
import json
import logging
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from gunicorn.config import Config

from farr.portal.access.quiet import Quiet
from farr.portal.access.roles import Role
from farr.portal.installation import installation
from farr.portal.server_log import ServerLogger
from farr.portal.trail.recording import trail
from farr.portal.trail.trail import Event, Trail, What
from tests.web.installing import install
from tests.web.publishing import LEVEL, MEASURE

PAGE = f"/o/{LEVEL}/C09/{MEASURE}/"
VALUE = "zqzq 476 5919"  # in letters that no number of a request, time or process holds


@pytest.fixture
def log():
    """What the installation's log would hold, line by line; the audit's lines too."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Quiet())
    loggers = [logging.getLogger(), logging.getLogger("farr.audit")]
    for each in loggers:
        each.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for each in loggers:
        each.removeHandler(handler)


def refused(log) -> list[dict]:
    return [line for line in log() if line["logger"] == "farr.portal.access.noting"]


def text(log) -> str:
    """All but the lines of the audit, which says who and about what."""
    return json.dumps([line for line in log() if line["logger"] != "farr.audit"])


# --- one event a line


def test_each_line_is_json_with_its_time_in_utc(log):
    logging.getLogger("farr.tests").error("two\nlines: %s", VALUE)
    [line] = log()
    assert (line["level"], line["logger"], line["event"]) == ("ERROR", "farr.tests", "two\nlines: %s")
    assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0 and "request" not in line


def test_a_fault_has_kind_and_place_and_the_number_of_its_request(viewer, log, monkeypatch):
    from farr.portal.benchmarks import views

    def fails(*_, **__):
        raise ValueError(VALUE)

    monkeypatch.setattr(views, "overview_of", fails)
    viewer.raise_request_exception = False
    viewer.get(f"/o/{LEVEL}/C09/")
    [line] = [line for line in log() if line["level"] == "ERROR"]
    assert line["kind"] == "ValueError" and line["place"].startswith("fails (test_logs.py, line ") and len(line["request"]) == 16
    assert VALUE not in json.dumps(log())


def test_a_line_of_the_log_and_one_of_the_audit_have_the_same_number(viewer, log):
    viewer.get(f"/o/{LEVEL}/C08/")
    *_, line = trail().events()
    [denied] = refused(log)
    assert line.content["what"] == "denied" and line.content["request"] == denied["request"] and denied["status"] == 403
    viewer.get(PAGE)
    *_, other = trail().events()
    assert other.content["request"] != line.content["request"] and len(other.content["request"]) == 16
    trail().record(Event(what=What.SAW, user=1, name="", about="by a command"))
    *_, outside = trail().events()
    assert "request" not in outside.content


# --- what was refused as wrong


def test_a_choice_that_there_is_not_is_logged_without_its_value(viewer, log):
    viewer.get(f"{PAGE}?count={VALUE}&peers={VALUE}")
    [line] = refused(log)
    assert line["event"] == "input was refused" and (line["view"], line["status"]) == ("measure", 422)
    assert line["mistakes"] == [{"of": "ChoiceError", "fields": {"count": ["refused"]}}] and "zqzq" not in text(log)


@pytest.mark.parametrize(("path", "view"), [
    ("?with=zqzq", "measure"), ("?norm=no_such_zqzq", "measure"), ("chart/no_such_zqzq.svg", "chart"), ("table.nozqzq", "table"),
])  # fmt: skip
def test_whatever_a_page_refuses_is_logged(viewer, log, path, view):
    said = viewer.get(f"{PAGE}{path}")
    lines = refused(log)
    assert said.status_code >= 400 and [(line["view"], line["status"]) for line in lines] == [(view, said.status_code)]
    assert "zqzq" not in text(log)


def test_what_the_page_of_a_measure_says_of_a_choice_is_logged_with_its_field(viewer, log):
    viewer.get(f"{PAGE}?with=no_such_zqzq")
    [line] = refused(log)
    assert line["mistakes"] == [{"of": "ChoiceError", "fields": {"with": ["refused"]}}]


def test_what_was_wrong_in_a_form_is_logged_by_field_and_kind(analyst, client_of, log):
    client_of(analyst).post("/access/ask/", {"agreement": VALUE, "purpose": "", "until": "no day", "why": "x", VALUE: VALUE})
    [line] = refused(log)
    [mistake] = line["mistakes"]
    assert line["view"] == "access_ask" and mistake["of"] == "RequestForm" and "zqzq" not in text(log)
    assert mistake["fields"]["agreement"] == ["invalid_choice"] and mistake["fields"]["purpose"] == ["required"]


def test_a_file_that_is_refused_is_logged(analyst, submit, log):
    submit(analyst, f"name,count\n=cmd|{VALUE},10\n".encode())
    [line] = refused(log)
    assert (
        line["mistakes"] == [{"of": "SubmitForm", "fields": {"file": ["refused"]}}] and "zqzq" not in text(log) and "cmd" not in text(log)
    )


def test_forms_of_signing_in_are_logged_too(person, log):
    user = person(Role.VIEWER)
    Client().post("/accounts/login/", {"login": "no address zqzq", "password": ""})
    [line] = refused(log)
    assert line["view"] == "account_login" and "password" in line["mistakes"][0]["fields"] and "zqzq" not in text(log)
    Client().post("/accounts/login/", {"login": user.email, "password": VALUE})
    assert len(refused(log)) == 2 and VALUE not in json.dumps(log()) and user.email not in text(log)


@pytest.fixture
def call(person, grant, client_of):
    """Calls the API by a token of an analyst."""
    from datetime import timedelta

    from farr.portal.agreements.files import today
    from farr.portal.api.tokens import new_token

    user = person(Role.ANALYST)
    grant(user)
    token, _ = new_token(user, "t", today() + timedelta(days=1))
    return lambda path, by=token: Client().get(f"/api/v1{path}", HTTP_AUTHORIZATION=f"Bearer {by}")


def test_a_call_that_is_refused_is_logged_by_parameter_and_kind(call, log):
    path = f"/organisations/{LEVEL}/C09/measures/{MEASURE}"
    said = [call(f"{path}?count=zqzq"), call(f"{path}?no_such_zqzq=1"), call(f"{path}?count=9&count=43")]
    assert [each.status_code for each in said] == [422] * 3
    lines = refused(log)
    assert {line["view"] for line in lines} == {"api:benchmark"} and "zqzq" not in text(log)
    assert [line["mistakes"] for line in lines] == [
        [{"of": "call", "fields": {"count": ["int_parsing"]}}],
        [{"of": "ChoiceError", "fields": {"(unknown)": ["refused"]}}],
        [{"of": "ChoiceError", "fields": {"count": ["refused"]}}],
    ]


def test_a_call_with_a_token_that_there_is_not_is_logged(call, log):
    assert call("/measures", "farr_zqzq").status_code == 401
    assert [line["status"] for line in refused(log)] == [401] and "zqzq" not in text(log)
    assert call("/no/such/zqzq").status_code == 404
    assert refused(log)[-1]["view"] == "api_no_such" and "zqzq" not in text(log)


def test_what_is_right_is_not_logged_as_refused(viewer, call, log):
    viewer.get(PAGE)
    call("/measures")
    assert refused(log) == []


# --- the audit in the log


def test_each_line_of_the_audit_goes_to_the_log_too(viewer, log):
    viewer.get(PAGE)
    *_, line = trail().events()
    [said] = [each for each in log() if each["logger"] == "farr.audit"]
    assert said["audit"] == vars(line) and said["event"] == "saw" and said["level"] == "INFO" and said["request"] == line.content["request"]


def test_the_installations_log_gets_the_audit(starting):
    said = starting("", "shell", "-c", "from farr.portal.trail.recording import trail\nfrom farr.portal.trail.trail import Event, What\n"
                    "trail().record(Event(what=What.SAW, user=1, name='', about='x'))")  # fmt: skip
    [line] = [json.loads(each) for each in said.splitlines() if each.startswith("{")]
    assert line["logger"] == "farr.audit" and line["audit"]["content"]["about"] == "x" and line["audit"]["number"] == 1


def test_unless_it_is_not_to(tmp_path, log):
    own = Trail(installation(install(tmp_path / "portal", audit_log=False)))
    own.record(Event(what=What.SAW, user=1, name="", about="x"))
    assert log() == [] and own.verify().lines == 1


def test_a_log_that_cannot_be_written_stops_nothing_and_tells_nothing(tmp_path):
    """Its reader is gone: the audit is written, the command is done, and nothing else is said."""
    place = install(tmp_path / "portal")
    program = (
        "import django; django.setup()\n"
        "from farr.portal.trail.recording import trail\nfrom farr.portal.trail.trail import Event, What\n"
        "import os, sys\nread, write = os.pipe(); os.close(read); os.dup2(write, 2)\n"
        "[trail().record(Event(what=What.SAW, user=1, name='', about='x')) for _ in range(3)]\nprint('done')\n"
    )
    known = {"FARR_PORTAL": str(place), "DJANGO_SETTINGS_MODULE": "farr.portal.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=known, capture_output=True, text=True, check=False)
    assert "done" in done.stdout and "Logged from" not in done.stderr
    assert Trail(installation(place)).verify().lines == 3


def test_what_is_not_in_the_audit_is_not_in_the_log(viewer, log, monkeypatch):
    from farr.lab.model.durable.chain import ChainError

    def fails(_):
        raise ChainError("broken")

    monkeypatch.setattr(trail()._chain, "append", fails)
    assert viewer.get(PAGE).status_code == 503
    assert not [each for each in log() if each["logger"] == "farr.audit"]


# --- the server under the portal


def test_the_servers_own_lines_are_json_and_tell_nothing_of_a_request(capfd):
    logger = ServerLogger(Config())
    try:
        logger.info("Listening at: %s (%s)", "http://127.0.0.1:8000", 7)
        logger.warning(f"Invalid request from ip=192.0.2.5: Invalid header {VALUE}")
        try:
            raise ValueError(VALUE)
        except ValueError:
            logger.exception("Error handling request %s", f"/o/{VALUE}")
        logger.critical("WORKER TIMEOUT (pid:%s)", 7)
    finally:
        for handler in list(logger.error_log.handlers):
            logger.error_log.removeHandler(handler)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert lines[0]["event"] == "Listening at: http://127.0.0.1:8000 (7)"
    assert [line["event"] for line in lines[1:3]] == ["a request could not be read or answered"] * 2 and lines[2]["kind"] == "ValueError"
    assert "WORKER TIMEOUT" in lines[3]["event"] and "zqzq" not in json.dumps(lines) and "192.0.2.5" not in json.dumps(lines)


def test_a_running_portal_writes_nothing_but_json(tmp_path):
    """As it is started: what it writes of a request that is none, and of one that is refused, is JSON without a word of either."""
    place = install(tmp_path / "portal")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "farr"), "portal", "run", "--portal", str(place), "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            _answer(port, b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            _answer(port, b"GET /zqzq HTTP/1.1\r\nBad header zqzq\r\n\r\n")
            _answer(port, b"POST /accounts/login/ HTTP/1.1\r\nHost: zqzq.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        finally:
            process.terminate()
        _, said = process.communicate(timeout=30)
    lines = [json.loads(line) for line in said.splitlines() if line.strip()]
    assert any("Listening at" in line["event"] for line in lines) and any(line.get("status") == 400 for line in lines)
    assert any(line["event"] == "a request could not be read or answered" for line in lines) and "zqzq" not in said


def _answer(port: int, sent: bytes) -> bytes:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(sent)
                found = b""
                while piece := connection.recv(4096):
                    found += piece
                return found
        except ConnectionRefusedError:
            import time

            time.sleep(0.1)
    raise AssertionError("the portal did not answer")
