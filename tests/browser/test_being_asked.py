"""A question that takes long, to a portal of two processes: who waits sees that it is asked, and may leave."""

import base64
import re
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from farr.lab.desk.service.answer import Answer
from farr.lab.desk.service.server import on_unix_socket
from farr.lab.model.asking.envelope import read_envelope
from farr.lab.model.showing.signed import page_about, write_signed
from tests.browser.driving import drawn, farr, faults, populate, running, shot, sign_in
from tests.web.installing import AGREEMENT, PURPOSE, install, lab_key
from tests.web.large import make_large
from tests.web.publishing import LEVEL, MEASURE, make_page, publish

PRACTICE = "P01700"
VIEW = f"/o/{LEVEL}/C09/{MEASURE}/"


class Lab:
    """A release service whose answers wait until it is let go."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.asked: list[str] = []

    def respond(self, raw, form):
        envelope = read_envelope(raw)
        request = envelope.asked.request
        self.asked.append(request.norm)
        assert self.free.wait(60)
        page = make_large(PRACTICE) if request.level == "practice" else make_page("C09")
        page = page.model_copy(update={"request": request})
        signed = write_signed(page, page_about(request.model_dump(mode="json"), envelope.asked.nonce), lab_key())
        return Answer(code=200, body={"status": "ok", "page": base64.b64encode(signed).decode()})


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    made = Lab()
    made.socket = tmp_path_factory.mktemp("lab") / "farr.sock"
    server = on_unix_socket(made.socket, made.respond)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    made.free.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def asking(tmp_path_factory, chromium, lab):
    folder = install(tmp_path_factory.mktemp("asking"))
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "client.pem").write_bytes(key)
    with (folder / "portal.toml").open("a") as settings:
        settings.write(f'[service]\nsocket = "{lab.socket}"\nkey_file = "client.pem"\n')
    publish(folder / "published")
    farr("portal", "manage", "migrate", "--verbosity", "0", folder=folder)
    roles = {"analyst": "analyst", "guardian": "caldicott-guardian", "risk-owner": "risk-owner"}
    people = [{"email": f"{name}@example.org", "name": name.capitalize(), "roles": [role]} for name, role in roles.items()]
    grant = {"agreement": AGREEMENT, "purpose": PURPOSE, "level": LEVEL, "organisation": "C09"}
    grants = [grant, {**grant, "level": "practice", "organisation": PRACTICE}]
    populate(folder, people, [{"email": "analyst@example.org", **each} for each in grants])
    with running(folder, workers=2) as answering:
        yield answering


@pytest.fixture(scope="module")
def page(chromium, asking):
    opened = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=asking.address).new_page()
    sign_in(opened, asking, "analyst@example.org")
    yield opened
    opened.context.close()


@pytest.fixture(autouse=True)
def _held(lab):
    lab.free.clear()
    yield
    lab.free.set()


def test_the_answer_appears_by_itself(page, lab):
    faulty = []
    page.on("console", lambda said: faulty.append(said.text) if said.type == "error" else None)
    page.goto(f"{VIEW}?norm=quartiles")
    assert page.inner_text("h1") == "The lab is being asked"
    assert page.locator("[role=status]").inner_text() == "Being asked. The answer appears here by itself."
    # Polls go to either process.
    page.locator("#asking", has_text=re.compile("Asked ([4-9]|[1-9][0-9]) seconds ago")).wait_for()
    for scheme, width in (("light", 1280), ("dark", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    shot(page, "being-asked")
    lab.free.set()
    page.wait_for_selector("text=Higher than all 8 other commissioners")
    assert page.url.endswith("?norm=quartiles") and lab.asked == ["quartiles"] and faulty == []


def test_who_leaves_and_comes_back_finds_the_answer_at_the_same_address(page, lab):
    page.goto(f"{VIEW}?norm=deciles")
    page.keyboard.press("Tab")
    page.click("main >> text=Place 9")
    assert page.inner_text("h1") == "Place 9"
    lab.free.set()
    page.goto(f"{VIEW}?norm=deciles")
    page.wait_for_selector("text=Higher than all 8 other commissioners")
    assert lab.asked.count("deciles") == 1


def test_without_scripts_the_page_looks_again(page, lab, chromium, asking):
    without = chromium.new_context(java_script_enabled=False, storage_state=page.context.storage_state(), base_url=asking.address)
    try:
        plain = without.new_page()
        plain.goto(f"{VIEW}?norm=similar_ten")
        assert plain.inner_text("h1") == "The lab is being asked" and "looks again every five seconds" in plain.inner_text("main")
        lab.free.set()
        plain.wait_for_selector("text=Higher than all 8 other commissioners", timeout=20_000)
        assert lab.asked.count("similar_ten") == 1
    finally:
        without.close()


def test_who_is_signed_out_meanwhile_is_sent_to_sign_in(page, lab, chromium, asking):
    other = chromium.new_context(storage_state=page.context.storage_state(), base_url=asking.address)
    try:
        window = other.new_page()
        window.goto(f"{VIEW}?period=2023-01..2023-12")
        assert window.inner_text("h1") == "The lab is being asked"
        other.clear_cookies()
        window.wait_for_url(re.compile("/accounts/login/"))
        assert "Place 9" not in window.inner_text("main")
    finally:
        lab.free.set()
        other.close()


def test_a_page_of_englands_practices_is_drawn_and_read_in_parts(page, lab):
    lab.free.set()
    page.goto(f"/o/practice/{PRACTICE}/{MEASURE}/")
    page.wait_for_selector("text=200 at a time")
    drawn(page)
    assert faults(page) == [] and "Drawn here:" in page.inner_text(".charts") and "more between" in page.inner_text(".tall")
    page.click("text=those around Surgery 1700")
    assert page.locator("tbody tr").count() == 200 and "Surgery 1700" in page.inner_text("tr.own")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.select_option("#part", "33")
    page.click(".choose button")
    assert "6,401 to 6,500 of 6,500" in page.inner_text("h1")
    page.click("text=The practices before")
    assert "6,201 to 6,400 of 6,500" in page.inner_text("h1")
