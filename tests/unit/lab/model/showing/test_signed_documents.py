"""Documents for readers: what was changed, signed by another, put in another's place or cut is not shown."""

import base64
import gzip
import json
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.showing.page import Contents, Listed, Sheet
from farr.lab.model.showing.signed import (
    NotSigned,
    ahead_about,
    contents_about,
    overview_about,
    overview_path,
    page_about,
    page_path,
    read_signed,
    write_signed,
)

KEY = Ed25519PrivateKey.generate()
TRUSTED = {base64.b64encode(KEY.public_key().public_bytes_raw()).decode()}


def contents(**changes) -> Contents:
    given = {
        "made_at": "2025-05-01T09:00:00+00:00", "agreement": "leeds", "purposes": ("benchmarking",), "is_synthetic": True,
        "first_month": "2024-01", "last_month": "2025-03", "levels": {"provider": ("Provider", "providers")},
        "organisations": (Listed(code="RA1", name="Trust £1", level="provider"),), "measures": (), "norms": (), "ahead": ("national",),
    }  # fmt: skip
    return Contents(**{**given, **changes})


def read(raw: bytes, about=None, trusted=TRUSTED) -> Contents:
    return read_signed(raw, Contents, about or contents_about(), trusted, "contents.json.gz")


def test_what_was_signed_is_read_back_and_the_same_document_is_the_same_bytes():
    raw = write_signed(contents(), contents_about(), KEY)
    assert read(raw) == contents()
    assert write_signed(contents(), contents_about(), KEY) == raw


def test_a_changed_document_is_not_shown():
    raw = gzip.decompress(write_signed(contents(), contents_about(), KEY))
    with pytest.raises(NotSigned, match="was changed after it was signed"):
        read(gzip.compress(raw.replace(b"RA1", b"RA2")))


@pytest.mark.parametrize("at", range(0, 900, 37))
def test_no_single_changed_byte_of_the_file_is_shown(at):
    raw = bytearray(write_signed(contents(), contents_about(), KEY))
    at %= len(raw)
    raw[at] ^= 1
    with suppress(NotSigned):
        assert read(bytes(raw)) == contents()  # a byte of gzip's own heading


def test_a_document_of_another_key_is_not_shown():
    with pytest.raises(NotSigned, match="a key that is not trusted here"):
        read(write_signed(contents(), contents_about(), Ed25519PrivateKey.generate()))


def test_naming_a_trusted_key_is_not_having_it():
    content = json.loads(gzip.decompress(write_signed(contents(), contents_about(), Ed25519PrivateKey.generate())))
    content["signed"]["public_key"] = next(iter(TRUSTED))
    with pytest.raises(NotSigned, match="was changed"):
        read(gzip.compress(json.dumps(content).encode()))


def test_a_file_in_the_place_of_another_is_not_shown():
    abouts = [
        ahead_about("provider", "RA1", "length_of_stay", "national"),
        ahead_about("provider", "RA2", "length_of_stay", "national"),
        overview_about("provider", "RA1", "national"),
        page_about({"organisation": "RA1"}),
        page_about({"organisation": "RA1"}, "0" * 32),
        contents_about(),
    ]
    for signed in abouts:
        raw = write_signed(contents(), signed, KEY)
        for asked in abouts:
            if asked is signed:
                assert read(raw, asked) == contents()
            else:
                with pytest.raises(NotSigned, match="about something else"):
                    read(raw, asked)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_that_was_cut_is_not_shown(share):
    raw = write_signed(contents(), contents_about(), KEY)
    with pytest.raises(NotSigned, match="cannot be read"):
        read(raw[: int(len(raw) * share)])


@pytest.mark.parametrize("content", [b"x", b"[]", b'{"document": {}, "signed": 1}'])
def test_what_is_no_document_is_said_to_be_none(content):
    with pytest.raises(NotSigned, match="cannot be read"):
        read(gzip.compress(content))


@pytest.mark.parametrize("content", [b"", b"x"])
def test_what_is_not_compressed_is_no_document(content):
    with pytest.raises(NotSigned, match="cannot be read"):
        read(content)


def test_a_newer_form_is_said_to_be_one():
    raw = write_signed(contents().model_copy(update={"made_at": None}), contents_about(), KEY)
    with pytest.raises(NotSigned, match="upgrade Farr"):
        read(raw)


def test_no_figure_that_is_no_number_is_signed():
    with pytest.raises(ValueError):
        write_signed(Sheet(name="s", columns=(), rows=((float("nan"),),)), contents_about(), KEY)


def test_different_codes_have_different_files_within_the_folder():
    codes = ["RA1", "ra1", "R.A1", "R/A1", "../RA1", "R A1", "R_A1", "R_20_A1", "-", "_2d_"]
    assert len({page_path("provider", code, "length_of_stay", "national") for code in codes}) == len(codes)
    assert all(overview_path("provider", code, "national").count("/") == 1 for code in codes)
