"""A pack from its first draft to a second approved version, by the command itself."""

import json

import pytest

ANALYST, REVIEWER = "A. Analyst", "B. Reviewer"


def test_from_draft_to_approved_files(works, tmp_path):
    works.new()
    works.write("Admissions stand at {{value:emergency_admissions}}, norm {{norm:emergency_admissions}}.")
    assert "40.0 per 1,000 people a year" in works.does("check", "winter")
    works.signs("submit", ANALYST)
    works.signs("approve", REVIEWER)
    works.does("render", "winter", "--out", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "winter-v1.html", "winter-v1.manifest.json", "winter-v1.pdf", "winter-v1.xlsx",
    ]  # fmt: skip


def test_approved_manifest_names_both_people_and_every_release(works, tmp_path):
    works.approved()
    works.does("render", "winter", "--out", tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "winter-v1.manifest.json").read_text(encoding="utf-8"))
    assert (manifest["author"]["name"], manifest["approver"]["name"]) == (ANALYST, REVIEWER)
    held = {path.name for path in (works.home / "published").iterdir()}
    assert {each["release_id"] for each in manifest["pack"]["releases"]} == held


def test_show_fills_figures_in_and_names_both_people(works):
    works.approved()
    shown = works.does("show", "winter")
    assert "Admissions are 40.0 per 1,000 people a year." in shown
    assert f"Author: {ANALYST}" in shown and f"Approved by: {REVIEWER}" in shown and "Synthetic data" in shown


def test_a_later_edit_is_a_new_version_that_needs_approval_while_the_old_one_stays(works, tmp_path):
    works.approved()
    works.write("Something else entirely.")
    works.signs("submit", ANALYST)
    assert "Something else" in works.does("show", "winter")
    assert "Something else" not in works.does("show", "winter", "--version", 1)
    listed = works.does("versions")
    assert REVIEWER in listed and "nobody yet" in listed
    works.does("render", "winter", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "winter-v1.html").exists() and not list((tmp_path / "out").glob("winter-v2*"))


