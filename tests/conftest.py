"""What holds for every test, and in which order workers take them (`--dist loadgroup`)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No test asserts on time, and a build repeats its examples: what it finds, the next one finds too.
settings.register_profile("farr", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("farr")

# Spark on few cores: its tests run beside all others.
os.environ.setdefault("FARR_SPARK_MASTER", "local[2]")

# GNU readline, which pytest loads, tells the processes of workers that a terminal has 80 columns; who makes a screen while modules are
# imported would keep to that, and what a test says of its width would hang on which of them came first.
for _said in ("COLUMNS", "LINES"):
    os.environ.pop(_said, None)

TESTS = Path(__file__).parent
# The worlds that journeys stand in, of which a test belongs to the first that it needs: one worker makes it and runs what stands in it,
# while another makes the next. They take longest and so begin first; what only looks at a world comes after it was made for others.
WORLDS = ("year", "nation_released", "nation_reported", "resent_home", "released", "country", "nation")
FIRST = (
    "spark", "nation_released", "year", "nation_reported", "country", "reference/test_artificial_hes_journey.py", "resent_home", "nation",
    "properties/test_mart_increment.py", "unit/supplier/synthetic", "unit/lab/desk/publication", "unit/lab/engine",
)  # fmt: skip

# What an attack counts, and whose output it attacks: Farr's, and unprotected output.
ATTACK_NUMBERS = ("tables", "attacked", "recovered", "narrowed", "whole")
AGAINST = ("Farr", "control")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says of each test with which others one worker runs it, and puts the groups that take longest first."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_group(item)))
    order = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(_group_said(item), len(order)))


def _group(item: pytest.Item) -> str:
    """Of a journey the world it needs, of a unit its folder, whose fixtures one worker then makes; else its file."""
    path = item.path.relative_to(TESTS)
    room, needed = path.parts[0], getattr(item, "fixturenames", ())
    worlds = [world for world in WORLDS if room == "journeys" and world in needed]
    if room == "browser":
        return room  # one portal, and one Chromium
    return worlds[0] if worlds else str(path.parent if room == "unit" else path)


def _group_said(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return "" if marker is None else str(marker.args[0] if marker.args else marker.kwargs["name"])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints what the attacks of tests/attacks came to, also where workers ran them: they hand it on with their reports."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports if getattr(report, "when", "") == "call"]
    found = [value for report in reports for name, value in report.user_properties if name == "attack"]
    if not found:
        return
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for each in found:
        line = sums.setdefault((each["against"], each["name"]), dict.fromkeys(ATTACK_NUMBERS, 0))
        for number in ATTACK_NUMBERS:
            line[number] += each[number]
    terminalreporter.section("attacks on what is printed")
    terminalreporter.write_line(f"{'':58}" + "".join(f"{number:>11}" for number in ATTACK_NUMBERS))
    for against, name in sorted(sums, key=lambda key: (AGAINST.index(key[0]), key[1])):
        terminalreporter.write_line(f"{against + ': ' + name:58}" + "".join(f"{each:>11}" for each in sums[against, name].values()))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, one of a process; skipped, visibly, where it is not installed."""
    from playwright.sync_api import sync_playwright

    from tests.browser.driving import ARGUMENTS, CHROMIUM

    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()
