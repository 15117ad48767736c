"""Nobody is given more pages or files in a minute than a person can look at, whichever process answers."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pydantic import ValidationError

from farr.portal.access import limits, middleware
from farr.portal.access.limits import DOWNLOADS, Counting, Limited, seconds_left
from farr.portal.access.roles import Role
from farr.portal.installation import Installation
from farr.portal.trail.recording import trail
from tests.web.publishing import LEVEL, MEASURE, SCENARIO
from tests.web.test_matrix import patterns

OVERVIEW = f"/o/{LEVEL}/C09/"
FILE = f"{OVERVIEW}{MEASURE}/table.csv"
NOW = 1_000_000_000.0


@pytest.fixture
def few(monkeypatch):
    """Three pages and two downloads a minute, in a minute that does not end."""
    monkeypatch.setattr(limits, "FARR", limits.FARR.model_copy(update={"pages_a_minute": 3, "downloads_a_minute": 2}))
    monkeypatch.setattr(middleware, "COUNTING", Counting())
    monkeypatch.setattr(limits, "time", lambda: NOW)


def refusals() -> list[str]:
    return [link.content["detail"]["why"] for link in trail().events() if "in a minute" in link.content["detail"].get("why", "")]


def test_beyond_the_limit_a_page_says_when_to_come_again(viewer, few):
    before = len(refusals())
    assert [viewer.get(OVERVIEW).status_code for _ in range(3)] == [200] * 3
    said = viewer.get(OVERVIEW)
    assert said.status_code == 429 and said.headers["Retry-After"] == str(seconds_left(NOW)) == "20"
    text = said.content.decode()
    assert "more than 3 pages within a minute" in text and "Wait 20 seconds" in text and "Content-Security-Policy" in said.headers
    assert viewer.get("/access/").status_code == 429, "any page counts"
    assert refusals()[before:] == ["more than 3 pages in a minute"], "one line a minute, not one a page"


def test_the_next_minute_begins_anew(viewer, few, monkeypatch):
    assert [viewer.get(OVERVIEW).status_code for _ in range(4)] == [200, 200, 200, 429]
    monkeypatch.setattr(limits, "time", lambda: NOW + 20)
    assert viewer.get(OVERVIEW).status_code == 200


def test_downloads_have_a_limit_of_their_own(viewer, few):
    assert [viewer.get(FILE).status_code for _ in range(3)] == [200, 200, 429]
    assert "more than 2 downloads within a minute" in viewer.get(FILE).content.decode()
    assert viewer.get(OVERVIEW).status_code == 200


@pytest.mark.parametrize("path", [f"/o/{LEVEL}/C09/{MEASURE}/chart/no_such.svg", f"/c/{LEVEL}/C09/scenario/{SCENARIO}/table.csv"])
@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_no_header_makes_a_file_a_page(viewer, few, path, headers):
    assert [viewer.get(path, headers=headers).status_code for _ in range(3)][-1] == 429
    assert viewer.head(path, headers=headers).status_code == 429 and viewer.get("/access/").status_code == 200


def test_who_is_beyond_the_limit_can_sign_out(viewer, few):
    assert [viewer.get("/access/").status_code for _ in range(4)][-1] == 429
    assert viewer.post("/accounts/logout/").status_code == 302 and "_auth_user_id" not in viewer.session


def test_what_is_refused_is_not_shown_and_not_made(viewer, few, monkeypatch):
    assert [viewer.get(FILE).status_code for _ in range(2)] == [200, 200]
    seen = len(list(trail().events()))
    viewer.get(FILE)
    *_, last = list(trail().events())[seen:]
    assert last.content["what"] == "denied"


def test_everybody_has_a_limit_of_their_own(viewer, few, person, client_of):
    assert [viewer.get("/access/").status_code for _ in range(4)][-1] == 429
    assert client_of(person(Role.VIEWER)).get("/access/").status_code == 200


def test_what_is_open_to_everybody_has_none(viewer, few):
    assert [viewer.get("/health/").status_code for _ in range(6)] == [200] * 6


def test_a_limit_that_cannot_be_written_down_shows_nothing(viewer, few, monkeypatch):
    from farr.lab.model.durable.chain import ChainError

    for _ in range(3):
        viewer.get("/access/")

    def fails(_):
        raise ChainError("/srv/audit, line 3 does not follow")

    before = len(refusals())
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(trail(), "record", fails)
        for _ in range(2):
            said = viewer.get("/access/")
            assert said.status_code == 503 and "/srv" not in said.content.decode()
    assert [viewer.get("/access/").status_code for _ in range(2)] == [429] * 2 and len(refusals()) == before + 1


def test_two_processes_count_together():
    one, two, allowed = Counting(), Counting(), 0
    for at in range(400):
        allowed += (one if at % 2 else two).is_within(Limited.PAGES, 7_001, 100, NOW)
    assert 100 <= allowed <= 100 + 2 * 10, "each process may let a tenth more through"


def test_a_process_by_itself_lets_no_more_through_than_the_limit():
    own = Counting()
    with ThreadPoolExecutor(8) as threads:  # a lock counts them one after the other, and no database is asked before the tenth
        assert sum(threads.map(lambda _: own.is_within(Limited.PAGES, 7_002, 1_000_000, NOW), range(500))) == 500
    assert sum(own.is_within(Limited.DOWNLOADS, 7_002, 30, NOW) for _ in range(100)) == 30


def test_the_audit_is_told_once_by_all_processes():
    told = []
    for kind, now in (
        (Limited.PAGES, NOW),
        (Limited.PAGES, NOW),
        (Limited.DOWNLOADS, NOW),
        (Limited.PAGES, NOW + 60),
        (Limited.PAGES, NOW),
    ):
        Counting().tell_once(kind, 7_003, lambda: told.append(1), now)
    assert len(told) == 3


def test_most_readers_cost_no_round_trip():
    own = Counting()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert all(own.is_within(Limited.PAGES, 7_004, 240, NOW) for _ in range(23))
    assert len(asked) == 0
    with CaptureQueriesContext(connection) as asked:
        assert own.is_within(Limited.PAGES, 7_004, 240, NOW)
    assert 0 < len(asked) < 10


def test_every_view_that_makes_a_file_counts_as_a_download():
    views = {name: inspect.unwrap(view) for name, _, view in patterns()}
    made = {name for name, view in views.items() if inspect.isfunction(view) and "as_file(" in inspect.getsource(view)}
    assert made == DOWNLOADS


def test_the_limits_that_are_told_are_those_that_hold():
    told = (Path(__file__).parents[2] / "docs" / "portal-security.md").read_text(encoding="utf-8")
    pages, downloads = (Installation.model_fields[name].default for name in ("pages_a_minute", "downloads_a_minute"))
    assert (pages, downloads) == (240, 30) and "240 and 30 a minute for each person" in told


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValidationError):
        Installation(published="p", agreements="a", signatories="s", trusted_keys=(), folder="/f", pages_a_minute=0)
