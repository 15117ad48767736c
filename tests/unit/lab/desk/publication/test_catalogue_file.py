"""The catalogue on disk: signed, read back as it was written, and refused where it was touched."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.publication.catalogue import Catalogue, Entry, ViewKind, read_catalogue, write_catalogue
from farr.lab.disclosure.released import ReleaseInvalid
from farr.lab.model.agreement import encoded

KEY = Ed25519PrivateKey.generate()
TRUSTED = {encoded(KEY.public_key().public_bytes_raw())}
ENTRY = Entry(
    measure="day_case_rate", level="provider", kind=ViewKind.BREAKDOWN, by="specialty", period="2024-01..2024-12", left_out=("2024-05",),
    releases=("0123456789abcdef",), earlier=({"period": "2023-10..2024-09", "releases": ("fedcba9876543210", "0")},),
)  # fmt: skip
CATALOGUE = Catalogue(
    made_at="2025-05-01T09:00:00+00:00", agreement="leeds", code_version="0.1.0", is_synthetic=True, first_month="2024-01",
    last_month="2024-12", store_versions={"apc_spell": 3}, measures={"day_case_rate": {"title": "Day-case rate"}}, entries=(ENTRY,),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write_catalogue(CATALOGUE, tmp_path / "published", KEY)
    return tmp_path / "published"


def test_what_was_written_is_read(folder):
    assert read_catalogue(folder, TRUSTED) == CATALOGUE
    assert json.loads((folder / "catalogue.json").read_text())["entries"][0]["releases"] == ["0123456789abcdef"]
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.json", "catalogue.sig"]


def test_before_anything_is_published_there_is_none(tmp_path):
    assert read_catalogue(tmp_path, TRUSTED) is None


def test_a_changed_catalogue_is_refused(folder):
    path = folder / "catalogue.json"
    path.write_text(path.read_text().replace("0123456789abcdef", "fedcba9876543210"))
    with pytest.raises(ReleaseInvalid, match="does not fit its signature; restore both"):
        read_catalogue(folder, TRUSTED)


def test_a_catalogue_signed_by_another_is_refused(folder):
    write_catalogue(CATALOGUE, folder, Ed25519PrivateKey.generate())
    with pytest.raises(ReleaseInvalid, match="key that is not trusted here"):
        read_catalogue(folder, TRUSTED)


@pytest.mark.parametrize(
    "content", ["", "{", "{}", "[]", '{"public_key": "AAAA", "signature": "AAAA"}', '{"public_key": 1, "signature": 2}']
)
def test_a_signature_that_is_none_is_refused(folder, content):
    (folder / "catalogue.sig").write_text(content)
    with pytest.raises(ReleaseInvalid, match="does not fit its signature"):
        read_catalogue(folder, TRUSTED)


LATER = CATALOGUE.model_copy(update={"last_month": "2025-01"})


def test_a_run_killed_between_the_two_files_leaves_the_catalogue_before(folder):
    old = (folder / "catalogue.json").read_bytes()
    write_catalogue(LATER, folder, KEY)
    (folder / "catalogue.json").write_bytes(old)
    assert read_catalogue(folder, TRUSTED) == CATALOGUE
    write_catalogue(LATER, folder, KEY)
    assert read_catalogue(folder, TRUSTED) == LATER


def test_a_new_catalogue_beside_the_old_signature_is_refused(folder):
    old = (folder / "catalogue.sig").read_bytes()
    write_catalogue(LATER, folder, KEY)
    (folder / "catalogue.sig").write_bytes(old)
    with pytest.raises(ReleaseInvalid, match="does not fit its signature"):
        read_catalogue(folder, TRUSTED)


def test_only_the_catalogue_just_before_is_still_read(folder):
    old = (folder / "catalogue.json").read_bytes()
    for _ in range(2):
        write_catalogue(LATER, folder, KEY)
    (folder / "catalogue.json").write_bytes(old)
    with pytest.raises(ReleaseInvalid, match="does not fit its signature"):
        read_catalogue(folder, TRUSTED)


def test_what_was_changed_is_never_signed_as_the_one_before(folder):
    path = folder / "catalogue.json"
    path.write_text(path.read_text().replace("0123456789abcdef", "fedcba9876543210"))
    touched = path.read_bytes()
    write_catalogue(LATER, folder, KEY)
    path.write_bytes(touched)
    with pytest.raises(ReleaseInvalid, match="does not fit its signature"):
        read_catalogue(folder, TRUSTED)


def test_a_catalogue_without_its_signature_is_refused(folder):
    (folder / "catalogue.sig").unlink()
    with pytest.raises(ReleaseInvalid, match="does not fit its signature"):
        read_catalogue(folder, TRUSTED)


def test_a_catalogue_of_a_later_farr_says_so(folder):
    content = json.dumps({**CATALOGUE.model_dump(mode="json"), "format": 2, "news": 1}).encode()
    (folder / "catalogue.json").write_bytes(content)
    signature = {"public_key": next(iter(TRUSTED)), "signature": encoded(KEY.sign(content))}
    (folder / "catalogue.sig").write_text(json.dumps(signature))
    with pytest.raises(ReleaseInvalid, match="this version of Farr cannot read it; upgrade Farr"):
        read_catalogue(folder, TRUSTED)
