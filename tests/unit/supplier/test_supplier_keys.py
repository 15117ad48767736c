import hmac
import json
import stat

import duckdb
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from farr.supplier.keys import KeyFileError, MasterKey, _derived, make_master_key, read_master_key
from farr.supplier.pseudonym import Pseudonymiser, pseudonym_of


def test_hkdf_gives_the_published_answer():
    # RFC 5869, appendix A.1 and A.3.
    first = HKDF(algorithm=SHA256(), length=42, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA))).derive(b"\x0b" * 22)
    assert first.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    unsalted = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert _derived(b"\x0b" * 22, b"").hex() == unsalted


def test_hmac_gives_the_published_answer():
    # RFC 4231, test cases 1, 2 and 5 (the last truncated to 128 bits there too).
    assert Pseudonymiser(b"\x0b" * 20).pseudonym("Hi There") == "b0344c61d8db38535ca8afceaf0bf12b"
    assert Pseudonymiser(b"Jefe").pseudonym("what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7"
    assert Pseudonymiser(b"\x0c" * 20).pseudonym("Test With Truncation") == "a3b6167473100ee06e0c796c2955552b"


def in_the_engine(key, identifiers):
    inner, outer = Pseudonymiser(key).blocks
    made = f"SELECT {pseudonym_of('x', '$inner', '$outer')} FROM (SELECT unnest($identifiers::VARCHAR[]) AS x)"
    rows = duckdb.execute(made, {"inner": inner, "outer": outer, "identifiers": identifiers}).fetchall()
    return [pseudonym for (pseudonym,) in rows]


def test_the_engine_gives_the_published_answer():
    # RFC 4231, test cases 1, 2, 5 and 6, the last with a key longer than a block.
    assert in_the_engine(b"\x0b" * 20, ["Hi There"]) == ["b0344c61d8db38535ca8afceaf0bf12b"]
    assert in_the_engine(b"Jefe", ["what do ya want for nothing?"]) == ["5bdcc146bf60754e6a042426089575c7"]
    assert in_the_engine(b"\x0c" * 20, ["Test With Truncation"]) == ["a3b6167473100ee06e0c796c2955552b"]
    assert in_the_engine(b"\xaa" * 131, ["Test Using Larger Than Block-Size Key - Hash Key First"]) == ["60e431591ee0b67f0d8a26aacbf5b77f"]


@pytest.mark.parametrize("length", [1, 20, 32, 63, 64, 65, 131])
def test_the_engine_makes_the_pseudonyms_that_the_standard_library_makes(length):
    key = bytes((7 * place + length) % 256 for place in range(length))
    identifiers = ["", "9434765919", "é\u2028|'\"", "x" * 55, "x" * 56, "x" * 64, "x" * 1_000, None]
    expected = [one if one is None else hmac.digest(key, one.encode(), "sha256").hex()[:32] for one in identifiers]
    assert in_the_engine(key, identifiers) == expected
    assert [one if one is None else Pseudonymiser(key).pseudonym(one) for one in identifiers] == expected


def test_a_key_file_is_its_owners_alone_and_reads_back(tmp_path):
    path = tmp_path / "key.json"
    made = make_master_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_master_key(path).secret == made.secret
    assert json.loads(path.read_text())["version"] == 1


def test_a_key_is_never_overwritten(tmp_path):
    path = tmp_path / "key.json"
    before = make_master_key(path)
    with pytest.raises(KeyFileError, match="never overwritten"):
        make_master_key(path)
    assert read_master_key(path).secret == before.secret


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_key_that_others_can_reach_is_refused(tmp_path, mode):
    path = tmp_path / "key.json"
    make_master_key(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_master_key(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "farr supplier master key", "version": 1, "key": "AAAA"}'])
def test_what_is_no_key_file_is_refused_without_repeating_it(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="not a supplier key file"):
        read_master_key(path)


def test_a_missing_key_file_says_what_to_type(tmp_path):
    with pytest.raises(KeyFileError, match="farr keygen --out"):
        read_master_key(tmp_path / "none.json")


def test_keys_differ_by_agreement_purpose_and_master():
    one, other = MasterKey(b"a" * 32), MasterKey(b"b" * 32)
    keys = {
        one.agreement_key("north", "nhs-number"),
        one.agreement_key("south", "nhs-number"),
        one.agreement_key("north", "source-pseudonym"),
        one.agreement_key('north","nhs-number', "nhs-number"),
        other.agreement_key("north", "nhs-number"),
    }
    assert len(keys) == 5
    assert one.agreement_key("north", "nhs-number") == one.agreement_key("north", "nhs-number")


def test_neither_key_nor_fingerprint_shows_the_secret():
    key = MasterKey(b"secret-secret-secret-secret-secr")
    assert "secret-secret" not in repr(key)
    assert "secret" not in repr(Pseudonymiser(key.secret))
    assert key.fingerprint not in key.secret.hex()
    assert len(key.fingerprint) == 16
