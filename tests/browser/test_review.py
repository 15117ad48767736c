"""Output that a person must look at: sent, voted on by two who do not see each other, given out with their reasons."""

import zipfile

from tests.browser.driving import faults, shot


def _send(page, tmp_path, title):
    table = tmp_path / "spells.csv"
    table.write_text("region,spells\nNorth,1240\nSouth,1380\n")
    page.goto("/review/submit/")
    page.fill("#id_title", title)
    page.select_option("#id_access", index=0)
    page.fill("#id_why", "Table two of the frailty paper; people of all ages")
    page.set_input_files("#id_file", table)
    assert faults(page) == []
    shot(page, "review-submit")
    page.click("main form button")
    page.wait_for_url("**/review/*/")
    return page.url


def _vote(page, place, outcome, reason):
    page.goto(place)
    page.check(f"input[name=outcome][value={outcome}]")
    page.fill("#id_reason", reason)
    page.click("text=Cast your vote")
    page.wait_for_load_state()


def test_two_checkers_vote_blind_and_the_author_waits(window, tmp_path):
    author, first, second = (window(name) for name in ("analyst", "checker", "second-checker"))
    place = _send(author, tmp_path, "Spells by region")
    assert "1,240" not in author.inner_text("h1") and "waits until the checkers have voted" in author.inner_text("main")
    assert author.query_selector("#vote") is None, "who made it does not vote on it"

    first.goto(place)
    assert "1240" in first.inner_text("table") and faults(first) == []
    _vote(first, place, "approve", "Large groups, nothing nests")
    second.goto(place)
    for said in ("Large groups", "Checker"):
        assert said not in second.inner_text("main").replace("Output checker", "")
    shot(second, "review-vote")
    author.reload()
    assert "Large groups" not in author.inner_text("main") and "waits until" in author.inner_text("main")

    _vote(second, place, "approve", "No small cell, and no earlier table to set beside it")
    assert "approved" in second.inner_text("h1") and "Large groups" in second.inner_text("main")
    author.reload()
    with author.expect_download() as download:
        author.click("text=Download the table")
    download.value.save_as(tmp_path / "output.zip")
    with zipfile.ZipFile(tmp_path / "output.zip") as packed:
        said = "".join(packed.read(name).decode() for name in packed.namelist())
    assert "North,1240" in said and "Large groups" in said and "Second checker" in said


def test_where_two_disagree_a_third_is_needed(window, tmp_path):
    author, first, second = (window(name) for name in ("analyst", "checker", "second-checker"))
    place = _send(author, tmp_path, "Spells by region again")
    _vote(first, place, "approve", "Fine")
    _vote(second, place, "refuse", "An earlier table differs by few people")
    assert "disagree" in second.inner_text("main")
    author.goto(place)
    assert author.query_selector("text=Download the table") is None
