"""Commentary: figures by placeholder, a second person approves, every version is kept, and packs say what they rest on."""

import contextlib
import hashlib
import io
import json
import re
import zipfile
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from farr.lab.model.showing.signed import ahead_about, page_path, write_signed
from farr.lab.model.showing.typed import typed_figures
from farr.portal.access.roles import Role
from farr.portal.commentary.markup import rendered
from farr.portal.commentary.models import Commentary, CommentaryDecision, Version
from farr.portal.commentary.placeholders import PlaceholderError, filled, used
from tests.web.installing import lab_key
from tests.web.publishing import LEVEL, MEASURE, make_page

PAGE = f"/o/{LEVEL}/C09/{MEASURE}/"
WRITE = f"{PAGE}commentary/"
TEXT = "{{finding}}.\n\nThe figure is **{{value}}** ({{interval}}), the norm {{norm}}.\n- Look at the nights\n- Ask again in 2026"


@pytest.fixture
def author(person, grant):
    user = person(Role.ANALYST, name="Ann Author")
    grant(user)
    return user


@pytest.fixture
def approver(person, grant):
    user = person(Role.ANALYST, name="Bo Approver")
    grant(user)
    return user


@pytest.fixture
def write(client_of):
    def written(user, text=TEXT, path=WRITE, **more):
        client = client_of(user)
        rests = re.search(r'name="rests_on" value="([0-9a-f]+)"', client.get(path).content.decode())[1]
        return client.post(path, {"text": text, "rests_on": rests, **more})

    return written


@pytest.fixture
def version(author, write):
    write(author)
    return Version.objects.get()


@pytest.fixture
def decide(client_of):
    def decided(user, version, outcome="approved", reason="Says what the page says"):
        path = f"/commentary/{version.commentary.pk}/{version.number}/decide/"
        return client_of(user).post(path, {"outcome": outcome, "reason": reason})

    return decided


@contextmanager
def published_anew(folder):
    """The page of C09 with other releases, as a later month would have it."""
    path = folder / "published" / "pages" / page_path(LEVEL, "C09", MEASURE, "national")
    before, page = path.read_bytes(), make_page("C09")
    releases = tuple({**each, "release_id": "fedcba9876543210"} for each in page.releases)
    newer = page.model_copy(update={"made_at": "2025-06-01T09:00:00+00:00", "releases": releases})
    path.write_bytes(write_signed(newer, ahead_about(LEVEL, "C09", MEASURE, "national"), lab_key()))
    try:
        yield
    finally:
        path.write_bytes(before)


def test_a_draft_takes_its_figures_from_the_page(version, author, client_of, audited):
    text = client_of(author).get(f"/commentary/{version.commentary.pk}/").content.decode()
    assert "DRAFT" in text and "<strong>40% of spells</strong>" in text.replace("40.0%", "40%") and "<li>Look at the nights</li>" in text
    assert "Higher than all 8 other commissioners" in text
    assert version.releases == ["0123456789abcdef"] and set(version.figures) >= {"value", "norm"}
    assert audited()[-1] == ("saw", f"commentary {version.commentary.pk} version 1")


def test_writing_is_written_down_before(author, write, audited):
    write(author)
    assert ("wrote", f"commentary on {MEASURE} {LEVEL} C09") in audited()


def test_a_draft_is_for_its_author_and_those_who_may_approve(version, author, approver, person, grant, client_of):
    paths = [f"/commentary/{version.commentary.pk}/{end}" for end in ("", "1/", "1/pack.html", "1/pack.zip")]
    viewer, stranger = person(Role.VIEWER), person(Role.ANALYST)
    grant(viewer)
    grant(stranger, "C08")
    for path in paths:
        assert [client_of(user).get(path).status_code for user in (author, approver)] == [200, 200]
        assert [client_of(user).get(path).status_code for user in (viewer, stranger, person(Role.GUARDIAN))] == [403, 403, 403]
    assert "The figure is" not in client_of(viewer).get(PAGE).content.decode()


def test_what_may_not_be_opened_is_refused_like_what_is_not_there(version, viewer):
    there = viewer.get(f"/commentary/{version.commentary.pk}/").content.decode()
    missing = viewer.get("/commentary/9999/").content.decode().replace("9999", str(version.commentary.pk))
    assert re.sub('token" value="[^"]*"', "", there) == re.sub('token" value="[^"]*"', "", missing)


