import hashlib
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from farr.lab.model.agreement import Agreement, AgreementError, AtRest, OptOuts, Signatory, Terms, encoded, read_agreement, write_agreement
from farr.lab.model.period import Period

DAY = date(2025, 5, 1)


def terms(**changes):
    return Terms(
        **{
            "id": "leeds",
            "title": "Leeds benchmarking",
            "legal_basis": "UK GDPR 6(1)(e)",
            "purposes": ("commissioning",),
            "datasets": ("apc_episode",),
            "period_first": "2023-04",
            "period_last": "2025-03",
            "starts": date(2025, 4, 1),
            "ends": date(2026, 3, 31),
            "retention_years": 4,
            "policy": "hes_2018",
            "opt_outs": OptOuts.APPLIED,
            "opt_outs_reason": "planning",
            **changes,
        }
    )


def public(key):
    return encoded(key.public_key().public_bytes_raw())


@pytest.fixture
def keys():
    return {role: Ed25519PrivateKey.generate() for role in Signatory}


@pytest.fixture
def trusted(keys):
    return {role: frozenset({public(key)}) for role, key in keys.items()}


def approved(keys, **changes):
    agreement = Agreement(terms=terms(**changes))
    for role, key in keys.items():
        agreement = agreement.signed_by(role, role.value, key, DAY)
    return agreement


def test_terms_without_a_number_of_checkers_are_signed_as_they_were(keys, trusted):
    raw = terms().signed_bytes()
    assert b"checkers" not in raw and hashlib.sha256(raw).hexdigest() == "c97946197f05ed5ddf5ea5db8c3b2db0e481ebdb7ed3bc3dcc30bee00b3ebd1d"
    assert terms().checkers_needed == terms(checkers=1).checkers_needed == 1 and terms(checkers=2).checkers_needed == 2
    two = approved(keys, checkers=2)
    two.check_approved(trusted)
    with pytest.raises(AgreementError, match="was changed after"):
        two.model_copy(update={"terms": terms()}).check_approved(trusted)
    for count in (0, 3):
        with pytest.raises(ValidationError):
            terms(checkers=count)


def test_two_signatures_approve(keys, trusted):
    approved(keys).check_approved(trusted)
    with pytest.raises(AgreementError, match="risk-owner"):
        Agreement(terms=terms()).signed_by(Signatory.GUARDIAN, "g", keys[Signatory.GUARDIAN], DAY).check_approved(trusted)


def test_terms_changed_after_signing_are_refused(keys, trusted):
    agreement = approved(keys)
    widened = agreement.model_copy(update={"terms": terms(period_first="2010-04")})
    with pytest.raises(AgreementError, match="changed after"):
        widened.check_approved(trusted)


def test_an_unknown_key_is_refused(keys, trusted):
    stranger = Agreement(terms=terms())
    for role in Signatory:
        stranger = stranger.signed_by(role, "x", Ed25519PrivateKey.generate(), DAY)
    with pytest.raises(AgreementError, match="trusts"):
        stranger.check_approved(trusted)


def test_one_person_cannot_approve_twice(keys):
    key = keys[Signatory.GUARDIAN]
    agreement = Agreement(terms=terms())
    for role in Signatory:
        agreement = agreement.signed_by(role, "same", key, DAY)
    with pytest.raises(AgreementError, match="two people"):
        agreement.check_approved({role: frozenset({public(key)}) for role in Signatory})


@pytest.mark.parametrize(
    ("day", "live"), [(date(2025, 3, 31), False), (date(2025, 4, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)]
)
def test_it_runs_from_its_first_day_to_its_last(day, live):
    agreement = Agreement(terms=terms())
    if live:
        assert agreement.check_live(day) is None
    else:
        with pytest.raises(AgreementError, match="nothing runs outside"):
            agreement.check_live(day)


def test_outside_its_terms_the_answer_is_no():
    agreement = Agreement(terms=terms())
    for question in (
        lambda: agreement.check_dataset("ecds"),
        lambda: agreement.check_period(Period.parse("2023-03..2024-02")),
        lambda: agreement.check_purpose("marketing"),
    ):
        with pytest.raises(AgreementError, match="leeds"):
            question()


def test_it_reads_what_it_writes_and_nothing_else(tmp_path, keys):
    path = tmp_path / "leeds.json"
    write_agreement(approved(keys), path)
    assert read_agreement(path) == approved_again(path)
    path.write_text('{"terms": {}}')
    with pytest.raises(AgreementError, match="is not an agreement"):
        read_agreement(path)


def approved_again(path):
    return Agreement.model_validate_json(path.read_text())


@pytest.mark.parametrize("changes", [{"ends": date(2024, 1, 1)}, {"period_last": "2020-01"}, {"id": "Leeds City"}, {"purposes": ()}])
def test_terms_that_make_no_sense_are_refused(changes):
    with pytest.raises((ValidationError, ValueError)):
        terms(**changes)


def test_agreements_from_before_there_was_a_choice_are_signed_as_they_were():
    assert b"at_rest" not in terms().signed_bytes()
    assert "at_rest" not in Agreement(terms=terms()).model_dump_json()
    assert b'"at_rest":"encrypted"' in terms(at_rest=AtRest.ENCRYPTED).signed_bytes()
