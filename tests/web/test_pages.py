"""Benchmark pages: shown to who was granted them, signed, and as files with their notes inside."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from farr.lab.model.showing.signed import overview_about, overview_path, write_signed
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from tests.web.installing import lab_key
from tests.web.publishing import LEVEL, MEASURE, make_overview

OVERVIEW, PAGE = f"/o/{LEVEL}/C09/", f"/o/{LEVEL}/C09/{MEASURE}/"


def test_an_overview_leads_to_what_stands_out(viewer, audited):
    said = viewer.get(OVERVIEW)
    assert said.status_code == 200
    text = said.content.decode()
    assert "What stands out" in text and "Synthetic data" in text and PAGE in text
    assert audited() == [("saw", f"overview {LEVEL} C09")]


def test_an_overview_says_what_turned_since_it_was_published_before(viewer, folder):
    path = folder / "published" / "pages" / overview_path(LEVEL, "C09", "national")
    whole, said = path.read_bytes(), "Made-up share: now “high: worse than expected”; it was not in the publication of 1 April 2025"
    assert "What changed" not in viewer.get(OVERVIEW).content.decode()
    try:
        changed = make_overview("C09").model_copy(update={"changes": (said,)})
        path.write_bytes(write_signed(changed, overview_about(LEVEL, "C09", "national"), lab_key()))
        text = viewer.get(OVERVIEW).content.decode()
        assert "What changed since it was published before" in text and f"<li>{said}</li>" in text
    finally:
        path.write_bytes(whole)


def test_the_only_organisation_is_opened_at_once(viewer):
    assert viewer.get("/").headers["Location"] == OVERVIEW
    assert "Place 9" in viewer.get("/?list").content.decode()


def test_a_measure_is_said_in_words_charts_and_tables(viewer):
    text = viewer.get(PAGE).content.decode()
    assert "Higher than all 8 other commissioners" in text
    assert 'data-chart="funnel"' in text and 'id="specs"' in text
    assert "Spells that are emergencies." in text and "not yet signed off by a clinician" in text
    assert "Place 3" in text and "130" not in text.split("Place 3")[1].split("</tr>")[0]


def test_another_organisation_is_refused_and_it_is_written_down(viewer, audited):
    for path in (f"/o/{LEVEL}/C08/", f"/o/{LEVEL}/C08/{MEASURE}/", f"/o/{LEVEL}/C08/{MEASURE}/table.csv"):
        said = viewer.get(path)
        assert said.status_code == 403
        assert "ask for it under Access" in said.content.decode()
    assert [what for what, _ in audited()] == ["denied"] * 3


def test_an_organisation_that_is_not_there_is_refused_in_the_same_words(viewer):
    def words(code):
        text = viewer.get(f"/o/{LEVEL}/{code}/").content.decode()
        return re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", text).replace(code, "CODE")

    assert words("C08") == words("X99")


def test_access_ends_with_its_date_the_training_and_the_account(person, grant, client_of):
    lapsed, untrained, left = person(Role.VIEWER), person(Role.VIEWER, trained=False), person(Role.VIEWER)
    grant(lapsed, until=today() - timedelta(days=1))
    grant(untrained)
    grant(left)
    assert client_of(lapsed).get(PAGE).status_code == 403
    refused = client_of(untrained).get(PAGE)
    assert refused.status_code == 403 and "yearly training" in refused.content.decode()
    browser = client_of(left)
    assert browser.get(PAGE).status_code == 200
    left.is_active = False
    left.save()
    assert browser.get(PAGE).status_code == 302


def test_a_table_holds_its_notes_and_hides_what_is_hidden(viewer, audited):
    said = viewer.get(f"{PAGE}table.csv")
    assert said.status_code == 200 and "attachment" in said.headers["Content-Disposition"]
    text = said.content.decode("utf-8-sig")
    row = next(line for line in text.splitlines() if line.startswith("C03,"))
    assert "suppressed" in row and "130" not in row
    assert "Notes and provenance" in text and "0123456789abcdef" in text and "* not shown" in text
    assert audited() == [("downloaded", f"{MEASURE} {LEVEL} C09")]


def test_a_workbook_has_the_figures_as_numbers(viewer):
    book = openpyxl.load_workbook(io.BytesIO(viewer.get(f"{PAGE}table.xlsx").content))
    assert book.sheetnames[0] == "Benchmark" and book.sheetnames[-1] == "Notes and provenance"
    rows = {row[0]: row for row in book["Benchmark"].iter_rows(values_only=True)}
    assert rows["C03"][4] == "*" and rows["C09"][6] == 40.0


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_chart_is_a_picture_with_its_provenance(viewer, kind, begins):
    said = viewer.get(f"{PAGE}chart/funnel.{kind}")
    assert said.status_code == 200 and said.content.startswith(begins)
    if kind == "svg":
        text = said.content.decode()
        assert "0123456789abcdef" in text and "not shown" in text and "Synthetic data" in text


def test_what_is_not_there_is_not_found(viewer):
    assert viewer.get(f"{PAGE}chart/pie.svg").status_code == 404
    assert viewer.get(f"{PAGE}table.exe").status_code == 404
    assert viewer.get(f"/o/{LEVEL}/C09/no_such_measure/").status_code == 404


def test_two_are_compared_only_where_the_statistics_allow(viewer):
    apart = viewer.get(f"{PAGE}?with=C01").content.decode()
    assert "Place 9 is higher than Place 1" in apart and "do not overlap" in apart
    hidden = viewer.get(f"{PAGE}?with=C03").content.decode()
    assert "nothing can be said of their difference" in hidden
    assert viewer.get(f"{PAGE}?with=ZZZ").status_code == 422


def test_a_viewer_cannot_ask_for_more(viewer):
    said = viewer.get(f"{PAGE}?norm=own_list&peers=C01+C02")
    assert said.status_code == 403 and "do not allow" in said.content.decode()


def test_a_changed_page_is_not_shown(viewer, folder):
    path = folder / "published" / "pages" / f"{LEVEL}.C09" / f"{MEASURE}.national.json.gz"
    whole = path.read_bytes()
    try:
        path.write_bytes((path.parent.parent / f"{LEVEL}.C08" / f"{MEASURE}.national.json.gz").read_bytes())
        said = viewer.get(PAGE)
        assert said.status_code == 422 and "is about something else" in said.content.decode()
    finally:
        path.write_bytes(whole)
    assert viewer.get(PAGE).status_code == 200
