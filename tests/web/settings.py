"""The portal's settings over an installation made for the tests: SQLite, or the PostgreSQL that FARR_TEST_DATABASE names."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.web.installing import install

# Playwright keeps an event loop running in a process that drives Chromium, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_FOLDER = Path(tempfile.mkdtemp(prefix="farr-portal-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
# People of one test have the numbers of those of another, and are not to share a minute's limit with them: test_limits.py sets its own.
_MANY = 1_000_000
install(
    _FOLDER, database=os.environ.get("FARR_TEST_DATABASE", "sqlite:///portal.sqlite3"), pages_a_minute=_MANY, downloads_a_minute=_MANY
)  # fmt: skip
os.environ["FARR_PORTAL"] = str(_FOLDER)

from farr.portal.settings import *  # noqa: E402, F403

# A database in memory is shared by threads in a way of its own; one in a file is as it is run.
if FARR.database.startswith("sqlite"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "tests.sqlite3")}  # noqa: F405

# Argon2 takes a tenth of a second on purpose; hashes of one test do not outlive it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