def test_a_second_person_approves_and_it_is_shown_on_the_page(version, author, approver, person, viewer, decide, audited):
    own = decide(author, version)
    assert own.status_code == 403 and "you wrote this yourself" in own.content.decode().lower()
    for role in (Role.VIEWER, Role.GUARDIAN, Role.CHECKER):
        assert decide(person(role), version).status_code == 403
    assert decide(approver, version).status_code == 302
    assert ("approved", f"commentary {version.commentary.pk} version 1") in audited()
    assert decide(approver, version).status_code == 403 and CommentaryDecision.objects.count() == 1
    text = viewer.get(PAGE).content.decode()
    assert "By Ann Author" in text and "approved by Bo Approver" in text and "Look at the nights" in text and "anew since" not in text
    assert viewer.get(f"/commentary/{version.commentary.pk}/").status_code == 200
    assert "Look at the nights" not in viewer.get(f"{PAGE}?norm=similar_ten").content.decode()


def test_an_approver_of_another_organisation_does_not_decide(version, person, grant, decide):
    stranger = person(Role.ANALYST)
    grant(stranger, "C08")
    assert decide(stranger, version).status_code == 403


def test_versions_are_kept_and_a_new_draft_does_not_replace_what_was_approved(version, author, approver, viewer, write, decide, client_of):
    number = version.commentary.pk
    decide(approver, version)
    write(author, "Another {{value}}", f"/commentary/{number}/write/")
    assert [each.text for each in Version.objects.order_by("number")] == [TEXT, "Another {{value}}"]
    assert "Look at the nights" in viewer.get(PAGE).content.decode() and "Another" not in viewer.get(PAGE).content.decode()
    assert (
        "Another" not in viewer.get(f"/commentary/{number}/").content.decode() and viewer.get(f"/commentary/{number}/2/").status_code == 403
    )
    second = Version.objects.get(number=2)
    assert decide(author, second).status_code == 403
    decide(approver, second, "refused", "Too short")
    assert "Too short" in client_of(author).get(f"/commentary/{number}/2/").content.decode()
    write(author, "A third {{value}}", f"/commentary/{number}/write/")
    decide(approver, Version.objects.get(number=3))
    assert "A third" in viewer.get(PAGE).content.decode()


def test_only_the_newest_version_is_decided_on_and_only_its_author_writes_on(version, author, approver, write, decide, client_of):
    write(author, "Second", f"/commentary/{version.commentary.pk}/write/")
    said = decide(approver, version)
    assert said.status_code == 403 and "newer version" in said.content.decode()
    assert client_of(approver).get(f"/commentary/{version.commentary.pk}/write/").status_code == 403


def test_typed_numbers_are_pointed_out_and_need_a_tick(author, approver, write, decide, viewer):
    said = write(author, "About 12% of beds, two in five nights, as in 2024/25, J18.9, on 30 April 2025")
    assert said.status_code == 422 and "You typed 12%, two in five" in said.content.decode() and not Commentary.objects.exists()
    assert write(author, "About 12% of beds", typed_checked="on").status_code == 302
    version = Version.objects.get()
    assert version.typed == ["12%"]
    decide(approver, version)
    assert "typed numbers into it, which Farr has not checked" in viewer.get(PAGE).content.decode()


def test_what_is_no_typed_number_and_what_is():
    assert typed_figures("In 2024, on 2024-04-30, a 95% interval, J18.9, HRG4, Place 9", {"Place 9"}) == ()
    assert typed_figures("12, 3.5%, £1,200, ½, twelve per cent, 95% of people", set()) == (
        "12", "3.5%", "£1,200", "½", "95%", "twelve per cent",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["{{median}}", "{{value", "{{ {{value}} }}", "", "   ", "Patient 943 476 5919 of LS1 4AP"])
def test_a_text_that_says_nothing_or_names_somebody_is_refused(author, write, text):
    said = write(author, text)
    assert said.status_code == 422 and not Commentary.objects.exists()


def test_what_was_typed_stays_text(author, approver, write, decide, viewer):
    nasty = "<script>alert('x')</script>\n\n- <img src=x onerror=alert()>\n\n**<b>bold</b>** [a](javascript:alert()) {{value}} & \"q\""
    assert write(author, nasty).status_code == 302
    decide(approver, Version.objects.get())
    number = Commentary.objects.get().pk
    for path in (PAGE, f"/commentary/{number}/", f"/commentary/{number}/1/pack.html"):
        text = viewer.get(path).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and "<b>bold" not in text
        assert "&lt;script&gt;" in text and "<strong>&lt;b&gt;bold&lt;/b&gt;</strong>" in text and 'href="javascript' not in text


