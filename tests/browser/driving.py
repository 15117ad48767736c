"""The portal as a process, people in it, and Chromium to look at it with."""

import base64
import hashlib
import hmac
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
# No sandbox for root, and nothing that asks other hosts.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_FARR = Path(sys.executable).parent / "farr"
_TALLEST = 1500  # pixels of a picture
_ANSWERED = 120  # seconds within which the lab must answer
_SOON = 60  # seconds within which a server must answer

_PEOPLE = """
import json, sys
import django
django.setup()
from datetime import date, timedelta
from django.utils.timezone import localdate
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from farr.portal.access.roles import Role
from farr.portal.agreements.models import AccessRequest, Decision
from farr.portal.people.accounts import make
from farr.portal.people.models import User
said = json.load(sys.stdin)
for each in said["people"]:
    user = make(each["email"], each["name"], [Role(role) for role in each["roles"]], password=said["password"], trained_on=localdate())
    if each.get("factor", True):
        secret = get_adapter().encrypt(said["secret"])
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
for each in said["grants"]:
    request = AccessRequest.objects.create(
        user=User.objects.get(email=each["email"]), agreement=each["agreement"], purpose=each["purpose"], level=each["level"],
        organisation=each["organisation"], why="Work", until=localdate() + timedelta(days=30),
    )
    for whom in ("guardian", "risk-owner"):
        by = User.objects.get(email=whom + "@example.org")
        Decision.objects.create(request=request, as_whom=whom, by=by, outcome="approved", reason="Fits the agreement")
"""


@dataclass(frozen=True, kw_only=True)
class Portal:
    """A portal that answers at `address`."""

    folder: Path
    address: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def populate(folder: Path, people: Sequence[dict[str, Any]], grants: Sequence[dict[str, str]]) -> None:
    """Makes accounts with a known password and second factor, and approved grants."""
    said = {"people": list(people), "grants": list(grants), "password": PASSWORD, "secret": SECRET}
    environment = {**os.environ, "FARR_PORTAL": str(folder), "DJANGO_SETTINGS_MODULE": "farr.portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", _PEOPLE], input=json.dumps(said), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def farr(*arguments: object, folder: Path) -> None:
    done = subprocess.run(
        [_FARR, *map(str, arguments)], env={**os.environ, "FARR_PORTAL": str(folder)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(folder: Path, *, workers: int = 1) -> Generator[Portal]:
    """`farr portal run` on a free port, until the block ends."""
    port = free_port()
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [_FARR, "portal", "run", "--port", str(port), "--workers", str(workers)],
            env={**os.environ, "FARR_PORTAL": str(folder)},
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/health/", process)
            yield Portal(folder=folder, address=address)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SOON
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the server did not answer")


def code(secret: str, steps: int = 0) -> str:
    """The one-time password (RFC 6238) of now, or of some steps of 30 seconds later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(datetime.now(UTC).timestamp()) // 30 + steps)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sign_in(page: Page, portal: Portal, email: str, *, steps: int = 0) -> None:
    """By password and second factor. A code is good once: who signs in again soon takes that of the next step."""
    page.goto(f"{portal.address}/accounts/login/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.fill("#id_code", code(SECRET, steps))
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)


def faults(page: Page) -> list[tuple[str, str, list[Any]]]:
    """What axe finds of serious and critical faults: rule, impact, where."""
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], each["impact"], [node["target"] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def answered(page: Page) -> None:
    """Waits until the page says no more that the lab is being asked."""
    page.locator("#asking").wait_for(state="detached", timeout=_ANSWERED * 1000)


def drawn(page: Page) -> None:
    """Waits until the page is there, and every chart of it is drawn."""
    answered(page)
    charts = page.locator("[data-chart]").count()
    page.locator("[data-drawn] svg").nth(charts - 1).wait_for()


def shot(page: Page, name: str) -> None:
    """Keeps a picture of the page, where FARR_SCREENSHOTS names a folder for them."""
    if kept := os.environ.get("FARR_SCREENSHOTS"):
        tall = min(page.evaluate("document.documentElement.scrollHeight"), _TALLEST)
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": tall}
        page.screenshot(path=Path(kept) / f"{name}.png", full_page=True, clip=clip, animations="disabled")
