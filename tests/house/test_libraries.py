"""What Farr is made of is listed, and what is known of its weaknesses is never said to be nothing where nobody was asked."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.bill_of_materials import bill, scripts_served
from scripts.known_weaknesses import Looked, looked, said

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PORTAL = ROOT / "src" / "farr" / "portal"


@pytest.fixture(scope="module")
def made():
    return bill()


@pytest.fixture(scope="module")
def locked():
    return [each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if each["name"] != "farr"]


def test_the_bill_of_materials_is_what_its_standard_says(made):
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(json.dumps(made)) is None
    assert made["metadata"]["component"]["name"] == "farr"


def test_it_lists_every_locked_library_with_the_hashes_of_its_files(made, locked):
    listed = {(each["name"], each["version"]): each for each in made["components"] if each["purl"].startswith("pkg:pypi/")}
    assert set(listed) == {(each["name"], each["version"]) for each in locked} and len(locked) > 100
    for each in locked:
        files = [*each.get("wheels", ()), *([each["sdist"]] if "sdist" in each else ())]
        hashes = {file["hash"].removeprefix("sha256:") for file in files}
        told = listed[each["name"], each["version"]]["externalReferences"]
        assert {one["content"] for file in told for one in file["hashes"] if one["alg"] == "SHA-256"} == hashes and hashes


def test_it_says_what_each_is_for(made):
    scope = {each["name"]: each["scope"] for each in made["components"]}
    assert {scope[name] for name in ("django", "cryptography", "argon2-cffi", "duckdb", "htmx.org", "vega")} == {"required"}
    assert scope["pyspark"] == "optional"
    assert {scope[name] for name in ("pytest", "ruff", "playwright")} == {"excluded"}
    running = [each for each in made["components"] if each["scope"] != "excluded"]
    assert sum("licenses" in each for each in running) >= 0.9 * len(running)


def test_every_script_of_others_that_pages_load_is_listed_with_version_licence_and_hash():
    from farr.portal.assets import bundle

    listed = {each["name"]: each for each in scripts_served()}
    assert set(listed) == {"htmx.org", "vega", "vega-lite", "vega-embed", "@github/webauthn-json"}
    assert all(each["licenses"][0]["license"]["id"] for each in listed.values())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each["version"]) for name, each in listed.items() if name != "@github/webauthn-json")
    assert listed["vega"]["hashes"][0]["content"] == hashlib.sha256(bundle()[0]).hexdigest()
    loaded = {
        found
        for page in (PORTAL / "templates").rglob("*.html")
        for tag in re.findall(r"<script[^>]*src=\"([^\"]+)\"", page.read_text())
        for found in [re.sub(r"\{% static '([^']+)' %\}", r"/static/\1", tag)]
    }
    served = {one["value"] for each in listed.values() for one in each["properties"] if one["name"] == "farr:served-as"}
    own = {f"/static/{each.relative_to(PORTAL / 'static')}" for each in (PORTAL / "static").rglob("*.js")}
    assert "/static/portal/charts.js" in own and loaded - own - {"{% vega %}"} <= served


KNOWN = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"], "aliases": [], "description": "…"}


@pytest.mark.parametrize(
    ("dependencies", "words", "ends"),
    [
        ([{"name": "a", "version": "1.0", "vulns": []}], "None of 1 locked", 0),
        ([{"name": "a", "version": "1.0", "vulns": [KNOWN]}], "a 1.0: PYSEC-2026-1, mended in 2.0", 1),
        (
            [{"name": "a", "version": "1.0", "vulns": [{**KNOWN, "fix_versions": []}]}, {"name": "b", "skip_reason": "?"}],
            "no version yet",
            1,
        ),
        ([{"name": "a", "version": "1.0", "vulns": []}, {"name": "b", "skip_reason": "not found"}], "NOT CHECKED", 2),
        ([{"name": "a", "skip_reason": "Dependency not found on PyPI"}], "about any library", 2),
        ([], "NOT CHECKED", 2),
    ],
)
def test_a_library_that_nobody_was_asked_about_does_not_count_as_without_weakness(dependencies, words, ends):
    found = looked(json.dumps({"dependencies": dependencies, "fixes": []}))
    text, code = said(found, if_reachable=False)
    assert words in text and code == ends
    assert said(found, if_reachable=True) == (text, 0 if ends == 2 else ends)


@pytest.mark.parametrize("report", ["", "Traceback", "[]", "{}"])
def test_no_report_is_no_good_news(report):
    assert looked(report) == Looked(asked=0, weak=(), not_asked=("all",))
    assert said(looked(report), if_reachable=False)[1] == 2


def test_the_times_of_mending_stand_where_who_reports_looks_and_commands_are_there():
    made = (ROOT / "Makefile").read_text()
    for name in re.findall(r"^    make (\w+)$", SECURITY, flags=re.MULTILINE):
        assert re.search(rf"^{name}:", made, flags=re.MULTILINE), name
    for severity, days in (("critical", "2 days"), ("high", "7 days"), ("moderate", "30 days"), ("low", "next version")):
        assert re.search(rf"^\| {severity}.* \| {days} \|", SECURITY, flags=re.MULTILINE), severity
    assert "make weaknesses" in (ROOT / ".ci" / "run").read_text()
