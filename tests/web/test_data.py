"""docs/portal-data.md classifies every field of every table and every file; and what it asks of secret and confidential data is so."""

import io
import json
import logging
import re
from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client

from farr.portal.access.quiet import Quiet
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.agreements.models import AccessRequest
from farr.portal.api.tokens import new_token
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.commands import app
from farr.portal.people.models import User
from tests.web.installing import AGREEMENT, PURPOSE
from tests.web.publishing import LEVEL

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "portal-data.md").read_text(encoding="utf-8")
CLASSES = ("secret", "confidential", "internal", "public")
PASSWORD, SEED = "a password that nobody else has 4711", "KRUGS4ZANFZSAYJA"
REASON = "Sentinel reason Zwolfenbuttel"


def rows(heading: str) -> list[list[str]]:
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines() if line.startswith("|")]
    return [cells for cells in found[1:] if not set("".join(cells)) <= set("- ")]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


TABLES = {named(cells[0])[0]: dict(zip(CLASSES, map(named, cells[1:5]), strict=True)) for cells in rows("Tables of the database")}


# --- what there is, is classified


def test_every_field_of_every_table_is_in_one_class():
    there = {
        model._meta.label: sorted(field.name for field in model._meta.get_fields() if getattr(field, "column", None))
        for model in apps.get_models(include_auto_created=True)
    }
    told = {model: sorted(field for fields in by_class.values() for field in fields) for model, by_class in TABLES.items()}
    assert told == there
    assert all(cells[5] for cells in rows("Tables of the database"))  # for how long


def test_every_table_of_the_database_is_a_models_or_is_told():
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    others = set(connection.introspection.table_names()) - known
    assert others == {"django_migrations", "farr_cache"}  # which migrations ran, and the cache
    assert "`farr_cache`" in TEXT


@pytest.mark.parametrize("field", ["password", "secret", "session_key", "session_data", "token", "token_secret", "digest", "key"])
def test_what_is_called_like_a_secret_is_classed_as_one(field):
    found = [by_class for by_class in TABLES.values() if any(field in fields for fields in by_class.values())]
    assert found and all(field in by_class["secret"] for by_class in found)


def test_every_class_is_asked_the_same_questions_and_answers_all():
    asked = rows("What is asked of each class")
    assert {cells[0] for cells in asked} >= {
        "at rest", "in transit", "in the audit", "in the portal's own log", "in e-mail", "who sees it", "retention", "integrity",
    }  # fmt: skip
    assert all(len(cells) == 5 and all(cells) for cells in asked)
    assert [cells[0] for cells in rows("Classes")] == list(CLASSES)


def test_every_file_that_an_installation_has_is_told(folder, analyst, client_of, submit, tmp_path):
    from typer.testing import CliRunner

    told = {name for cells in rows("Files of an installation") for name in named(cells[0])} | {"portal.sqlite3-wal", "portal.sqlite3-shm"}
    submit(analyst)
    client_of(analyst).get("/o/commissioner/C09/")
    names = {each.name for each in folder.iterdir() if "tests.sqlite3" not in each.name and not each.name.startswith(".")}
    assert {"audit", "review", "portal.toml", "secret.txt"} <= names <= told
    said = [str(tmp_path / "made"), "--published", str(folder / "published"), "--agreements", str(folder / "agreements"),
            "--signatories", str(folder / "signatories.json"), "--trusted-key", "AAAA"]  # fmt: skip
    done = CliRunner().invoke(app, ["portal", "init", *said], catch_exceptions=True)
    made = {each.name for each in (tmp_path / "made").iterdir() if not each.name.startswith(".")}
    assert {"portal.toml", "secret.txt", "factors.key", "audit.pem"} <= made <= told, done.output
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700
    assert {(tmp_path / "made" / name).stat().st_mode & 0o777 for name in ("secret.txt", "factors.key", "audit.pem")} == {0o600}


# --- what is asked of secret data