def test_figures_are_escaped_and_a_hidden_one_is_no_markup():
    assert rendered("**{{value}}** and **x**", {"value": "*"}) == "<p><strong>*</strong> and <strong>x</strong></p>"
    assert rendered("{{finding}}", {"finding": "<i> {{value}}", "value": "1"}) == "<p>&lt;i&gt; {{value}}</p>"
    assert rendered("a\nb\n- c\n- d\n\ne", {}) == "<p>a b</p>\n<ul><li>c</li><li>d</li></ul>\n<p>e</p>"


@pytest.mark.parametrize("hostile", ["{{" + " " * 200_000, "{{ " * 70_000, "**a " * 50_000, "**" + "a" * 200_000, "*" * 200_000])
def test_no_text_takes_long_to_read(hostile):
    with contextlib.suppress(PlaceholderError):
        used(hostile, {"value": "1"})
    assert rendered(hostile, {"value": "1"}).startswith("<p>")
    assert used("{{  value }} and {{value}}", {"value": "1"}) == {"value": "1"} and filled("{{  value }}", {"value": "1"}) == "1"


def test_a_page_published_anew_is_noticed_while_writing_and_after(version, author, approver, viewer, decide, client_of, folder):
    client = client_of(author)
    rests = re.search(r'name="rests_on" value="([0-9a-f]+)"', client.get(WRITE).content.decode())[1]
    decide(approver, version)
    with published_anew(folder):
        said = client.post(WRITE, {"text": "x", "rests_on": rests})
        assert said.status_code == 422 and "published anew while you wrote" in said.content.decode() and Commentary.objects.count() == 1
        newer = re.search(r'name="rests_on" value="([0-9a-f]+)"', said.content.decode())[1]
        assert newer != rests
        assert "of the figures of 2025-05-01" in viewer.get(PAGE).content.decode()
        assert "published anew on 2025-06-01" in viewer.get(f"/commentary/{version.commentary.pk}/1/pack.html").content.decode()
        assert client.post(WRITE, {"text": "x", "rests_on": newer}).status_code == 302


def test_a_pack_is_one_file_with_all_that_must_travel_with_it(version, approver, author, viewer, decide, client_of, audited):
    path = f"/commentary/{version.commentary.pk}/1/pack"
    draft = client_of(author).get(f"{path}.html")
    assert "DRAFT" in draft.content.decode() and "DRAFT" in draft.headers["Content-Disposition"]
    decide(approver, version)
    said = viewer.get(f"{path}.html")
    text = said.content.decode()
    assert "DRAFT" not in text and "attachment" in said.headers["Content-Disposition"]
    for needed in ("Synthetic data", "Higher than all 8", "approved by Bo Approver", "Place 3", "not shown", "0123456789abcdef", "<svg"):
        assert needed in text
    assert "default-src &#x27;none&#x27;" in text and "<script" not in text and not re.search(r'(?:src|href)="https?:', text)
    identifiers = re.findall(r'\bid="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))
    assert audited()[-1] == ("downloaded", f"commentary {version.commentary.pk} version 1")
    assert viewer.get(f"{path}.exe").status_code == 404


def test_a_zip_sums_up_its_files(version, approver, viewer, decide):
    decide(approver, version)
    archive = zipfile.ZipFile(io.BytesIO(viewer.get(f"/commentary/{version.commentary.pk}/1/pack.zip").content))
    manifest = json.loads(archive.read("manifest.json"))
    assert {name.rpartition(".")[2] for name in manifest["sha256"]} == {"html", "csv", "xlsx"}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert manifest["approved_by"] == "Bo Approver" and manifest["releases"] == version.releases and manifest["is_synthetic"] is True


def test_what_a_version_rests_on_is_noticed_when_changed(version, author, client_of):
    Version.objects.update(page=b"something else")
    said = client_of(author).get(f"/commentary/{version.commentary.pk}/")
    assert said.status_code == 422 and "was changed since it was written" in said.content.decode()


def test_the_list_says_what_waits(version, approver, author, client_of, viewer):
    assert "Nothing waits" not in client_of(approver).get("/commentary/").content.decode()
    assert "Nothing waits" in client_of(author).get("/commentary/").content.decode()
    assert viewer.get("/commentary/").status_code == 403


def test_the_list_asks_the_database_no_more_for_ten_commentaries_than_for_two(
    approver, author, write, client_of, django_assert_max_num_queries
):
    for user in (approver, author):
        Version.objects.all().delete()
        for _ in range(2):
            write(author)
        client = client_of(user)
        with CaptureQueriesContext(connection) as few:
            client.get("/commentary/")
            asked = len(few)  # what is written next clears them
        for _ in range(8):
            write(author)
        with django_assert_max_num_queries(asked + 1):
            assert client.get("/commentary/").content.decode().count("version 1 by") == 10
