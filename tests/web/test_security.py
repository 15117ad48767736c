"""What browsers are told, what is refused, what a log may hold, and what tools that look for weaknesses find."""

import io
import json
import logging
import re
import subprocess
import sys
from importlib.metadata import distribution
from os import environ
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import reverse

from farr.portal.access.quiet import Quiet
from farr.portal.access.roles import Role
from farr.portal.api.refusals import NO_SUCH
from farr.portal.benchmarks import views
from farr.portal.benchmarks.downloads import as_file, file_name
from farr.portal.benchmarks.published import PUBLISHED, NotPublished
from farr.portal.commands import app
from tests.web.conftest import PASSWORD
from tests.web.installing import install
from tests.web.publishing import LEVEL, MEASURE
from tests.web.test_matrix import TABLE, patterns

ROOT = Path(__file__).parents[2]
PAGE = f"/o/{LEVEL}/C09/{MEASURE}/"
KINDS = ("/", f"/o/{LEVEL}/C09/", PAGE, "/measures/", "/access/", "/access/ask/", "/tokens/", "/review/", "/commentary/", "/views/",
         "/accounts/2fa/", "/accounts/password/change/", "/accounts/sessions/", "/no/such/", f"/o/{LEVEL}/C08/",
         f"{PAGE}table.csv", f"{PAGE}chart/funnel.svg", "/health/", "/register/", "/api/v1/edition", "/api/no/such")  # fmt: skip


@pytest.fixture
def analyst(person, grant, client_of):
    user = person(Role.ANALYST)
    grant(user)
    return client_of(user)


# --- what browsers are told


@pytest.mark.parametrize("path", [*KINDS, "/accounts/login/", "/accounts/password/reset/"])
def test_every_answer_says_what_a_browser_may_do(analyst, path):
    said = (Client() if path.startswith(("/accounts/login", "/accounts/password/reset")) else analyst).get(path)
    policy = said.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "script-src 'self'" in policy
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= {each.strip() for each in policy.split(";")}
    assert said.headers["X-Frame-Options"] == "DENY" and said.headers["X-Content-Type-Options"] == "nosniff"
    assert said.headers["Referrer-Policy"] == "same-origin" and said.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in said.headers and "Server" not in said.headers


@pytest.mark.parametrize("path", [each for each in KINDS if each not in {"/health/"}])
def test_no_copy_is_kept_of_what_was_shown(analyst, path):
    assert "no-store" in analyst.get(path).headers["Cache-Control"]


def test_a_page_that_fails_says_nothing_and_is_no_less_guarded(analyst, monkeypatch):
    def fails(*_, **__):
        raise ValueError("NHS number 943 476 5919")

    monkeypatch.setattr(views, "overview_of", fails)
    analyst.raise_request_exception = False
    said = analyst.get(f"/o/{LEVEL}/C09/")
    text = said.content.decode()
    assert said.status_code == 500 and "943" not in text and "Traceback" not in text and "Content-Security-Policy" in said.headers


@pytest.mark.parametrize("path", [*KINDS, "/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/totp/activate/", "/people/new/"])
def test_no_page_asks_another_host_or_brings_script_or_style_of_its_own(analyst, person, client_of, path):
    comes = {"/accounts/login/": Client(), "/accounts/password/reset/": Client()}.get(path, analyst)
    if path == "/accounts/2fa/totp/activate/":
        comes = client_of(person(Role.VIEWER, factor=False))
        comes.post("/accounts/reauthenticate/", {"password": PASSWORD})
    text = (client_of(person(Role.ADMINISTRATOR)) if path == "/people/new/" else comes).get(path).content.decode(errors="replace")
    loads = re.sub(r"<a\b[^>]*>", "", text)  # a link to a source that is cited asks nothing until somebody follows it
    assert not re.findall(r"""(?:src|href|action|data-[a-z-]+)\s*=\s*["'](?:https?:)?//[^"']*""", loads)
    if "<html" in text:
        assert not re.findall(r"<style|<[^>]+\sstyle=|<[^>]+\son[a-z]+=|javascript:", text)
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all("src=" in each or 'type="application/json"' in each for each in scripts)


