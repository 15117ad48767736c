"""How long readers wait: people at once on benchmark pages of the portal, over what a lab published.

    python benchmarks/portal.py --home demo/home

Each person has a session of their own and opens overviews and pages of measures at random, as a reader does: with pauses, and then without
any, which is as much as the machine gives. Client and portal share its cores. Reported are all answers, the slow ones too.
"""

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap

from between_marks import write_between_marks

_FARR = Path(sys.executable).parent / "farr"
_SESSIONS = """
import json, sys
import django
django.setup()
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import localdate
from allauth.mfa.models import Authenticator
from farr.portal.access.roles import Role
from farr.portal.agreements.models import AccessRequest, AsWhom, Decision, Outcome
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.people.accounts import make
contents = PUBLISHED.contents()
guardian, owner = make("g@bench.example", "G", [Role.GUARDIAN]), make("o@bench.example", "O", [Role.RISK_OWNER])
cookies = []
for number in range(int(sys.argv[1])):
    user = make(f"r{number}@bench.example", f"Reader {number}", [Role.VIEWER], trained_on=localdate())
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    for level in ("commissioner", "provider"):
        asked = AccessRequest.objects.create(
            user=user, agreement=contents.agreement, purpose=contents.purposes[0], level=level, organisation="*", why="Benchmark",
            until=localdate() + timedelta(days=1),
        )
        for whom, by in ((AsWhom.GUARDIAN, guardian), (AsWhom.RISK_OWNER, owner)):
            Decision.objects.create(request=asked, as_whom=whom, by=by, outcome=Outcome.APPROVED, reason="Benchmark")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies.append(session.session_key)
paths = []
for each in contents.organisations:
    if each.level in ("commissioner", "provider"):
        overview = PUBLISHED.overview(each.level, each.code, "national")
        paths.append(f"/o/{each.level}/{each.code}/")
        paths += [f"/o/{each.level}/{each.code}/{summary.measure}/" for summary in overview.summaries]
json.dump({"cookies": cookies, "paths": paths}, sys.stdout)
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--home", type=Path, required=True, help="a lab's home that has published pages, such as demo/home")
    asked.add_argument("--people", type=int, default=50)
    asked.add_argument("--seconds", type=int, default=60, help="of each run")
    asked.add_argument("--pause", type=float, default=5.0, help="seconds between two pages of a reader, on average")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--database", default="sqlite:///portal.sqlite3", help="or postgresql://…")
    asked.add_argument("--into", type=Path, help="a document whose line between <!-- measured --> and <!-- /measured --> is replaced")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "portal"
        _run("portal", "init", place, "--lab", said.home, "--insecure-http", "--database", said.database)
        settings = place / "portal.toml"  # without pauses a reader opens more pages than a person is given
        settings.write_text("pages_a_minute = 1000000\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
        environment = {**os.environ, "FARR_PORTAL": str(place), "DJANGO_SETTINGS_MODULE": "farr.portal.settings"}
        made = subprocess.run(
            [sys.executable, "-c", _SESSIONS, str(said.people)], env=environment, capture_output=True, text=True, check=True
        )
        known = json.loads(made.stdout)
        with _running(place, said.workers) as port:
            _visit(port, known, 5, pause=0.5)  # the first pages fill what is kept
            with_pauses = _told(*_visit(port, known, said.seconds, pause=said.pause), seconds=said.seconds)
            without = _told(*_visit(port, known, said.seconds, pause=0.0), seconds=said.seconds)
    text = (
        f"{said.people} people at once on {len(known['paths'])} pages, {said.workers} workers on {os.cpu_count()} cores that the readers "
        f"share, {said.database.partition(':')[0]}. A page every {said.pause:g} s each: {with_pauses}. Without any pause: {without}."
    )
    print("\n".join(wrap(text, 100)))
    if said.into:
        write_between_marks(said.into, text)


def _visit(port: int, known: dict[str, list[str]], seconds: float, *, pause: float) -> tuple[list[float], int]:
    """What each answer took, in seconds, and how many were no page."""
    took, wrong, until = list[float](), list[int](), time.monotonic() + seconds

    def read(number: int, cookie: str) -> None:
        chosen = random.Random(number)  # noqa: S311  which page is opened
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(chosen.uniform(0, pause))
        while time.monotonic() < until:
            started = time.perf_counter()
            try:
                connection.request("GET", chosen.choice(known["paths"]), headers={"Cookie": f"farr={cookie}", "Host": "localhost"})
                answer = connection.getresponse()
                content = answer.read()
                took.append(time.perf_counter() - started)
                if answer.status != 200 or b"</html>" not in content:
                    wrong.append(answer.status)
            except OSError:
                wrong.append(0)
                connection.close()
            if pause:
                connection.close()  # a server ends what says nothing for seconds, and a browser then connects anew
                time.sleep(chosen.expovariate(1 / pause))

    readers = [threading.Thread(target=read, args=(number, cookie)) for number, cookie in enumerate(known["cookies"])]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return took, len(wrong)


def _told(took: list[float], wrong: int, *, seconds: float) -> str:
    ordered = sorted(took)
    share = [1000 * ordered[min(int(len(ordered) * part), len(ordered) - 1)] for part in (0.5, 0.95, 0.99)]
    return (
        f"{len(took)} pages, {len(took) / seconds:.1f} a second, median {share[0]:.0f} ms, p95 {share[1]:.0f} ms, p99 {share[2]:.0f} ms, "
        f"slowest {1000 * ordered[-1]:.0f} ms, {wrong} errors"
    )


@contextmanager
def _running(place: Path, workers: int) -> Iterator[int]:
    port = 8765
    command = [_FARR, "portal", "run", "--portal", place, "--port", str(port), "--workers", str(workers)]
    with (place / "log.txt").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the portal did not answer")


def _run(*arguments: object) -> None:
    done = subprocess.run([_FARR, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


if __name__ == "__main__":
    main()
