"""A request is read only where it is whole, in date, and signed by the key that it names."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.asking.envelope import LONGEST, EnvelopeError, read_envelope


def changed(raw: bytes, **changes) -> bytes:
    return json.dumps({**json.loads(raw), **changes}).encode()


def changed_inside(raw: bytes, **changes) -> bytes:
    return changed(raw, asked={**json.loads(raw)["asked"], **changes})


def test_a_signed_request_is_read_as_it_was_asked(rig):
    asked = read_envelope(rig.sign(user="B. Shah")).asked
    assert (asked.user, asked.agreement, asked.purpose) == ("B. Shah", "leeds", "benchmarking")
    assert (asked.request.organisation, asked.request.measure, asked.request.norm) == ("C09", "made_up", "national")


@pytest.mark.parametrize("lasts", [timedelta(seconds=-1), LONGEST + timedelta(minutes=1)], ids=["expired", "good for too long"])
def test_a_request_out_of_date_is_not_read(rig, lasts):
    with pytest.raises(EnvelopeError, match="expired, or is good for more than an hour"):
        read_envelope(rig.sign(expires=datetime.now(UTC) + lasts))


def test_time_passes(rig):
    raw = rig.sign()
    with pytest.raises(EnvelopeError, match="expired"):
        read_envelope(raw, now=datetime.now(UTC) + timedelta(minutes=6))


@pytest.mark.parametrize("change", [{"user": "Somebody else"}, {"purpose": "other"}, {"agreement": "york"}, {"nonce": "1" * 32}])
def test_what_was_changed_after_it_was_signed_is_not_read(rig, change):
    with pytest.raises(EnvelopeError, match="changed after it was signed"):
        read_envelope(changed_inside(rig.sign(), **change))


def test_another_organisation_under_the_same_signature_is_not_read(rig):
    with pytest.raises(EnvelopeError, match="changed after it was signed"):
        read_envelope(changed_inside(rig.sign(), request={"organisation": "C08", "measure": "made_up"}))


def test_another_key_beside_the_signature_is_not_read(rig):
    other = json.loads(rig.sign(key=Ed25519PrivateKey.generate()))["public_key"]
    with pytest.raises(EnvelopeError, match="changed after it was signed"):
        read_envelope(changed(rig.sign(), public_key=other))


@pytest.mark.parametrize("key", ["", "no base64 ä", "AAAA"])
def test_what_is_no_key_or_signature_is_not_read(rig, key):
    for name in ("public_key", "signature"):
        with pytest.raises(EnvelopeError, match="changed after it was signed"):
            read_envelope(changed(rig.sign(), **{name: key}))


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"asked": {}}'])
def test_what_is_no_request_is_told_so(raw):
    with pytest.raises(EnvelopeError, match="the request cannot be read: "):
        read_envelope(raw)


def test_more_than_is_known_is_refused(rig):
    for raw in (changed(rig.sign(), sql="select 1"), changed_inside(rig.sign(), sql="select 1")):
        with pytest.raises(EnvelopeError, match="sql: Extra inputs"):
            read_envelope(raw)


def test_a_long_name_is_not_repeated_whole(rig):
    with pytest.raises(EnvelopeError) as raised:
        read_envelope(changed(rig.sign(), **{"x" * 10_000: 1}))
    assert len(str(raised.value)) < 600
