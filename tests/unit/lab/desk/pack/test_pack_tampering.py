"""Whatever is changed after a pack was signed is seen, and the message says what to do."""

import json
import shutil

import pytest

ANALYST, REVIEWER = "A. Analyst", "B. Reviewer"


def _flip(path, at=-20):
    """Changes one byte."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("part", ["commentary.md", "basis.json", "pack.json"])
@pytest.mark.parametrize("words", [("show", "winter"), ("render", "winter"), ("versions",)])
def test_a_changed_part(works, part, words):
    works.approved()
    _flip(works.folder / "versions" / "1" / part)
    said = works.refused(*words)
    assert part in said and "restore the pack's folder from a backup" in said


@pytest.mark.parametrize("part", ["commentary.md", "basis.json", "pack.json"])
def test_a_missing_part(works, part):
    works.approved()
    (works.folder / "versions" / "1" / part).unlink()
    assert "is missing" in works.refused("show", "winter")


@pytest.mark.parametrize("part", ["table.parquet", "manifest.json", "manifest.sig"])
@pytest.mark.parametrize("words", [("show", "winter"), ("check", "winter")])
def test_a_changed_release(works, part, words):
    works.approved()
    for release in (works.home / "published").iterdir():
        _flip(release / part)
    said = works.refused(*words)
    assert str(works.home / "published") in said and ("publish" in said or "ask who published" in said)


def test_a_missing_release(works):
    works.approved()
    shutil.rmtree(works.home / "published")
    assert "is missing or cannot be read" in works.refused("show", "winter")


def test_a_release_put_in_place_of_another_is_not_taken(works):
    works.new()
    path = works.folder / "draft" / "basis.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    first = content["benchmarks"][0]
    first["rows"]["release"]["release_id"] = first["trend"]["release"]["release_id"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "basis.json is not what farr wrote" in works.refused("check", "winter")


def _rewrite(works, number, change):
    """Changes one line of the history and makes the chain fit again, as one who can write to the folder could."""
    from farr.lab.model.durable.chain import Chain

    path = works.folder / "history.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    contents = [json.loads(line)["content"] for line in lines]
    change(contents[number])
    path.write_text("".join(lines[:number]), encoding="utf-8")
    for content in contents[number:]:
        Chain(path).append(content)


def test_an_edited_history(works):
    works.approved()
    path = works.folder / "history.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace(REVIEWER, "C. Reviewer"), encoding="utf-8")
    assert "does not follow from the line before it" in works.refused("show", "winter")


def test_a_forged_signature_in_a_history_made_to_fit(works):
    works.approved()
    line = json.loads((works.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()[1])["content"]["by"]
    _rewrite(works, 2, lambda content: content["by"].update(signature=line["signature"]))
    assert "was changed after B. Reviewer signed it" in works.refused("show", "winter")


def test_the_author_put_down_as_approver(works):
    works.approved()
    line = json.loads((works.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()[1])["content"]["by"]
    _rewrite(works, 2, lambda content: content.update(by=line))
    assert "a second person must approve it" in works.refused("render", "winter")


def test_a_signature_in_anothers_name(works):
    works.approved()
    _rewrite(works, 2, lambda content: content["by"].update(name="C. Nobody"))
    assert "not one that this home trusts for that name" in works.refused("show", "winter")


def test_an_approval_moved_to_another_version(works):
    works.approved()
    _rewrite(works, 2, lambda content: content.update(version=2))
    assert "approves a version that was not submitted" in works.refused("show", "winter")


def test_a_version_signed_for_another_history(works):
    works.approved()
    _rewrite(works, 0, lambda content: content.update(author="C. Nobody"))
    assert "belongs to another pack, version, author or history" in works.refused("show", "winter")


def test_a_key_that_is_no_longer_trusted(works):
    works.approved()
    path = works.home / "analysts.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))[:1]), encoding="utf-8")
    assert "not one that this home trusts" in works.refused("show", "winter")


def test_a_history_that_was_cut_is_not_written_over(works):
    works.approved()
    path = works.folder / "history.jsonl"
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    said = works.refused("submit", "winter", "--as", ANALYST, "--key", works.key(ANALYST))
    assert "the history was cut" in said and (works.folder / "versions" / "1" / "pack.json").exists()
