"""farr serve as a process of its own: what it answers is what the desk answers, and how it stops."""

import json
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from farr.lab.desk.commands.clients import add
from farr.lab.desk.commands.publication import ListenError, serve
from farr.lab.desk.files import as_json
from farr.lab.desk.home import read_key
from farr.lab.desk.retention.alone import alone
from farr.lab.desk.retention.errors import HomeInUse
from farr.lab.model.asking.client import ServiceRefused, ask, over_unix_socket
from farr.lab.model.durable.chain import Chain
from farr.lab.model.request import BenchmarkRequest

FARR = Path(sys.executable).with_name("farr")
REQUEST = BenchmarkRequest(organisation="RA0", measure="day_case_rate", by="specialty")
ASKED = {"agreement": "tiny", "purpose": "benchmarking", "user": "A. Analyst"}


@pytest.fixture
def served(tiny, tmp_path):
    add("portal", agreement=["tiny"], out=tmp_path / "portal.pem", home=tiny.home.folder)
    path = tmp_path / "s.sock"
    process = subprocess.Popen([str(FARR), "serve", "--home", str(tiny.home.folder), "--socket", str(path)], stdout=subprocess.PIPE)
    for _ in range(600):
        if path.exists():
            break
        time.sleep(0.05)
    yield tiny, path, read_key(tmp_path / "portal.pem"), process
    process.kill()
    process.wait(10)


def without_times(found: dict) -> dict:
    """Figures that are worked out anew, of the same releases, are the same release at another time."""
    return {**found, "releases": [{**release, "released_at": None} for release in found["releases"]]}


def test_the_service_answers_as_the_desk_does_and_stops_when_told(served):
    tiny, path, key, process = served
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = ask(over_unix_socket(path), REQUEST, key, trusted={tiny.home.public_key()}, **ASKED)
    assert without_times(found) == without_times(json.loads(json.dumps(as_json(tiny.desk().answer(REQUEST)))))
    with pytest.raises(ServiceRefused, match="there is no measure 'no_such'"):
        ask(over_unix_socket(path), REQUEST.model_copy(update={"measure": "no_such"}), key, **ASKED)
    with pytest.raises(HomeInUse, match="farr serve answers from these records"), alone(tiny.home):
        pass
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not path.exists()
    with alone(tiny.home), pytest.raises(HomeInUse, match="records are being destroyed"):
        serve(socket=path, home=tiny.home.folder)
    assert not path.exists()
    audit = list(Chain(tiny.home.folder / "audit" / "service.jsonl").links())
    assert [link.content["outcome"] for link in audit] == ["received", "answered", "received", "refused"]


def test_mutual_tls_needs_all_its_files(tiny):
    with pytest.raises(ListenError, match="needs --certificate, --key and --client-authority"):
        serve(listen="127.0.0.1:0", home=tiny.home.folder)
    with pytest.raises(ListenError, match="is not written as HOST:PORT"):
        serve(listen="8443", home=tiny.home.folder)
