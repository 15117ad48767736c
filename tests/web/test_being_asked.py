"""A question that takes long: the page says so at once, it is asked once for all, and its answer is fetched by who may still see it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Event, Thread
from time import monotonic, sleep, time

import pytest
from django.conf import settings
from django.test import Client

from farr.lab.model.asking.client import ServiceHeld, ServiceRefused
from farr.lab.model.request import BenchmarkRequest
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.agreements.models import AccessRequest, Ending
from farr.portal.api.tokens import new_token
from farr.portal.benchmarks import showing, views
from farr.portal.benchmarks.asking import asking, shelf
from farr.portal.benchmarks.asking.asking import Asker, Asking
from farr.portal.benchmarks.asking.durations import Durations
from farr.portal.benchmarks.asking.question import Question
from farr.portal.benchmarks.asking.shelf import Shelf
from farr.portal.benchmarks.service import ReleaseService
from farr.portal.installation import Service as ServiceSettings
from farr.portal.people.models import User
from farr.portal.review.models import Output
from tests.web.publishing import LEVEL, MADE_AT, MEASURE, make_page

PAGE = f"/o/{LEVEL}/C09/{MEASURE}/?norm=quartiles"
ABOUT = f"{MEASURE} {LEVEL} C09"
LOOK = {"hx-request": "true"}


class Slow(ReleaseService):
    """A release service that answers when it is let go, with the page of C09 or what it is told to raise."""

    def __init__(self, place):
        socket = ServiceSettings(socket=place / "s.sock", key_file=settings.FARR.folder / "audit.pem")
        super().__init__(settings.FARR.model_copy(update={"service": socket}))
        self.questions, self.users, self.free, self.error = [], [], Event(), None

    def answer(self, question, user):
        self.questions.append(question)
        self.users.append(user)
        assert self.free.wait(20)
        if self.error is not None:
            raise self.error
        return make_page("C09")

    def ends(self):
        """Lets it go, and waits until nothing is asked any more."""
        self.free.set()
        until = monotonic() + 20
        while Shelf(settings.FARR).all_running():
            assert monotonic() < until
            sleep(0.01)


@pytest.fixture
def slow(monkeypatch, tmp_path):
    made = Slow(tmp_path)
    monkeypatch.setattr(showing, "SERVICE", made)
    monkeypatch.setattr(views, "_AT_ONCE", 0.05)
    yield made
    made.ends()


@pytest.fixture
def analyst(person, grant):
    user = person(Role.ANALYST, name="Ann Author")
    grant(user)
    return user


def question(norm="quartiles", why=None):
    request = BenchmarkRequest(organisation="C09", measure=MEASURE, norm=norm, level=LEVEL, why=why)
    return Question(request=request, agreement="leeds", purpose="commissioning", edition=MADE_AT)


def test_the_page_says_at_once_that_it_is_being_asked_and_the_answer_comes(slow, analyst, client_of, audited):
    browser = client_of(analyst)
    said = browser.get(PAGE)
    text = said.content.decode()
    assert said.status_code == 202 and said.headers["Retry-After"] == "2" and said.headers["Cache-Control"] == "private, no-store"
    assert "The lab is being asked" in text and "Made-up share of Place 9" in text and "quartiles" in text.lower()
    assert 'hx-trigger="every 2s"' in text and '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert "You may leave this page" in text and f'href="{PAGE}"' in text and 'role="status"' in text
    assert audited() == [("asked the release service", ABOUT)], "nothing was seen yet"
    look = browser.get(PAGE, headers=LOOK)
    assert look.status_code == 200 and 'id="asking"' in look.content.decode() and "<html" not in look.content.decode()
    assert browser.get(PAGE).status_code == 202  # who came back
    slow.ends()
    look = browser.get(PAGE, headers=LOOK)
    assert look.headers["HX-Refresh"] == "true" and look.content == b""
    assert audited() == [("asked the release service", ABOUT)], "looking whether it is there shows nothing"
    said = browser.get(PAGE)
    assert said.status_code == 200 and "Higher than all 8 other commissioners" in said.content.decode()
    assert audited() == [("asked the release service", ABOUT), ("saw", ABOUT)]
    assert len(slow.questions) == 1 and slow.users == [analyst.email]


def test_a_line_is_read_out_now_and_then_and_not_every_second(slow, analyst, client_of):
    browser = client_of(analyst)
    browser.get(PAGE)
    assert "Still being asked" not in browser.get(PAGE, headers={**LOOK, "farr-told": "0"}).content.decode()
    told = browser.get(PAGE, headers={**LOOK, "farr-told": "-15"}).content.decode()
    assert 'id="asking-said" hx-swap-oob="innerHTML">Still being asked, for 0 seconds' in told


def test_what_two_people_ask_is_asked_once_and_the_audit_has_both(slow, analyst, person, grant, client_of, audited):
    other = person(Role.ANALYST, name="other")
    grant(other)
    assert client_of(analyst).get(PAGE).status_code == client_of(other).get(PAGE).status_code == 202
    slow.ends()
    assert client_of(other).get(PAGE).status_code == client_of(analyst).get(PAGE).status_code == 200
    assert len(slow.questions) == 1
    assert [what for what, _ in audited()] == ["asked the release service"] * 2 + ["saw"] * 2


def test_what_another_purpose_edition_or_right_asks_is_another_question():
    first = question()
    others = [
        Question(request=first.request, agreement=one, purpose=two, edition=three, nothing_new=four)
        for one, two, three, four in [("york", "commissioning", MADE_AT, False), ("leeds", "research", MADE_AT, False),
                                      ("leeds", "commissioning", "2025-06-01", False), ("leeds", "commissioning", MADE_AT, True)]
    ]  # fmt: skip
    assert len({first.name, *(each.name for each in others)}) == 5
    assert question(why="Table two").name == first.name


def test_an_access_that_ended_meanwhile_shows_nothing(slow, analyst, client_of, audited):
    browser = client_of(analyst)
    assert browser.get(PAGE).status_code == 202
    Ending.objects.create(request=AccessRequest.objects.get(user=analyst), by=analyst, reason="x")
    slow.ends()
    for headers in (LOOK, {}):
        said = browser.get(PAGE, headers=headers)
        assert said.status_code == 403 and "Higher than" not in said.content.decode()
    assert [what for what, _ in audited()] == ["asked the release service", "denied", "denied"]


@pytest.mark.parametrize("ends", ["access", "account", "role", "training"])
def test_who_waits_for_the_whole_answer_is_looked_at_again_before_it_is_given(slow, analyst, token, audited, monkeypatch, ends):
    slow.free.set()
    found = showing.ASKING.found

    def while_asked(*words, **more):
        page = found(*words, **more)
        if ends == "access":
            Ending.objects.create(request=AccessRequest.objects.get(user=analyst), by=analyst, reason="x")
        elif ends == "role":
            analyst.assignments.all().delete()
        else:
            change = {"account": {"is_active": False}, "training": {"trained_on": today() - timedelta(days=800)}}[ends]
            User.objects.filter(pk=analyst.pk).update(**change)
        return page

    monkeypatch.setattr(showing.ASKING, "found", while_asked)
    said = token.get(f"/api/v1/organisations/{LEVEL}/C09/measures/{MEASURE}?norm=quartiles")
    assert said.status_code == 403 and "tables" not in said.json()
    assert [what for what, _ in audited()] == ["asked the release service", "denied"]


def test_where_too_many_wait_the_next_is_told_when_to_come_again(slow, analyst, person, grant, client_of, token, audited, monkeypatch):
    monkeypatch.setattr(asking, "MOST", 2)
    browser = client_of(analyst)
    for norm in ("quartiles", "deciles"):
        assert browser.get(f"/o/{LEVEL}/C09/{MEASURE}/?norm={norm}").status_code == 202
    before = audited()
    third = f"/o/{LEVEL}/C09/{MEASURE}/?period=2023-01..2023-12"
    for said in (browser.get(third), browser.get(third.replace("/?", "/table.csv?"))):
        assert said.status_code == 503 and said.headers["Retry-After"] == "30"
        assert "questions wait for the lab already" in said.content.decode()
    said = token.get(f"/api/v1/organisations/{LEVEL}/C09/measures/{MEASURE}?period=2023-01..2023-12")
    assert said.status_code == 503 and said.headers["Retry-After"] == "30" and "in a minute" in said.json()["detail"]
    assert audited() == before, "what was not asked is not said to have been"
    assert browser.get(PAGE).status_code == 202 and browser.get(f"/o/{LEVEL}/C09/").status_code == 200


def test_one_person_leaves_room_for_others(slow, analyst, person, grant, client_of):
    browser, months = client_of(analyst), [f"2023-0{month}" for month in range(1, 8)]
    said = [browser.get(f"/o/{LEVEL}/C09/{MEASURE}/?period={month}..2023-12").status_code for month in months]
    assert said == [202] * 5 + [503] * 2
    other = person(Role.ANALYST, name="other")
    grant(other)
    assert client_of(other).get(PAGE).status_code == 202


def test_two_are_asked_at_once_and_the_others_wait_their_turn(slow, analyst, person, grant, client_of):
    browser = client_of(analyst)
    for month in ("2023-01", "2023-02", "2023-03"):
        assert browser.get(f"/o/{LEVEL}/C09/{MEASURE}/?period={month}..2023-12").status_code == 202
    until = monotonic() + 5
    while len(slow.questions) < 2 and monotonic() < until:
        sleep(0.01)
    sleep(0.1)
    assert len(slow.questions) == 2
    reader = person(Role.VIEWER)
    grant(reader, "P00009", level="practice")
    assert client_of(reader).get("/o/practice/P00009/").status_code == 202
    until = monotonic() + 5
    while len(slow.questions) < 3 and monotonic() < until:
        sleep(0.01)
    assert [each.only_reads for each in slow.questions] == [False, False, True], "who reads does not wait for those who ask"
    slow.ends()
    assert len(slow.questions) == 4


def test_a_refusal_is_told_once_and_to_whose_question_it_was(slow, analyst, person, grant, client_of):
    other = person(Role.ANALYST, name="other")
    grant(other)
    one, two = client_of(analyst), client_of(other)
    slow.error = ServiceRefused("too fine for this place")
    assert one.get(PAGE).status_code == two.get(PAGE).status_code == 202
    slow.ends()
    said = one.get(PAGE)
    assert said.status_code == 422 and "oo fine for this place" in said.content.decode()
    slow.error = None
    assert two.get(PAGE).status_code == 200, "the other's own question is asked in their name"
    assert slow.users == [analyst.email, other.email]
    assert one.get(PAGE).status_code == 200


def test_a_fault_is_told_without_its_words(slow, analyst, client_of):
    slow.error = RuntimeError("row 17 of the table")
    browser = client_of(analyst)
    assert browser.get(PAGE).status_code == 202
    slow.ends()
    said = browser.get(PAGE)
    assert said.status_code == 503 and "row 17" not in said.content.decode() and "cannot do this just now" in said.content.decode()


def test_a_held_answer_is_fetched_by_its_address_with_the_reason_that_was_posted(slow, analyst, client_of):
    browser, address = client_of(analyst), f"/o/{LEVEL}/C09/{MEASURE}/?codes.diagnosis=K80"
    slow.error = ServiceHeld("held for review", ("review-1a2b3c4d",))
    said = browser.post(address, {"why": "For the board"})
    assert said.status_code == 302 and said.headers["Location"] == address, "a page that was posted does not look again by itself"
    assert browser.get(address).status_code == 202
    slow.ends()
    said = browser.get(address)
    assert said.status_code == 202 and "waits for the output checkers" in said.content.decode()
    assert Output.objects.get().why == "For the board"


# --- several processes


def test_another_process_is_told_that_it_is_asked_and_gives_the_answer(slow, analyst):
    """Two of them, over one folder: what one asks the other waits for, and gives, though it never asked."""
    one, two, service_of_two = Asking(settings.FARR), Asking(settings.FARR), Slow(settings.FARR.folder)
    told = []
    asker = Asker(number=analyst.pk, email=analyst.email, record=lambda: told.append(1))
    with pytest.raises(asking.BeingAsked):
        one.found(question(), slow, asker, patience=0)
    with pytest.raises(asking.BeingAsked) as waits:
        two.found(question(), service_of_two, asker, patience=0)
    assert waits.value.seconds < 5
    slow.ends()
    assert two.found(question(), service_of_two, asker).organisation == "C09"
    assert service_of_two.questions == [] and told == [1]


def test_what_a_process_asked_that_died_is_asked_again(slow, analyst):
    name = question().name
    made = Shelf(settings.FARR)
    code = (
        "import sys; from pathlib import Path; from farr.portal.installation import installation; "
        "from farr.portal.benchmarks.asking.shelf import Shelf; "
        "turn = Shelf(installation(sys.argv[1])).begin(sys.argv[2], 7); print('asks', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(settings.FARR.folder), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None and other.stdout.readline() == b"asks\n"
        running = made.running(name)
        assert running is not None and running.by == 7 and abs(running.since - time()) < 60
        assert made.begin(name, 8) is None
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    finally:
        other.kill()
    assert made.running(name) is None
    slow.free.set()
    asker = Asker(number=analyst.pk, email=analyst.email, record=lambda: None)
    assert showing.ASKING.found(question(), slow, asker).organisation == "C09" and len(slow.questions) == 1


def test_many_that_begin_at_once_are_one(slow, analyst):
    slow.free.set()
    asker = Asker(number=analyst.pk, email=analyst.email, record=lambda: None)
    several, found = [Asking(settings.FARR) for _ in range(8)], []
    threads = [Thread(target=lambda one=one: found.append(one.found(question(), slow, asker).organisation)) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["C09"] * 8 and len(slow.questions) == 1


def test_who_waits_leaves_threads_to_those_who_read(slow, analyst, person, grant, client_of, token):
    """Two callers wait for the same answer, or for others; the next is told to come again, and who only reads is answered."""
    asker = Asker(number=analyst.pk, email=analyst.email, record=lambda: None)
    threads = [Thread(target=lambda: showing.ASKING.found(question(), slow, asker), daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    until = monotonic() + 5
    while showing.ASKING._places._value and monotonic() < until:
        sleep(0.01)
    address = f"/api/v1/organisations/{LEVEL}/C09/measures/{MEASURE}?norm=quartiles"
    began, said = monotonic(), token.get(address)
    assert said.status_code == 503 and said.headers["Retry-After"] == "30" and "Prefer: respond-async" in said.json()["detail"]
    browser = client_of(analyst)
    assert browser.get(PAGE.replace("/?", "/table.csv?")).status_code == 503 and monotonic() - began < 5
    assert browser.get(PAGE).status_code == 202 and token.get(address, headers={"prefer": "respond-async"}).status_code == 202
    slow.free.set()
    for thread in threads:
        thread.join(10)
    assert token.get(address).status_code == 200 and showing.ASKING._places._value == asking.WAITING


# --- what lies on the shelf


def test_what_is_kept_is_sealed_and_counts_for_its_own_question_alone(slow, analyst, monkeypatch):
    made, name = Shelf(settings.FARR), question().name
    turn = made.begin(name, analyst.pk)
    assert turn is not None
    text = make_page("C09").model_dump_json()
    made.put(name, text)
    turn.end()
    path, other = made.folder / f"{name}.answer", made.folder / f"{'0' * 64}.answer"
    kept = path.read_bytes()
    assert made.answer(name) == text and b"Place 9" not in kept and made.folder.stat().st_mode & 0o777 == 0o700
    other.write_bytes(kept)
    assert made.answer("0" * 64) is None, "the answer to another question"
    path.write_bytes(kept[:-9] + b"AAAAAAAA=")
    assert made.answer(name) is None, "touched"
    path.write_bytes(kept)
    without = settings.FARR.model_copy(update={"trusted_keys": ("another",)})
    assert Shelf(without).answer(name) is None, "the lab is trusted no more"
    monkeypatch.setattr(shelf, "KEPT", -1)
    assert made.answer(name) is None, "too old"


# --- how long it takes


def test_what_is_usual_is_what_was_measured(slow, analyst, client_of):
    browser = client_of(analyst)
    assert "Too few such questions were asked from here" in browser.get(PAGE).content.decode()
    took = Durations(settings.FARR.folder / "asked" / "took.jsonl")
    for seconds in (4, 30, 5, 6, 41, 3, 4, 5, 6, 7):
        took.note(question().sort, seconds)
    took.note("page of a commissioner by procedure", 500)
    text = browser.get(PAGE).content.decode()
    assert "Of 10 such questions asked from here, half took 6 seconds or less, and nine in ten 30 or less" in text
    slow.ends()
    usual = took.usual(question().sort)
    assert usual is not None and usual.count == 11, "and this one with them"


# --- programs


@pytest.fixture
def token(analyst):
    text, _ = new_token(analyst, "notebook", today() + timedelta(days=5))
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_a_program_that_would_rather_come_again_is_told_where_and_when(slow, token, audited):
    address = f"/api/v1/organisations/{LEVEL}/C09/measures/{MEASURE}?norm=quartiles"
    said = token.get(address, headers={"prefer": "respond-async, wait=0"})
    assert said.status_code == 202 and said.headers["Location"] == address and said.headers["Retry-After"] == "2"
    assert said.headers["Preference-Applied"] == "respond-async"
    assert said.json()["seconds"] >= 0 and said.json()["usual_seconds"] is None
    slow.ends()
    said = token.get(address, headers={"prefer": "respond-async"})
    assert said.status_code == 200 and said.json()["organisation"] == "C09"
    assert [what for what, _ in audited()] == ["asked the release service", "saw"]


@pytest.mark.parametrize("prefers", ["", "wait=0", "return=minimal", "not-respond-async"])
def test_a_program_that_says_nothing_waits(slow, token, prefers):
    freeing = Thread(target=lambda: (sleep(0.3), slow.free.set()))
    freeing.start()
    said = token.get(f"/api/v1/organisations/{LEVEL}/C09/measures/{MEASURE}?norm=quartiles", headers={"prefer": prefers})
    freeing.join()
    assert said.status_code == 200


def test_overviews_of_practices_are_asked_alike(slow, person, grant, client_of):
    user = person(Role.VIEWER)
    grant(user, "P00009", level="practice")
    said = client_of(user).get("/o/practice/P00009/")
    assert said.status_code == 202 and "The overview of every measure of Surgery 9" in said.content.decode()
