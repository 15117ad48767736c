"""Who may decide: those for whom a guardian or risk owner of this home vouches."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.home import Home, HomeError
from farr.lab.desk.reviewing.checkers import Checkers
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.model.agreement import Signatory

GUARDIAN, SHAH = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


@pytest.fixture
def home(tmp_path):
    place = Home.open(tmp_path / "home")
    place.trust(Signatory.GUARDIAN, "Dr A. Lee", GUARDIAN)
    Checkers(place).trust("B.  Shah", SHAH, role=Signatory.GUARDIAN, vouching=GUARDIAN)
    return place


def test_a_checker_is_known_by_name_and_key(home):
    assert list(Checkers(home).names().values()) == ["B. Shah"]
    assert Checkers(home).name_of(SHAH, "b. shah") == "B. Shah"
    with pytest.raises(ReviewError, match="is registered for 'B. Shah', not for 'C. Roe'"):
        Checkers(home).name_of(SHAH, "C. Roe")
    with pytest.raises(ReviewError, match="not registered for any checker"):
        Checkers(home).name_of(Ed25519PrivateKey.generate(), "B. Shah")


@pytest.mark.parametrize("edit", [{"name": "A. Asker"}, {"public_key": "AAAA"}, {"signed": {}}], ids=lambda edit: next(iter(edit)))
def test_an_entry_that_nobody_signed_is_none(home, edit):
    path = home.folder / "checkers.json"
    (entry,) = json.loads(path.read_text())
    path.write_text(json.dumps([{**entry, **edit}]))
    assert Checkers(home).names() == {}


def test_nobody_vouches_for_themselves(home):
    mine = Ed25519PrivateKey.generate()
    with pytest.raises(HomeError, match="not registered as guardian"):
        Checkers(home).trust("A. Asker", mine, role=Signatory.GUARDIAN, vouching=mine)


def test_one_person_has_one_key(home):
    other = Ed25519PrivateKey.generate()
    for name, key in (("b. shah", other), ("C. Roe", SHAH)):
        with pytest.raises(ReviewError, match="is registered already"):
            Checkers(home).trust(name, key, role=Signatory.GUARDIAN, vouching=GUARDIAN)
    with pytest.raises(ReviewError, match="on one line"):
        Checkers(home).trust("C.\nRoe\x00", other, role=Signatory.GUARDIAN, vouching=GUARDIAN)


def test_with_the_trust_in_a_guardian_goes_that_in_their_checkers(home):
    (home.folder / "signatories.json").write_text("{}")
    assert Checkers(home).names() == {}
