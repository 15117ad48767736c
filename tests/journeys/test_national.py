"""Every feed of a small country: a late month, mergers, every norm and level, the service, and what is published."""

import json
import re
import shutil
import time

import pyarrow.parquet as pq
import pytest

from farr.lab.desk import Desk
from farr.lab.desk.publication.catalogue import ViewKind, read_catalogue
from farr.lab.engine.store import Store
from farr.lab.measures.measure import Theme
from tests.share import WHOLE

LAST = "2025-03"
LACKING: dict[str, set[str]] = {}


@pytest.fixture(scope="module")
def facts(nation):
    return json.loads((nation.raw / "truth.json").read_text())


@pytest.fixture(scope="module")
def late(facts):
    """The provider that sent the least of the last month."""
    return min(facts["late"]["sent"], key=facts["late"]["sent"].get)


@pytest.fixture(scope="module")
def asked(nation, does):
    """What `farr benchmark --json` says, in the home as first sent."""

    def ask(organisation, measure, *more, home=nation.home):
        return json.loads(does("benchmark", "--organisation", organisation, "--measure", measure, *more, "--json", home=home))

    return ask


@pytest.fixture(scope="module")
def whole(nation, resent_home):
    """The home after the late month was sent again, and the marts brought up to date."""
    return resent_home


def own(found):
    return next(row for row in found["rows"] if row["is_selected"])


def test_the_late_month_is_left_out_and_said_until_it_is_sent_again(nation, whole, asked, does, late):
    first = asked(late, "op_did_not_attend")
    assert [each["month"] for each in first["left_out"]] == [LAST]
    assert any(f"{LAST} is left out of every organisation's figures" in note for note in first["notes"])
    kept = asked(late, "op_did_not_attend", "--all-months")
    assert kept["left_out"] == []
    again = asked(late, "op_did_not_attend", home=whole)
    assert again["left_out"] == []
    assert own(again)["denominator"] > own(first)["denominator"]
    assert own(again)["denominator"] > own(kept)["denominator"]
    told = does("months", "--dataset", "apc_episode", home=whole)
    assert re.search(rf"{LAST} +2 times .* frozen", told)
    assert re.search(r"2025-02 +once .* flex", told)


def test_a_frozen_month_stands_unless_a_reason_is_given(nation, whole, here, does, tmp_path):
    home, path = shutil.copytree(whole, tmp_path / "home"), nation.clean / "resent" / f"critical_care_{LAST}.clean.parquet"
    refused = here("ingest", path, home=home)
    assert refused.returncode == 2
    assert "was frozen on" in " ".join(refused.stderr.split())
    assert here("ingest", path, "--thaw", " ", home=home).returncode == 2
    does("ingest", path, "--thaw", "the first sending was cut short", home=home)
    record = Store(home / "stores" / "nation").history("critical_care")[-1]
    assert record["thawed"] == {"months": [LAST], "reason": "the first sending was cut short"}


def test_few_months_are_touched_and_the_figures_are_those_of_a_whole_build(whole, asked, does, late, tmp_path):
    told = (whole.parent / "built.txt").read_text()
    assert re.search(r"apc_spell: .*written: (2025-02, )?2025-03\n", told)
    assert re.search(r"op_appointment: .*written: 2025-03\n", told)
    assert re.search(r"ae_visit: .*written: 2025-03\n", told)
    assert re.search(r"population: .*nothing to do", told)
    home = shutil.copytree(whole, tmp_path / "home")
    does("build", "--whole", home=home)
    for organisation, measure in ((late, "length_of_stay"), ("90L", "emergency_admissions"), (late, "op_did_not_attend")):
        ours, theirs = (asked(organisation, measure, home=each) for each in (whole, home))
        assert [ours[part] for part in ("rows", "trend", "completeness")] == [theirs[part] for part in ("rows", "trend", "completeness")]


def test_merged_providers_as_they_were_and_as_they_are(whole, asked, facts):
    merger = next(each for each in facts["mergers"] if each["level"] == "provider" and each["after"] not in each["before"])
    # What was merged away has no records afterwards, which would leave those months out.
    period = ("--period", f"2024-04..{LAST}", "--all-months")
    are = {row["organisation"]: row for row in asked(merger["after"], "op_did_not_attend", *period, home=whole)["rows"]}
    assert not are.keys() & set(merger["before"])
    found = asked(merger["before"][0], "op_did_not_attend", *period, "--level", "provider", "--as-was", home=whole)
    were = {row["organisation"]: row for row in found["rows"]}
    assert were.keys() >= {*merger["before"], merger["after"]}
    parts = [were[code]["denominator"] for code in (*merger["before"], merger["after"])]
    assert are[merger["after"]]["denominator"] == pytest.approx(sum(parts), abs=2.5 * 4)  # each is rounded to 5
    assert "Organisations as they were, before mergers since." in found["notes"]


