"""A statement of two agreements is shown to who has access under both, on the terms on which it was released, and to nobody else."""

import pytest

from farr.lab.model.showing.signed import statement_about, statement_path, statements_about, statements_path, write_signed
from farr.lab.model.showing.statement import Also
from farr.portal.access.roles import Role
from farr.portal.agreements.models import AccessRequest
from tests.web.installing import PURPOSE, lab_key, sign_agreement
from tests.web.publishing import LEVEL, SCENARIO, make_statement, make_statements

CODE, OTHER = "C08", "client"
LIST = f"/c/{LEVEL}/{CODE}/"
STATEMENT = f"{LIST}scenario/{SCENARIO}/"
FINDING = "Place 8 would pay"
EVERY_ADDRESS = (STATEMENT, f"{STATEMENT}table.csv", f"{STATEMENT}chart/organisations.svg")


@pytest.fixture
def client_terms(folder):
    """The client's agreement, which the portal holds beside its own."""
    yield sign_agreement(folder, OTHER, PURPOSE).terms
    (folder / "agreements" / f"{OTHER}.json").unlink()


@pytest.fixture
def compared(folder, client_terms):
    """A statement of both agreements, and the list that tells of it; afterwards what was there before."""
    made = make_statement(CODE).model_copy(update={"also": (Also(agreement=OTHER, terms_sha256=client_terms.sha256()),)})
    cards = make_statements(made)
    listed = cards.model_copy(update={"cards": tuple(each.model_copy(update={"also": made.also}) for each in cards.cards)})
    files = {
        statement_path(LEVEL, CODE, "scenario", SCENARIO): write_signed(
            made, statement_about(LEVEL, CODE, "scenario", SCENARIO), lab_key()
        ),
        statements_path(LEVEL, CODE): write_signed(listed, statements_about(LEVEL, CODE), lab_key()),
    }
    place = folder / "published" / "statements"
    before = {name: (place / name).read_bytes() for name in files}
    for name, content in files.items():
        (place / name).write_bytes(content)
    yield made
    for name, content in before.items():
        (place / name).write_bytes(content)


@pytest.fixture
def reader(person, grant, client_of):
    """Makes an analyst with access under these agreements, and gives their browser."""

    def made(*agreements: str):
        user = person(Role.ANALYST)
        for each in agreements:
            grant(user, CODE, agreement=each)
        return client_of(user)

    return made


@pytest.mark.usefixtures("compared")
def test_who_has_access_under_both_reads_it(reader):
    browser = reader("leeds", OTHER)
    assert FINDING in browser.get(LIST).content.decode()
    text = browser.get(STATEMENT).content.decode()
    assert FINDING in text and f"under agreement leeds and {OTHER}" in text
    assert all(browser.get(address).status_code == 200 for address in EVERY_ADDRESS)


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("agreements", [("leeds",), (OTHER,), ()])
def test_who_has_access_under_one_is_told_nothing_of_it(reader, agreements):
    browser = reader(*agreements)
    listed = browser.get(LIST)
    assert FINDING not in listed.content.decode()
    for address in EVERY_ADDRESS:
        answer = browser.get(address)
        assert answer.status_code == 403 and FINDING not in answer.content.decode()


@pytest.mark.usefixtures("compared")
def test_another_agreement_of_the_same_id_does_not_count(reader, folder):
    browser = reader("leeds", OTHER)
    sign_agreement(folder, OTHER, PURPOSE, "another")
    assert browser.get(STATEMENT).status_code == 403 and FINDING not in browser.get(LIST).content.decode()


@pytest.mark.usefixtures("compared")
def test_access_for_another_purpose_does_not_count(reader, folder):
    browser = reader("leeds", OTHER)
    AccessRequest.objects.filter(agreement=OTHER).update(purpose="benchmarking")
    assert browser.get(STATEMENT).status_code == 403


@pytest.mark.usefixtures("compared")
def test_an_agreement_that_the_portal_does_not_hold_gives_no_access(reader, folder):
    browser = reader("leeds", OTHER)
    path = folder / "agreements" / f"{OTHER}.json"
    content = path.read_bytes()
    path.unlink()
    try:
        assert browser.get(STATEMENT).status_code == 403 and FINDING not in browser.get(LIST).content.decode()
    finally:
        path.write_bytes(content)


@pytest.mark.usefixtures("compared")
def test_no_negotiation_begins_from_it(reader):
    browser = reader("leeds", OTHER)
    assert "negotiation" not in browser.get(STATEMENT).content.decode().split("<main")[1].split("</main>")[0]
    assert browser.get(f"{STATEMENT}negotiation/").status_code == 403
