"""What was released before is answered while something new is worked on, by a real desk: the same answers, and a ledger that is whole."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from farr.lab.desk.files import as_json
from farr.lab.engine.session import Session
from farr.lab.model.asking.envelope import Form
from farr.lab.model.durable.chain import Chain
from farr.lab.model.request import BenchmarkRequest
from tests.unit.lab.desk.publication.conftest import NAMES
from tests.unit.lab.desk.publication.test_asked_overviews import PRACTICE, STAY, Asking, asking_of

RELEASED = [BenchmarkRequest(organisation=code, measure=NAMES[0]) for code in ("RA0", "RA1", "RZZ")]
NEW = [BenchmarkRequest(organisation="RA0", measure="length_of_stay", period=f"2024-0{month}..2024-12") for month in (2, 3)]


@pytest.fixture
def asking(public) -> Asking:
    return asking_of(public)


def test_readers_do_not_wait_for_what_is_new(asking, monkeypatch):
    for request in RELEASED:
        assert asking.ask(request, Form.BENCHMARK).code == 200
    begun, finish, ask_many = threading.Event(), threading.Event(), Session.ask_many

    def slowly(self, *asked):
        begun.set()
        assert finish.wait(20)
        return ask_many(self, *asked)

    monkeypatch.setattr(Session, "ask_many", slowly)
    with ThreadPoolExecutor(1) as pool:
        new = pool.submit(asking.ask, NEW[0], Form.BENCHMARK)
        assert begun.wait(20)
        ledger = asking.ledger
        overview = asking.ask(PRACTICE, Form.OVERVIEW)
        page = asking.ask(STAY, Form.PAGE, nothing_new=True)
        found = [asking.ask(request, Form.BENCHMARK) for request in RELEASED]
        assert not new.done() and asking.ledger == ledger
        finish.set()
        assert new.result(120).code == 200
    assert [overview.code, page.code, *(each.code for each in found)] == [200] * (2 + len(RELEASED))
    desk = asking.home.desk()
    for request, answer in zip(RELEASED, found, strict=True):
        assert _said(answer.body["benchmark"]) == _said(as_json(desk.answer(request))), request


def test_answers_at_once_are_those_of_one_after_the_other(asking):
    every = [*RELEASED, *NEW, *RELEASED, *NEW]
    signed = [asking.sign(request) for request in every]
    with ThreadPoolExecutor(6) as pool:
        found = [answer.body["benchmark"] for answer in pool.map(asking.service.respond, signed)]
    desk = asking.home.desk()
    for request, given in zip(every, found, strict=True):
        assert _said(given) == _said(as_json(desk.answer(request))), request
    assert Chain(asking.home.home.ledger("tiny").path).verify() > 0
    assert Chain(asking.home.home.folder / "audit" / "service.jsonl").verify() == 2 * len(every)


def _said(benchmark: dict[str, Any]) -> dict[str, Any]:
    """The benchmark, without when its parts were worked out; what they rest on is by its ids."""
    rests_on = [sorted(each["derived_from"]) for each in benchmark["releases"]]
    return {**benchmark, "releases": rests_on}