def test_every_norm_and_choice(whole, asked):
    parted = asked("ZAB", "length_of_stay", "--by", "specialty", home=whole)
    assert parted["by"] == "specialty"
    assert len([part for part in parted["parts"] if part["value"] is not None and part["norm_value"] is not None]) > 3
    chosen = asked("national", "procedure_for_diagnosis", "--choose", "diagnosis=K80", "--choose", "procedure=J18", home=whole)
    assert "J18" in chosen["measure"]["title"] + str(chosen["codelists"])
    named = asked("90L", "length_of_stay", "--norm", "own_list", "--peers", "90S,90P,90U", home=whole)
    assert {row["organisation"] for row in named["rows"] if row["in_norm"]} - {"90L"} == {"90S", "90P", "90U"}
    past = asked("ZAB", "length_of_stay", "--norm", "own_past", "--period", f"2025-01..{LAST}", home=whole)
    assert own(past)["norm_value"] is not None
    for norm, organisation in (("best_five_of_ten", "90L"), ("similar_ten", "90L"), ("same_deprivation", "90L"), ("quartiles", "ZAB")):
        found = asked(organisation, "emergency_length_of_stay", "--norm", norm, home=whole)
        assert (norm, own(found)["norm_value"] is not None) == (norm, True)
    assert sum(row["in_norm"] for row in asked("90L", "length_of_stay", "--norm", "similar_ten", "--count", 6, home=whole)["rows"]) in (
        6,
        7,
    )


def test_a_peer_list_that_was_loaded(nation, whole, asked):
    _, line, *_ = (nation.raw / "peer_list.csv").read_text().replace('"', "").splitlines()
    name, code, peer = line.split(",")
    found = asked(code, "length_of_stay", "--norm", "peer_list", "--peers", name, home=whole)
    assert own(found)["norm_value"] is not None
    assert peer in {row["organisation"] for row in found["rows"] if row["in_norm"]}


@pytest.mark.parametrize("level", ["postcode_district", "locality"])
def test_residents_are_the_denominator_where_nobody_keeps_a_list(whole, asked, level):
    store = Store(whole / "stores" / "nation")
    code = area(store, level)
    found = asked(code, "emergency_admissions", "--level", level, home=whole)
    assert any("people who live in the area, as person-years, by the estimate of mid-20" in note for note in found["notes"])
    assert len([row for row in found["rows"] if row["value"] is not None]) > 10


def area(store, level):
    rows = [row for path in store.files("resident_population") for row in pq.read_table(path, partitioning=None).to_pylist()]
    return min(row["Area_Code"] for row in rows if row["Area_Level"] == level)


def assert_every_theme(made):
    """At each level where all measures were asked for; else at one of them."""
    themes, shown = {theme.value for theme in Theme}, dict[str, set[str]]()
    for level in made.reports:
        content = json.loads((made.folder / "out" / f"{level}.report.json").read_text())
        shown[level] = {each["theme"] for each in content["found"] if any(row["value"] is not None for row in each["rows"])}
    if WHOLE:
        assert {level: themes - each for level, each in shown.items()} == {level: LACKING.get(level, set()) for level in shown}
    assert themes == set().union(*shown.values())


@pytest.mark.slow
def test_a_report_has_every_theme(nation_reported):
    page = (nation_reported.folder / "out" / "report" / "90L.html").read_text()
    assert not [theme.value for theme in Theme if theme.value not in page]
    assert_every_theme(nation_reported)


@pytest.mark.slow
def test_a_report_of_the_other_levels_has_every_theme(nation_released):
    assert_every_theme(nation_released)


def test_the_service_gives_what_the_command_gives(nation, whole, farr_begun, does, here, tmp_path):
    home = shutil.copytree(whole, tmp_path / "home")
    question = ("--organisation", "90L", "--measure", "emergency_admissions", "--norm", "similar_ten")
    printed = json.loads(does("benchmark", *question, "--json", home=home))
    does("client", "add", "portal", "--agreement", "nation", "--out", tmp_path / "portal.pem", home=home)
    socket = tmp_path / "s"
    with farr_begun("serve", "--socket", socket, home=home) as serving:
        try:
            until = time.monotonic() + 60
            while not socket.exists() and serving.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            signed = (
                "--user",
                "A. Analyst",
                "--signing-key",
                tmp_path / "portal.pem",
                "--agreement",
                "nation",
                "--purpose",
                "benchmarking",
            )
            done = here("ask", *question, *signed, "--socket", socket, home=home)
        finally:
            serving.terminate()
    assert done.returncode == 0, done.stderr
    answered = json.loads(done.stdout)
    assert answered["rows"] == printed["rows"]
    ids = [[release["release_id"] for release in each["releases"]] for each in (answered, printed)]
    assert ids[0] == ids[1]


@pytest.mark.slow
def test_no_month_has_changed_that_reads_as_before(nation_reported):
    told = json.loads((nation_reported.folder / "out" / "changes.printed.json").read_text())
    assert len(told["resent"]) == 4  # a line for each feed
    months = [each for each in told["changes"] if each["kind"] == "a month was sent again and its figure changed"]
    assert not [each for each in months if each["before"] == each["now"]]
    assert not [each["measure"] for each in months if each["measure"].endswith("_ratio")]


@pytest.mark.slow
def test_what_was_published_is_in_a_signed_catalogue(nation_released, does):
    home = nation_released.home
    catalogue = read_catalogue(home / "published", {Desk.open(home).home.public_key()})
    assert {entry.kind for entry in catalogue.entries} == set(ViewKind)
    held = {release for entry in catalogue.entries for release in entry.releases}
    assert held
    for release in sorted(held):
        assert "signed and unchanged" in does("verify", home / "published" / release, home=home)