def test_nothing_of_the_portals_own_names_another_host():
    own = [*(ROOT / "src/farr/portal/templates").rglob("*.html"), *(ROOT / "src/farr/portal/static").rglob("*.*")]
    assert len(own) > 20
    for path in own:
        text = re.sub(r"<a\b[^>]*>", "", path.read_text(encoding="utf-8"))  # sources that are cited
        named = [each for each in re.findall(r"https?://[^\s\"'<>)]+", text) if not each.startswith("http://www.w3.org/")]
        assert named == [] and "@import" not in text, f"{path.name} names {named}"


def test_every_static_file_that_a_page_names_is_there():
    for path in (ROOT / "src/farr/portal/templates").rglob("*.html"):
        for name in re.findall(r"{% static '([^']+)' %}", path.read_text(encoding="utf-8")):
            assert finders.find(name) is not None, f"{path.name}: {name}"


def test_over_https_cookies_are_of_one_host_and_hidden_and_plain_http_is_sent_away(tmp_path):
    """In a process of its own, over an installation made by farr portal init."""
    told = over_https(tmp_path)
    assert told["plain"] == [301, "https://benchmarks.example.org/accounts/login/"]
    assert told["api"][0] == 403 and "over https" in told["api"][1]
    assert told["strict"] == "max-age=31536000; includeSubDomains; preload"
    assert set(told["cookies"]) == {"__Host-farr", "__Host-farr-csrf"}
    for cookie in told["cookies"].values():
        assert cookie == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
    assert told["check"] == 0


_ASKS = """
import json, os, django
django.setup()
from django.test import Client
from farr.portal.people.accounts import make
make("v@example.org", "V", [], password="correct horse battery staple")
host, cookies = {"HTTP_HOST": "benchmarks.example.org"}, {}
client = Client(**host)
plain, api = client.get("/accounts/login/"), client.get("/api/v1/edition")
page = client.get("/accounts/login/", secure=True)
client.post("/accounts/login/", {"login": "v@example.org", "password": "correct horse battery staple"}, secure=True)
for name, each in client.cookies.items():
    cookies[name] = {"secure": bool(each["secure"]), "httponly": bool(each["httponly"]), "samesite": each["samesite"],
                     "path": each["path"], "domain": each["domain"]}
print(json.dumps({"plain": [plain.status_code, plain.headers["Location"]], "cookies": cookies,
                  "api": [api.status_code, api.content.decode()], "strict": page.headers["Strict-Transport-Security"]}))
"""


