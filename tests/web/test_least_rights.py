"""On PostgreSQL, with the two accounts that docs/portal.md makes: the owner changes tables, and the portal's own account cannot. What that
may do is enough for the portal: tests of pages, access, review and accounts pass with it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.web.installing import install

SERVER = os.environ.get("FARR_TEST_DATABASE", "")
ROOT = Path(__file__).parents[2]
SAID = (ROOT / "docs" / "portal.md").read_text(encoding="utf-8")
FARR = Path(sys.executable).parent / "farr"
ENOUGH = ("test_access.py", "test_review.py", "test_people.py", "test_tokens.py", "test_commentary.py", "test_saved_views.py",
          "test_signing_in.py", "test_factors.py", "test_digest.py",
          "test_sign_on.py::test_who_is_said_to_be_somebody_as_it_must_be_said_comes_in",
          "test_sign_on.py::test_an_address_that_was_given_to_somebody_else_opens_no_account",
          "test_sign_on.py::test_a_link_that_somebody_takes_away_is_written_down")  # fmt: skip
# These lay hands on what is never changed, to see that it is noticed or counted; or empty every table when they are done.
BY_FORCE = (
    "test_what_a_version_rests_on_is_noticed_when_changed", "test_votes_cast_at_once_are_two_at_most",
    "test_the_list_asks_the_database_no_more_for_ten_commentaries_than_for_two",
)  # fmt: skip
BASES = (("DATABASE", "portal"), ("DATABASE", "test_portal"))

pytestmark = [
    pytest.mark.skipif(
        not SERVER.startswith("postgres"),
        reason="needs PostgreSQL: scripts/on-postgres.sh .venv/bin/pytest tests/web/test_least_rights.py (make test does)",
    ),
    pytest.mark.xdist_group("roles of the database server"),
]


def statements(name: str) -> list[str]:
    """Those of one block of docs/portal.md."""
    [block] = re.findall(rf"<!-- {name} -->\n```sql\n(.*?)```\n<!-- /{name} -->", SAID, re.DOTALL)
    return [each.strip() for each in block.split(";") if each.strip()]


def address(user: str, name: str = "portal") -> str:
    parts = urlsplit(SERVER)
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}", path=f"/{name}"))


def done(url: str, *asked: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in asked:
            connection.execute(each)


def typed(folder: Path, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "FARR_PORTAL": str(folder), **environment}
    return subprocess.run([str(FARR), *map(str, words)], env=known, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal on a database with two accounts, made as the page says; and beside it one for tests of pages, with the same rights."""
    forget = [f"DROP {kind} IF EXISTS {name}" for kind, name in (*BASES, ("ROLE", "farr_portal"), ("ROLE", "farr_owner"))]
    done(SERVER, *forget, *statements("accounts"))
    done(address("farr_owner"), *statements("grants"))
    folder = install(tmp_path_factory.mktemp("least") / "portal", database=address("farr_portal"), database_owner=address("farr_owner"))
    migrated = typed(folder, "portal", "manage", "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    done(address("farr_owner"), *statements("least"))
    done(SERVER, "CREATE DATABASE test_portal OWNER farr_owner TEMPLATE portal", "GRANT CONNECT ON DATABASE test_portal TO farr_portal")
    yield folder
    done(SERVER, *forget)


@pytest.mark.parametrize(
    "asked",
    ["CREATE TABLE more (a int)", "CREATE TEMPORARY TABLE more (a int)", "ALTER TABLE people_user ADD COLUMN more int",
     "DROP TABLE review_vote", "TRUNCATE review_vote", "CREATE SCHEMA more", "CREATE INDEX ON people_user (name)", "CREATE ROLE more",
     "SET ROLE farr_owner",
     "ALTER TABLE people_user OWNER TO farr_portal", "DELETE FROM people_user", "DELETE FROM agreements_accessrequest",
     "DELETE FROM review_output", "UPDATE agreements_decision SET reason = ''", "DELETE FROM agreements_decision",
     "UPDATE agreements_ending SET reason = ''", "UPDATE review_vote SET reason = ''", "DELETE FROM review_vote",
     "DELETE FROM review_withdrawal", "UPDATE commentary_version SET figures = NULL", "DELETE FROM commentary_version",
     "DELETE FROM django_migrations", "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
     "UPDATE socialaccount_socialapp SET secret = ''", "INSERT INTO auth_group (name) VALUES ('a')"],
)  # fmt: skip
def test_the_portal_s_account_changes_no_table_and_nothing_that_was_decided(portal, asked):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn)) as refused:
        done(address("farr_portal"), asked)
    assert isinstance(refused.value, psycopg.errors.InsufficientPrivilege), "the test names a column that there is not"


def test_nobody_else_connects(portal):
    done(SERVER, "DROP ROLE IF EXISTS somebody", "CREATE ROLE somebody LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        done(address("somebody"), "SELECT 1")
    done(SERVER, "DROP ROLE somebody")


def test_the_owner_s_account_is_used_to_change_tables_and_for_nothing_else(portal):
    asked = "from django.db import connection as c; print(c.cursor().execute('SELECT current_user').fetchone()[0])"
    assert typed(portal, "portal", "manage", "shell", "-v", "0", "-c", asked).stdout.split()[-1] == "farr_portal"
    assert typed(portal, "portal", "manage", "shell", "-v", "0", "-c", asked, FARR_PORTAL_AS_OWNER="1").stdout.split()[-1] == "farr_portal"
    with psycopg.connect(address("farr_owner")) as connection:
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert owners == [("farr_owner",)]


def test_tables_of_another_version_are_not_touched_by_who_runs_it(portal):
    done(address("farr_owner"), "DELETE FROM django_migrations WHERE app = 'review' AND name = '0002_removal'")
    said = typed(portal, "portal", "run")
    assert said.returncode != 0 and "farr portal manage migrate" in said.stdout + said.stderr
    done(address("farr_owner"), "INSERT INTO django_migrations (app, name, applied) VALUES ('review', '0002_removal', now())")


def test_an_account_is_made_with_it(portal, tmp_path):
    (tmp_path / "password").write_text("correct horse battery staple")
    said = typed(portal, "portal", "account", "a@example.org", "--name", "A", "--role", "viewer", "--password-file", tmp_path / "password")
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.slow
def test_what_it_may_do_is_enough(portal):
    known = {**os.environ, "FARR_TEST_DATABASE": address("farr_portal")}
    chosen = [*(f"tests/web/{name}" for name in ENOUGH), "-k", " and ".join(f"not {name}" for name in BY_FORCE)]
    quiet = ["-q", "-p", "no:cacheprovider", "--tb=short", "--show-capture=no"]
    command = [sys.executable, "-m", "pytest", *quiet, "--reuse-db", *chosen]
    said = subprocess.run(command, env=known, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout[-5000:]
