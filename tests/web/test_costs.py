"""docs/portal-costs.md names every function that costs much, with the limits that the code keeps."""

import re
from pathlib import Path

from django.conf import settings

from farr.portal.access.limits import DOWNLOADS, Limited
from farr.portal.api.tokens import MOST as MOST_TOKENS
from farr.portal.benchmarks.asking import asking
from farr.portal.benchmarks.service import _KEPT
from farr.portal.installation import Installation
from farr.portal.review import table, voting
from farr.portal.trail.views import _SEARCHED

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "portal-costs.md").read_text(encoding="utf-8")


def line(start: str) -> str:
    """The row of a function."""
    return next(each for each in TEXT.splitlines() if each.startswith(f"| {start}"))


def test_every_view_that_makes_a_file_is_told_with_its_limit():
    told = set(re.findall(r"\(`([a-z_]+)`\)", TEXT))
    assert told == DOWNLOADS
    fields = Installation.model_fields
    assert f"`downloads_a_minute`, {fields['downloads_a_minute'].default} a person" in TEXT
    assert f"`pages_a_minute`, {fields['pages_a_minute'].default} a person" in TEXT
    assert {each.value for each in Limited} == {"pages", "downloads"}


def test_the_limits_that_are_told_are_those_that_hold():
    asked = line("asking the lab")
    assert f"{asking._AT_ONCE} at once of each process; {asking.MOST} waiting of all people, {asking.MOST_OF_ONE} of one" in asked
    assert f"{settings.API_CALLS_A_MINUTE} a minute a token" in line("a call of the API") and MOST_TOKENS == 10
    assert f"{asking.WAITING} callers of a process that wait for more than a second" in asked
    submitted = line("submitting a table")
    assert f"{table.LARGEST // 1_000_000} MB" in submitted and f"{voting.MOST_WAITING} waiting a person" in submitted
    assert f"{_SEARCHED:,} lines" in line("the page Audit")
    assert f"{_KEPT // 1_000_000} MB more hold answers" in TEXT
    assert settings.ACCOUNT_RATE_LIMITS["login"] == "60/m/ip" and "60 a minute an address" in line("signing in")


def test_what_was_measured_names_every_costly_function_and_when():
    measured = TEXT.partition("<!-- measured -->")[2].partition("<!-- /measured -->")[0]
    assert re.search(r"Measured on \d{4}-\d\d-\d\d on \d+ cores", measured)
    source = (ROOT / "benchmarks" / "portal_costs.py").read_text()
    for name in (
        "table as Excel",
        "largest chart as PNG",
        "every chart as SVG",
        "hashing a password",
        "that was submitted",
        "of the audit",
    ):
        assert re.search(rf"\| [^|]*{name}[^|]* \| +[\d.]+", measured) and name in source
