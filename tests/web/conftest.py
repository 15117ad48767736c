"""People of every role, signed in, over a portal in which ten commissioners were published."""

import os
import shutil
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.agreements.models import AccessRequest, AsWhom, Decision, Outcome
from farr.portal.benchmarks import showing
from farr.portal.benchmarks.asking.asking import Asking
from farr.portal.people.accounts import make
from farr.portal.people.models import User
from farr.portal.review.models import Output
from farr.portal.trail.recording import trail
from tests.web.installing import AGREEMENT, PURPOSE, install
from tests.web.publishing import LEVEL, publish
from tests.web.reviewing import GOOD, SECRET

PASSWORD = "correct horse battery staple"
_WAITED_FOR: set[threading.Thread] = set()


@pytest.fixture(scope="session")
def folder() -> Path:
    """The installation's folder, with what a lab published."""
    place: Path = settings.FARR.folder
    publish(place / "published")
    return place


@pytest.fixture(autouse=True)
def _database(db, folder):
    """Every test of the portal has a database of its own, and pages to show."""


@pytest.fixture(autouse=True)
def _environment_as_it_was():
    """What `farr portal` says of its folder and settings to the rest of its process, other tests' processes are not told."""
    before = dict(os.environ)
    yield
    for name in {*before, *os.environ} - {"PYTEST_CURRENT_TEST"}:
        if name in before:
            os.environ[name] = before[name]
        else:
            del os.environ[name]


@pytest.fixture(autouse=True)
def _nothing_asked(monkeypatch):
    """What one test asked of the release service is not answered to the next, nor written while its folder is cleared."""
    for thread in threading.enumerate():
        if thread.name == "asking" and thread not in _WAITED_FOR:
            thread.join(timeout=10)
            _WAITED_FOR.add(thread)
    shutil.rmtree(settings.FARR.folder / "asked", ignore_errors=True)
    monkeypatch.setattr(showing, "ASKING", Asking(settings.FARR))


@pytest.fixture
def person():
    """Makes somebody: `person(Role.VIEWER)`; trained, with a second factor."""

    def made(*roles: Role, name: str = "", trained: bool = True, factor: bool = True) -> User:
        number = User.objects.count() + 1
        label = name or "-".join(role.value for role in roles) or "nobody"
        trained_on = today() - timedelta(days=30) if trained else None
        user = make(f"{label.replace(' ', '.').lower()}{number}@example.org", label, roles, password=PASSWORD, trained_on=trained_on)
        if factor:
            secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
        return user

    return made


@pytest.fixture
def client_of():
    """The browser of somebody who is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def grant(person):
    """Gives somebody access to an organisation, as the Guardian and the risk owner would."""

    def granted(
        user: User, organisation: str = "C09", *, level: str = LEVEL, until: date | None = None, agreement: str = AGREEMENT
    ) -> AccessRequest:
        request = AccessRequest.objects.create(
            user=user, agreement=agreement, purpose=PURPOSE, level=level, organisation=organisation, why="Work",
            until=until or today() + timedelta(days=60),
        )  # fmt: skip
        for whom, role in ((AsWhom.GUARDIAN, Role.GUARDIAN), (AsWhom.RISK_OWNER, Role.RISK_OWNER)):
            Decision.objects.create(request=request, as_whom=whom, by=person(role), outcome=Outcome.APPROVED, reason="Fits")
        return request

    return granted


@pytest.fixture
def viewer(person, grant, client_of):
    """A viewer of C09, and their browser."""
    user = person(Role.VIEWER)
    grant(user)
    return client_of(user)


@pytest.fixture
def audited():
    """What the audit holds since the test began: (what, about) of each line."""
    before = sum(1 for _ in trail().events())
    return lambda: [(link.content["what"], link.content["about"]) for link in trail().events()][before:]


@pytest.fixture
def starting(tmp_path):
    """Starts Django in a process of its own, over an installation with more in its portal.toml, and gives what it says."""

    def started(more: str = "", *words: str, **settings: object) -> str:
        place = install(tmp_path / "started", **settings)
        with (place / "portal.toml").open("a") as file:
            file.write(more)
        known = {**os.environ, "FARR_PORTAL": str(place), "DJANGO_SETTINGS_MODULE": "farr.portal.settings"}
        command = [sys.executable, "-m", "django", *(words or ("check",))]
        done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    return started


# --- output for review


@pytest.fixture
def analyst(person, grant):
    user = person(Role.ANALYST, name="Ann Author")
    grant(user)
    return user


@pytest.fixture
def checkers(person):
    return [person(Role.CHECKER, name=name) for name in ("Bea Checker", "Cy Checker", "Dee Checker")]


@pytest.fixture
def submit(client_of):
    def sent(user, content=GOOD, name="table.csv", **more):
        said = {"title": "Spells by age", "access": f"{AGREEMENT}: {PURPOSE}", "why": "Table 2 of the frailty paper", **more}
        return client_of(user).post("/review/submit/", {**said, "file": SimpleUploadedFile(name, content, "text/csv")})

    return sent


@pytest.fixture
def output(analyst, submit):
    return Output.objects.get(pk=int(submit(analyst).headers["Location"].split("/")[2]))


@pytest.fixture
def vote(client_of):
    def voted(user, output, outcome="approve", reason=SECRET):
        return client_of(user).post(f"/review/{output.pk}/vote/", {"outcome": outcome, "reason": reason})

    return voted