def test_versions_are_chained(works):
    works.approved()
    works.write("Something else entirely.")
    works.signs("submit", ANALYST)
    links = [json.loads(line) for line in (works.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    second = json.loads((works.folder / "versions" / "2" / "pack.json").read_text(encoding="utf-8"))
    assert [link["content"]["event"] for link in links] == ["begun", "submitted", "approved", "submitted"]
    assert second["previous"] == links[2]["hash"]


def test_a_draft_is_rendered_as_one(works, tmp_path):
    works.new()
    works.does("render", "winter", "--draft", "--out", tmp_path)
    page = (tmp_path / "winter-DRAFT.html").read_text(encoding="utf-8")
    assert "DRAFT: no second person has approved this." in page and 'class="watermark"' in page


def test_a_submitted_version_is_a_draft_until_it_is_approved(works, tmp_path):
    works.new()
    works.write("Words.")
    works.signs("submit", ANALYST)
    works.does("render", "winter", "--version", 1, "--out", tmp_path)
    assert {path.name for path in tmp_path.glob("winter*")} == {f"winter-v1-DRAFT.{ending}" for ending in ("html", "pdf", "xlsx")}


def test_render_without_an_approved_version_says_what_to_type(works):
    works.new()
    said = works.refused("render", "winter")
    assert "farr pack approve winter" in said and "--draft" in said


@pytest.mark.parametrize(("name", "key"), [(ANALYST, ANALYST), ("a.  ANALYST", ANALYST)])
def test_the_author_cannot_approve(works, name, key):
    works.new()
    works.write("Words.")
    works.signs("submit", ANALYST)
    assert "second person" in works.refused("approve", "winter", "--as", name, "--key", works.key(key))


def test_the_author_cannot_approve_with_a_second_key(works, tmp_path):
    works.does("signatory", "--name", "a. analyst", "--out", tmp_path / "other.pem")
    works.new()
    works.write("Words.")
    works.signs("submit", ANALYST)
    assert "second person" in works.refused("approve", "winter", "--as", "A. Analyst", "--key", tmp_path / "other.pem")


def test_another_name_needs_another_key(works):
    works.new()
    works.write("Words.")
    works.signs("submit", ANALYST)
    assert f"registered for '{ANALYST}'" in works.refused("approve", "winter", "--as", REVIEWER, "--key", works.key(ANALYST))


def test_a_key_that_is_registered_for_two_names_approves_for_neither(works):
    works.new()
    works.write("Words.")
    works.signs("submit", ANALYST)
    path = works.home / "analysts.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([{**known[0], "name": REVIEWER}, *known]), encoding="utf-8")
    assert "not one that this home trusts" in works.refused("approve", "winter", "--as", REVIEWER, "--key", works.key(ANALYST))


def test_an_unregistered_key_signs_nothing(works, tmp_path):
    from farr.lab.desk.home import make_key

    make_key(tmp_path / "stranger.pem")
    works.new()
    works.write("Words.")
    assert "farr pack signatory" in works.refused("submit", "winter", "--as", ANALYST, "--key", tmp_path / "stranger.pem")


def test_approved_twice_is_refused(works):
    works.approved()
    assert f"approved already, by {REVIEWER}" in works.refused("approve", "winter", "--as", REVIEWER, "--key", works.key(REVIEWER))


def test_nothing_changed_is_no_new_version(works):
    works.approved()
    assert "nothing was changed since version 1" in works.refused("submit", "winter", "--as", ANALYST, "--key", works.key(ANALYST))


def test_an_unknown_placeholder_is_named_and_those_that_exist_are_listed(works):
    works.new()
    works.write("Stays are {{median:length_of_stay}}.")
    said = works.refused("check", "winter")
    assert "{{median:length_of_stay}}" in said and "finding, value" in said and "emergency_admissions, length_of_stay" in said


def test_typed_figures_are_listed_and_must_be_checked(works, tmp_path):
    works.new()
    works.write("In 2024/25 admissions rose by 12% at 90L, and twelve per cent again.")
    assert "Typed by hand in Overall, and no released figures: 12%, 90L, twelve per cent" in works.does("check", "winter")
    said = works.refused("submit", "winter", "--as", ANALYST, "--key", works.key(ANALYST))
    assert "12%" in said and "--typed-figures-checked" in said
    works.signs("submit", ANALYST, "--typed-figures-checked")
    works.does("render", "winter", "--version", 1, "--out", tmp_path)
    page = (tmp_path / "winter-v1-DRAFT.html").read_text(encoding="utf-8")
    assert "They are not released figures, and Farr has not checked them: 12%, 90L, twelve per cent." in page


def test_a_hidden_figure_is_a_star_with_its_note(works, answer, monkeypatch, tmp_path):
    from farr.lab.desk.desk import Desk

    class Hiding:
        @staticmethod
        def benchmark(*, measure, **_):
            return answer(measure, hidden=(9,))

    monkeypatch.setattr(Desk, "open", lambda *_, **__: Hiding())
    works.approved("It is {{value:length_of_stay}}; {{finding:length_of_stay}}.")
    works.does("render", "winter", "--out", tmp_path)
    page = (tmp_path / "winter-v1.html").read_text(encoding="utf-8")
    assert 'It is <span class="figure">*</span>; <span class="figure">Not shown (small numbers)</span>.' in page
    assert page.index("* not shown: small numbers") < page.index("<figure>")


def test_a_pack_that_exists_is_not_begun_again(works):
    works.new()
    said = works.refused(
        "new", "winter", "--organisation", "C09", "--measure", "length_of_stay", "--title", "T", "--author", ANALYST, "--key",
        works.key(ANALYST),
    )  # fmt: skip
    assert "there is a pack 'winter' already" in said


def test_an_empty_interpretation_is_not_submitted(works):
    works.new()
    assert "the section 'Overall' is empty" in works.refused("submit", "winter", "--as", ANALYST, "--key", works.key(ANALYST))


@pytest.mark.parametrize("words", [("show", "summer"), ("check", "summer"), ("render", "summer"), ("versions", "summer")])
def test_a_pack_that_is_not_there_says_how_to_begin(works, words):
    assert "farr pack new summer" in works.refused(*words)


@pytest.mark.parametrize("name", ["../out", "a b", "", ".hidden"])
def test_a_name_that_is_no_name_is_refused(works, name):
    assert "cannot name a pack" in works.refused("check", name)
