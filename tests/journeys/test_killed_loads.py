"""A load killed at any point leaves the version before, byte for byte; and the next load succeeds and clears what the dead one left."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from farr.lab.engine.store import Store

TABLE = "apc_episode"
# From the first row laid down to the last moment before the commit, which alone makes a version.
POINTS = {
    "rows laid down": "farr.lab.engine.load.Loading.take",
    "rows counted": "farr.lab.engine.load.Loading.stage",
    "months staged": "farr.lab.engine.store.Store.replace",
    "a file moved into place": "farr.lab.engine.integrity.commit.AddAction",
    "all files in place": "farr.lab.engine.store.Store._commit",
}
IN_PLACE = {"a file moved into place", "all files in place"}
DYING = """
import os, signal, sys
from unittest import mock
from farr.launcher import main
with mock.patch(sys.argv.pop(1), lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
    main()
"""
ASKED = ("benchmark", "--organisation", "national", "--measure", "length_of_stay", "--json")


@pytest.fixture
def home(country, tmp_path):
    return shutil.copytree(country.home, tmp_path / "home")


def store_of(home):
    return Store(home / "stores" / "journey")


def unowned(home):
    """What of the table is on disk and in no version: files in place, and folders of loads."""
    store = store_of(home)
    owned = {path for version in range(store.version(TABLE) + 1) for path in store.files(TABLE, version)}
    folder = home / "stores" / "journey" / TABLE
    staging = [path for path in (folder / "_staging").glob("*") if path.is_dir()]
    return [path for path in folder.glob("Activity_Month=*/*.parquet") if path not in owned], staging


def figures(does, home):
    """What is released, without when."""
    printed = json.loads(does(*ASKED, home=home))
    return {name: printed[name] for name in ("rows", "trend", "completeness")}


def rows(home, all_rows):
    """All rows of the live version, in the order of their key."""
    return all_rows(home, TABLE).sort_by("APCE_Ident")


def loads_well_again(home, country, does, before, all_rows):
    held = rows(home, all_rows)
    does("ingest", country.month, home=home)
    assert store_of(home).version(TABLE) == before[TABLE][0] + 1
    assert unowned(home) == ([], [])
    assert rows(home, all_rows).equals(held)


def test_killed_at_each_step_it_leaves_the_version_before(home, country, does, versions, all_rows):
    before, released = versions(home), figures(does, home)
    surroundings = {**os.environ, "FARR_HOME": str(home)}
    for point, where in POINTS.items():
        command = [sys.executable, "-c", DYING, where, "ingest", str(country.month)]
        done = subprocess.run(command, env=surroundings, capture_output=True, check=False)
        assert (point, done.returncode) == (point, -signal.SIGKILL), done.stderr
        assert versions(home) == before, point
        orphans, staging = unowned(home)
        assert len(orphans) == (point in IN_PLACE), point
        assert staging, point
    assert figures(does, home) == released
    loads_well_again(home, country, does, before, all_rows)


def test_killed_from_outside_at_any_moment_it_leaves_the_version_before(home, country, farr_begun, does, versions, all_rows):
    before, released, during = versions(home), figures(does, home), 0
    for delay in (0.0, 0.05, 0.1, 0.2, 0.3, 0.4):
        earlier, running = set(unowned(home)[1]), farr_begun("ingest", country.month, home=home)
        while running.poll() is None and set(unowned(home)[1]) <= earlier:
            time.sleep(0.005)
        time.sleep(delay)
        running.kill()
        running.communicate()
        killed = running.returncode == -signal.SIGKILL
        now = versions(home)
        during += killed and now == before and bool(unowned(home)[1])
        if now != before:  # it was killed after its commit, and then its version is whole
            assert now[TABLE][0] == before[TABLE][0] + 1
            assert unowned(home)[0] == []
            before = now
    assert during >= 1
    assert figures(does, home) == released
    loads_well_again(home, country, does, before, all_rows)
