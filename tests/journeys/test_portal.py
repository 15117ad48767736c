"""From a lab's home to a reader's screen: published, shown, another norm asked of the release service, drilled down, taken along."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from tests.browser.driving import answered, drawn, farr, faults, populate, running, shot, sign_in
from tests.journeys.conftest import ID, run_well

MEASURES = ("long_stay_21_days", "hernia_day_case_share", "depth_of_coding")
_ROLES = {"viewer": "viewer", "nurse": "viewer", "analyst": "analyst", "guardian": "caldicott-guardian", "risk-owner": "risk-owner"}


def practice_of(home):
    """The first practice of the published contents."""
    contents = json.loads(gzip.decompress((home / "published" / "pages" / "contents.json.gz").read_bytes()))["document"]
    return next(each for each in contents["organisations"] if each["level"] == "practice")


@contextmanager
def serving(home):
    """`farr serve` on the home's socket, until the block ends."""
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "farr", "serve", "--home", home], env=dict(os.environ), stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + 60
            while not (home / "farr.sock").exists():
                assert process.poll() is None and time.monotonic() < until, (home / "serve.log").read_text()
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture(scope="module")
def lab(country, tmp_path_factory, chromium):
    """A home of which three measures were published, with its release service, and the portal over it. What was planted in it."""
    folder = tmp_path_factory.mktemp("lab")
    home = shutil.copytree(country.home, folder / "home")
    run_well("publish", *(part for name in MEASURES for part in ("--measure", name)), "--breakdown", "none", home=home)
    run_well("client", "add", "portal", "--agreement", ID, "--out", folder / "portal.pem", home=home)
    place = folder / "portal"
    farr("portal", "init", place, "--lab", home, "--service-key", folder / "portal.pem", "--insecure-http", folder=place)
    planted = next(each for each in json.loads((country.raw / "truth.json").read_text())["planted"] if each["measure"] == MEASURES[0])
    grant = {"agreement": ID, "purpose": "benchmarking", "level": planted["level"], "organisation": planted["organisation"]}
    people = [{"email": f"{name}@example.org", "name": name.capitalize(), "roles": [role]} for name, role in _ROLES.items()]
    own = {"level": "practice", "organisation": practice_of(home)["code"]}
    granted = [{"email": f"{name}@example.org", **grant} for name in ("viewer", "analyst")]
    populate(place, people, [*granted, {"email": "nurse@example.org", **grant, **own}])
    with serving(home), running(place) as portal:
        yield portal, planted


@pytest.mark.slow
def test_what_was_planted_is_found_compared_with_others_and_taken_apart(lab, chromium, tmp_path):
    portal, planted = lab
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=portal.address).new_page()
    sign_in(page, portal, "analyst@example.org")
    page.goto("/")
    assert page.url.endswith(f"/o/{planted['level']}/{planted['organisation']}/")
    assert faults(page) == []
    shot(page, "overview")
    page.click(f"ol.standings >> a[href*='{planted['measure']}']")
    drawn(page)
    assert "unlikely to be chance" in page.inner_text(".finding")
    assert faults(page) == []
    shot(page, "measure")

    page.select_option("#norm", "region")
    page.click(".choose button")
    drawn(page)
    assert "norm=region" in page.url and "against region" in page.inner_text("main").lower()

    by = page.eval_on_selector_all("#by option", "(all) => all.map((each) => each.value).filter((each) => each)")[0]
    page.select_option("#by", by)
    page.click(".choose button")
    drawn(page)
    assert page.locator("#parts").count() == 1
    shot(page, "drilled-down")
    bookmarked = page.url
    with page.expect_download() as download:
        page.click("text=Excel")
    download.value.save_as(tmp_path / "table.xlsx")
    book = openpyxl.load_workbook(tmp_path / "table.xlsx")
    assert {"Benchmark", "Breakdown", "Notes and provenance"} <= set(book.sheetnames)
    codes = {row[0] for row in book["Benchmark"].iter_rows(values_only=True)}
    assert planted["organisation"] in codes
    page.goto(bookmarked)
    answered(page)
    assert page.locator("#parts").count() == 1
    page.context.close()


@pytest.mark.slow
def test_who_may_not_ask_sees_what_was_published_and_is_told(lab, chromium):
    portal, planted = lab
    page = chromium.new_context(base_url=portal.address).new_page()
    sign_in(page, portal, "viewer@example.org")
    path = f"/o/{planted['level']}/{planted['organisation']}/{planted['measure']}/"
    page.goto(path)
    drawn(page)
    assert page.locator("#by[disabled]").count() == 1
    page.goto(f"{path}?norm=similar_ten")
    assert "similar ten" in page.inner_text("main").lower()
    said = page.goto(f"{path}?norm=quartiles")
    assert said.status == 403 and "do not allow" in page.inner_text("main")
    page.context.close()


@pytest.mark.slow
def test_practice_staff_see_their_practice_and_nothing_is_released_for_it(lab, chromium):
    portal, _ = lab
    home = portal.folder.parent / "home"
    practice, ledger = practice_of(home), home / "ledger" / f"{ID}.jsonl"
    before = ledger.read_bytes()
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=portal.address).new_page()
    sign_in(page, portal, "nurse@example.org")
    page.goto("/")
    answered(page)
    assert page.url.endswith(f"/o/practice/{practice['code']}/") and practice["name"] in page.inner_text("h1")
    assert page.locator("main >> text=What stands out").count() == 1 and faults(page) == []
    shot(page, "practice")
    for name in MEASURES:
        page.goto(f"/o/practice/{practice['code']}/")
        answered(page)
        page.click(f"main a[href*='{name}']")
        drawn(page)
        assert f"Practice {practice['code']}".lower() in page.inner_text("main").lower()
    assert faults(page) == []
    shot(page, "practice-measure")
    refused = page.goto(f"{page.url}?norm=same_deprivation")
    assert refused.status == 403 and "do not allow" in page.inner_text("main")
    assert page.goto(f"/o/practice/{practice['code']}X/").status == 403
    assert ledger.read_bytes() == before
    page.context.close()


@pytest.mark.slow
def test_what_the_service_refuses_is_said_in_its_words(lab, chromium):
    portal, planted = lab
    page = chromium.new_context(base_url=portal.address).new_page()
    sign_in(page, portal, "analyst@example.org", steps=1)
    page.goto(f"/o/{planted['level']}/{planted['organisation']}/{planted['measure']}/?period=2001-04..2002-03")
    page.wait_for_selector(".refusal", timeout=120_000)
    assert "2001-04" in page.inner_text(".refusal")
    page.context.close()