def everything_stored() -> str:
    """Every value of every row of the database, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(bytes(value) if isinstance(value, memoryview | bytes) else value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


@pytest.fixture
def log():
    """What the portal's log says meanwhile."""
    said, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(said)
    handler.setFormatter(Quiet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    yield said.getvalue
    root.removeHandler(handler)


@pytest.fixture
def somebody(person):
    """An analyst with secrets of every kind."""
    user = person(Role.ANALYST, name="Sentinel Person", factor=False)
    user.set_password(PASSWORD)
    user.save()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SEED)})
    return user


def audit_text(folder: Path) -> str:
    return (folder / "audit" / "trail.jsonl").read_text(encoding="utf-8")


def test_no_secret_can_be_read_in_the_database_the_audit_the_log_or_an_e_mail(somebody, client_of, folder, log):
    token, _ = new_token(somebody, "Sentinel token", today())
    browser = Client()
    assert browser.post("/accounts/login/", {"login": somebody.email, "password": PASSWORD}).status_code == 302
    browser.post("/accounts/login/", {"login": somebody.email, "password": PASSWORD + "x"})
    browser.post("/accounts/login/", {"login": PASSWORD, "password": SEED})
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    Client().get("/api/v1/edition", headers={"Authorization": f"Bearer {token}"})
    Client().get("/api/v1/edition", headers={"Authorization": f"Bearer {token}x"})
    client_of(somebody).get(f"/?q={token}")
    Client().post("/accounts/password/reset/", {"email": somebody.email})
    assert User.objects.get(pk=somebody.pk).check_password(PASSWORD)  # it was the right one
    stored = everything_stored()
    for secret in (SEED, token, PASSWORD + "x", somebody.email.upper()):
        assert secret not in stored and secret not in audit_text(folder) and secret not in log()
    assert PASSWORD not in audit_text(folder) and PASSWORD not in log()
    assert len(mail.outbox) == 1  # a link, good once, and no more
    assert all(secret not in f"{each.subject}{each.body}" for each in mail.outbox for secret in (SEED, token, PASSWORD))
    key, audit = (folder / "secret.txt").read_text()[:40], (folder / "audit.pem").read_text().split("\n")[1]
    assert all(each not in stored + log() + audit_text(folder) for each in (key, audit, (folder / "factors.key").read_text().strip()))


# --- what is asked of confidential data


def test_figures_and_reasons_are_in_no_log_and_no_audit(somebody, grant, client_of, folder, log, monkeypatch):
    grant(somebody)
    browser = client_of(somebody)
    asked = {"agreement": AGREEMENT, "purpose": PURPOSE, "level": LEVEL, "organisation": "C03", "until": today().isoformat(), "why": REASON}
    assert browser.post("/access/ask/", asked).status_code == 302
    assert browser.post("/access/ask/", {**asked, "level": "!", "why": REASON}).status_code == 422
    page = PUBLISHED.page(LEVEL, "C09", "made_up", "national")
    place = f"/o/{LEVEL}/C09/made_up/"
    assert all(browser.get(f"{place}{file}").status_code == 200 for file in ("", "table.csv", "table.xlsx"))

    def fails(*said, **more):
        raise RuntimeError(f"{REASON} {page.summary.figure}")

    monkeypatch.setattr("farr.portal.benchmarks.views.beside", fails)
    browser.raise_request_exception = False
    assert browser.get(place).status_code == 500
    assert AccessRequest.objects.filter(why=REASON).exists() and "RuntimeError" in log()
    own = [line for line in log().splitlines() if '"audit"' not in line]
    for text in ("\n".join(own), audit_text(folder)):
        assert REASON not in text and page.summary.finding not in text
    assert somebody.email not in "\n".join(own) and somebody.name not in "\n".join(own)


def test_a_line_of_the_audit_holds_the_fields_that_are_told_and_no_other(somebody, grant, client_of, folder):
    grant(somebody)
    client_of(somebody).get(f"/o/{LEVEL}/C09/made_up/")
    line = json.loads(audit_text(folder).splitlines()[-1])
    assert set(line["content"]) - {"request"} == {"what", "user", "name", "about", "address", "purpose", "detail"}
    assert line["content"]["name"] == somebody.email and set(line["content"]["detail"]) <= {"view", "norm"}