def over_https(folder: Path) -> dict:
    lab = install(folder / "lab")
    place = folder / "portal"
    farr = [sys.executable, "-c", "from farr.launcher import main; main()", "portal"]
    made = subprocess.run(
        [*farr, "init", str(place), "--published", str(lab / "published"), "--agreements", str(lab / "agreements"), "--signatories",
         str(lab / "signatories.json"), "--trusted-key", "AAAA", "--host", "benchmarks.example.org"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in place.iterdir() if path.name in {"secret.txt", "audit.pem"}} == {
        "secret.txt": "0o600", "audit.pem": "0o600",
    }  # fmt: skip
    known = {**environ, "FARR_PORTAL": str(place), "DJANGO_SETTINGS_MODULE": "farr.portal.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    checked = subprocess.run([*farr, "check", "--portal", str(place)], env=known, capture_output=True, text=True, check=False)
    asked = subprocess.run([sys.executable, "-c", _ASKS], env=known, capture_output=True, text=True, check=True)
    return {**json.loads(asked.stdout.splitlines()[-1]), "check": checked.returncode}


# --- what is refused


def test_nothing_is_posted_without_a_token_of_the_page(person, grant):
    """CSRF, on every address that can be posted to."""
    user = person(Role.ANALYST, Role.CHECKER)
    grant(user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    given = {
        "number": 1,
        "version": 1,
        "level": LEVEL,
        "organisation": "C09",
        "measure": MEASURE,
        "name": "funnel",
        "kind": "csv",
        "rest": "x",
    }
    for name, pattern, view in patterns():
        if getattr(view, "csrf_exempt", False):
            assert name.startswith("api:") and view.__module__ == "ninja.operation", name
        elif name in TABLE and not name.startswith("api"):
            named = {**given, **TABLE[name].fixed}
            said = client.post(reverse(name, kwargs={key: value for key, value in named.items() if f":{key}>" in pattern}))
            assert said.status_code == 403 and b"This was not done" in said.content, name


def test_signing_in_and_out_need_it_too(person, client_of):
    user = person(Role.VIEWER)
    stranger, client = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    assert stranger.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 403
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/accounts/logout/").status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/", "/people/", PAGE, "/accounts/login/", "/register/", "/api/v1/edition"])
def test_methods_that_nothing_uses_are_refused(analyst, method, path):
    assert getattr(analyst, method)(path).status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:80:80", "", "a b"])
def test_another_host_is_refused(host):
    said = Client().get("/accounts/login/", HTTP_HOST=host)
    assert said.status_code == 400 and "evil" not in said.content.decode()


@pytest.mark.parametrize("level", ["..", "%2e%2e", "commissioner%2f..", "Commissioner", "com missioner", "commissioner%00", "."])
def test_a_level_leads_out_of_nothing(analyst, level):
    for path in (f"/o/{level}/C09/", f"/o/{level}/C09/{MEASURE}/", f"/o/{level}/C09/{MEASURE}/table.csv"):
        assert analyst.get(path).status_code in {403, 404}, path


@pytest.mark.parametrize(
    "code", ["..", ".", "%2e%2e%2f%2e%2e", "..%5c..", "C09%00", "C09%0a", "C09%0d%0aX:y", "a" * 41, "C09'", "*", "C09;"]
)
def test_an_organisation_leads_out_of_nothing(analyst, code):
    for path in (f"/o/{LEVEL}/{code}/", f"/o/{LEVEL}/{code}/{MEASURE}/", f"/o/{LEVEL}/{code}/{MEASURE}/table.csv"):
        assert analyst.get(path).status_code in {403, 404}, path


@pytest.mark.parametrize("measure", ["..", "%2e%2e%2fC08%2fmade_up", "contents", "overview", "made_up%00", "made-up", "overview.national"])
def test_a_measure_leads_out_of_nothing(analyst, measure):
    assert analyst.get(f"/o/{LEVEL}/C09/{measure}/").status_code in {404, 422}


@pytest.mark.parametrize(
    "norm", ["../../commissioner.C08/made_up.national", "national/../national", "..", "national\x00", "%2e%2e", "x" * 300]
)
def test_a_norm_leads_out_of_nothing(analyst, norm):
    assert analyst.get(PAGE, {"norm": norm}).status_code in {404, 422}
    assert "Place 8" not in analyst.get(f"/o/{LEVEL}/C09/", {"norm": norm}).content.decode()


def test_an_overview_is_no_page_even_when_it_was_just_read(analyst):
    """Its file lies where that of a measure called 'overview' would."""
    assert analyst.get(f"/o/{LEVEL}/C09/").status_code == 200
    said = analyst.get(f"/o/{LEVEL}/C09/overview/")
    assert said.status_code == 422 and "about something else" in said.content.decode()


def test_no_organisations_name_leaves_its_folder():
    for code in ("..", "../contents", "/etc/passwd", "a/../../b", "\x00"):
        with pytest.raises(NotPublished):
            PUBLISHED.page(LEVEL, code, MEASURE, "national")


@pytest.mark.parametrize(
    "query", [{"peers": "' OR 1=1 --"}, {"count": "9" * 5000}, {"count": "-1"}, {"count": "٣"}, {"period": "x" * 9000}, {"from": "0000-00"},
              {"by": "<script>"}, {"with": "<script>alert(1)</script>"}, {"q": "\x00"}, {"period": "9999-12..9999-12"}],
)  # fmt: skip
def test_no_choice_makes_a_page_fail(analyst, query):
    for path in (PAGE, f"/o/{LEVEL}/C09/", "/?list", "/commentary/", "/review/"):
        said = analyst.get(path, query)
        assert said.status_code < 500 and "<script>alert" not in said.content.decode()


def test_what_is_too_large_is_refused(analyst):
    assert analyst.post("/access/ask/", {"why": "x" * 2_000_000}).status_code in {400, 413}
    assert analyst.post("/access/ask/", {f"f{at}": "" for at in range(500)}).status_code == 400


def test_a_file_name_holds_nothing_but_a_name():
    page = PUBLISHED.page(LEVEL, "C09", MEASURE, "national")
    wild = page.model_copy(update={"organisation": 'C"09\r\nX-Evil: 1;../../x', "period": "2024/../.."})
    name = file_name(wild, ".csv")
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.csv", name)
    assert as_file(b"", "text/csv", name).headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_what_people_are_called_is_text(person, client_of):
    user = person(Role.VIEWER, name="x")
    user.name = user.employer = '<script>alert(1)</script>"onmouseover=alert(1)'
    user.save()
    for client, path in ((client_of(user), "/access/"), (client_of(person(Role.ADMINISTRATOR)), "/people/")):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_an_unknown_address_of_the_api_is_answered_in_its_own_way():
    assert Client().get("/api/v2/edition").json() == {"detail": NO_SUCH}


def test_health_says_yes_or_no_and_no_more(folder):
    assert Client().get("/health/").json() == {"ok": True}


# --- what a log may hold


@pytest.fixture
def log():
    """What the installation's log would hold."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Quiet())
    logging.getLogger().addHandler(handler)
    yield out.getvalue
    logging.getLogger().removeHandler(handler)


def test_the_log_holds_kind_and_place_of_a_fault_and_no_value(analyst, monkeypatch, log):
    def fails(*_, **__):
        raise ValueError("NHS number 943 476 5919")

    monkeypatch.setattr(views, "overview_of", fails)
    analyst.raise_request_exception = False
    analyst.get(f"/o/{LEVEL}/C09/?q=Ada+Lovelace")
    *_, fault = [json.loads(line) for line in log().splitlines() if '"kind"' in line]
    assert fault["kind"] == "ValueError" and fault["place"].startswith("fails (test_security.py, line ")
    assert "943 476" not in log() and "Ada" not in log() and "C09" not in log()


def test_the_log_holds_nothing_that_a_browser_sent(log):
    Client().get("/accounts/login/", HTTP_HOST="943-476-5919.example")
    Client().get("/no/such/943-476-5919/")
    assert "943-476" not in log() and "DisallowedHost" in log()


@pytest.mark.parametrize("said", [
    lambda log, error: log.error("failed: %s", error), lambda log, error: log.error(error), lambda log, error: log.exception(error),
    lambda log, error: log.error(str(error), exc_info=error), lambda log, error: log.error("failed", exc_info=error),
    lambda log, error: log.error("failed with %(value)s", {"value": str(error)}), lambda log, error: log.error("failed", stack_info=True),
])  # fmt: skip
def test_no_way_of_logging_tells_a_value(log, said):
    for error in (ValueError("943 476 5919"), SuspiciousOperation("943 476 5919")):
        try:
            raise error
        except Exception as caught:
            said(logging.getLogger("farr.tests"), caught)
    assert "943 476" not in log() and '"level": "ERROR", "logger": "farr.tests"' in log()


def test_debugging_is_off():
    assert not settings.DEBUG and not settings.AXES_VERBOSE


# --- how the portal is set up


@pytest.mark.parametrize("password", ["short", "1q2w3e4r5t6y", "first@example.org"])
def test_the_first_account_keeps_the_rules_of_passwords(tmp_path, starting, password):
    (tmp_path / "password").write_text(password)
    starting("", "migrate")
    known = {**environ}
    done = subprocess.run(
        [sys.executable, "-c", "from farr.launcher import main; main()", "portal", "account", "first@example.org", "--name", "First",
         "--role", "administrator", "--password-file", str(tmp_path / "password"), "--portal", str(tmp_path / "started")],
        env=known, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "choose another password" in done.stderr


def test_there_is_no_account_until_one_is_made(starting):
    starting("", "migrate")
    assert "0\n" in starting("", "shell", "-c", "from farr.portal.people.models import User; print(User.objects.count())") + "\n"


def test_every_command_of_the_portal_is_there():
    assert {each.name for each in app.registered_groups} == {"portal", "audit"}


# --- what tools find

# Each was looked at: what is marked safe was escaped or made by Farr itself, and the address is that of nowhere.
LOOKED_AT = {("access/places.py", "B104"), ("commentary/markup.py", "B308"), ("commentary/markup.py", "B703"),
             ("commentary/pack.py", "B308"), ("commentary/pack.py", "B703")}  # fmt: skip


def test_bandit_finds_nothing_that_was_not_looked_at():
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", "src/farr/portal", "-ll", "-f", "json"], cwd=ROOT, capture_output=True, check=False
    )
    found = {(each["filename"].removeprefix("src/farr/portal/"), each["test_id"]) for each in json.loads(done.stdout)["results"]}
    assert found - LOOKED_AT == set()


def libraries() -> set[str]:
    """What the portal is made of, with all that this rests on, as it is installed: name==version."""
    found, waiting = (
        {},
        [re.split(r"[^A-Za-z0-9._-]", each)[0] for each in distribution("farr").requires or [] if 'extra == "portal"' in each],
    )
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        try:
            known = distribution(name)
        except ImportError:
            continue
        if name not in found:
            found[name] = known.version
            waiting += [re.split(r"[^A-Za-z0-9._-]", each)[0] for each in known.requires or [] if "extra ==" not in each]
    return {f"{name}=={version}" for name, version in found.items()}


@pytest.mark.slow
@pytest.mark.skipif("FARR_ONLINE" not in environ, reason="asks a package index: set FARR_ONLINE=1 where one can be reached")
def test_no_library_of_the_portal_has_a_known_weakness(tmp_path):
    (tmp_path / "libraries.txt").write_text("\n".join(sorted(libraries())))
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "-r", str(tmp_path / "libraries.txt"), "--no-deps", "--disable-pip",
         "--progress-spinner", "off"],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    # An index without a list of weaknesses answers 404: pip-audit then skips the library, and says that nothing is known.
    if any(each in done.stdout + done.stderr for each in ("Connection", "Max retries", "403", "could not be audited")):
        pytest.skip("no list of known weaknesses can be reached: nothing was checked")
    assert done.returncode == 0, done.stdout + done.stderr


# How many items of levels 1 and 2 each section of each chapter of the standard has, version 5.0.0: those of level 3 come last in each.
ITEMS = {
    1: (2, 9, 11, 3, 2), 2: (3, 3, 4, 1), 3: (0, 2, 4, 6, 5, 0, 2), 4: (3, 1, 2, 4), 5: (1, 3, 2, 3), 6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2), 8: (2, 3, 1, 1), 9: (3, 4), 10: (2, 2, 4, 11, 5, 2, 3), 11: (2, 3, 3, 4, 1, 1), 12: (3, 2, 4), 13: (1, 5, 2, 5),
    14: (2, 4, 3), 15: (3, 3, 7), 16: (1, 5, 4, 3, 3), 17: (1, 4, 2),
}  # fmt: skip


def _said(text: str) -> list[str]:
    """The items that the tables of a text name in their first columns: one, several, or from one to another."""
    found = []
    for cell in re.findall(r"^\| (\d+\.\d+\.\d+[0-9., to]*) \|", text, flags=re.MULTILINE):
        for first, _, last in (part.partition(" to ") for part in cell.split(", ")):
            section, _, number = first.rpartition(".")
            found += [f"{section}.{each}" for each in range(int(number), int((last or first).rpartition(".")[2]) + 1)]
    return found


def test_every_item_of_levels_one_and_two_is_said_once_and_counted():
    text = (ROOT / "docs" / "portal-security.md").read_text(encoding="utf-8")
    every = [f"{c}.{s}.{i}" for c, sections in ITEMS.items() for s, last in enumerate(sections, 1) for i in range(1, last + 1)]
    met, _, rest = text.partition("## Not met")
    unmet, _, others = rest.partition("## Not for the application")
    parts = _said(met), _said(unmet), _said(others)
    assert sorted(each for part in parts for each in part) == sorted(every)
    counts = tuple(map(len, parts))
    assert "{} items: {} are met, {} are not met or in part, and {} do not apply".format(len(every), *counts) in text
