"""Negotiations: what was proposed, agreed and delivered, about a statement, by whom; nothing is changed once it is recorded."""

from datetime import timedelta
from decimal import Decimal

import pytest

from farr.portal.access.denied import Denied
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.negotiating.models import Entry, Negotiation, Step
from farr.portal.negotiating.recording import check_step
from tests.web.publishing import LEVEL, SCENARIO

STATEMENT = f"/c/{LEVEL}/C09/scenario/{SCENARIO}/"
NEW = f"{STATEMENT}negotiation/"


def step(what, text="Critical care: one day a spell, £1,200 a day", pounds="96000.00", on=None):
    return {"step": what, "on": (on or today()).isoformat(), "pounds": pounds, "text": text}


@pytest.fixture
def negotiator(person, grant, client_of):
    user = person(Role.ANALYST, name="Nell Negotiator")
    grant(user)
    return client_of(user)


def test_a_statement_leads_an_analyst_to_the_record_and_a_viewer_not(negotiator, viewer):
    assert NEW in negotiator.get(STATEMENT).content.decode()
    assert NEW not in viewer.get(STATEMENT).content.decode()
    assert viewer.get(NEW).status_code == 403


def test_what_is_proposed_agreed_and_delivered_is_kept_with_who_and_when_and_what_it_began_from(negotiator, viewer, audited):
    assert negotiator.post(NEW, step("proposed")).status_code == 302
    made = Negotiation.objects.get()
    assert made.finding.startswith("Place 9 would pay £9,000 less")
    assert made.releases
    place = f"/negotiations/{made.pk}/"
    assert audited()[-1] == ("wrote", f"negotiation about scenario {SCENARIO} {LEVEL} C09")
    for what, pounds in (("agreed", "80000"), ("delivered", "15000.50"), ("delivered", "10000"), ("delivered", "-500")):
        assert negotiator.post(f"{place}add/", step(what, f"{what} {pounds}", pounds)).status_code == 302
    assert audited()[-1] == ("wrote", f"negotiation {made.pk} entry 5")
    made = Negotiation.objects.get()
    assert [entry.number for entry in made.every] == [1, 2, 3, 4, 5]
    assert made.agreed.pounds == 80_000
    assert made.delivered == Decimal("24500.50")
    text = viewer.get(place).content.decode()
    assert "£80,000.00" in text
    assert "£24,500.50" in text
    assert "Nell Negotiator" in text
    assert "nobody released them" in text
    assert f"{place}add/" not in text  # a viewer reads
    assert place in viewer.get("/negotiations/").content.decode()


def test_newer_terms_hold_and_the_earlier_ones_stay(negotiator):
    negotiator.post(NEW, step("proposed"))
    made = Negotiation.objects.get()
    for pounds in ("80000", "60000"):
        negotiator.post(f"/negotiations/{made.pk}/add/", step("agreed", pounds=pounds))
    assert Negotiation.objects.get().agreed.pounds == 60_000
    assert Entry.objects.count() == 3


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (step("agreed"), "Nothing was proposed yet"),
        (step("delivered"), "Nothing was agreed yet"),
        (step("proposed", on=today() + timedelta(days=1)), "What has not happened yet is not recorded"),
        (step("proposed", text=""), "This field is required"),
        (step("proposed", text="Patient 943 476 5919 was seen"), "NHS number"),
        (step("nothing"), "Select a valid choice"),
        (step("proposed", pounds="much"), "Enter a number"),
    ],
)
def test_what_cannot_be_recorded_says_why_and_is_not(negotiator, sent, why):
    said = negotiator.post(NEW, sent)
    assert said.status_code == 422
    assert why in said.content.decode()
    assert not Negotiation.objects.exists()


def test_a_step_that_another_overtook_is_refused_at_the_row_itself():
    with pytest.raises(Denied, match="nothing was agreed yet"):
        check_step(Step.DELIVERED, {"proposed"})
    check_step(Step.DELIVERED, {"proposed", "agreed"})
    check_step(Step.PROPOSED, set())


def test_a_negotiation_about_somebody_elses_organisation_is_refused_in_the_words_for_none(negotiator, person, audited):
    other = Negotiation.objects.create(
        level=LEVEL, organisation="C08", kind="scenario", name=SCENARIO, title="t", finding="f", made_at="2025-05-01",
        agreement="anything", author=person(Role.ANALYST),
    )  # fmt: skip
    for number in (other.pk, 999_999):
        assert f"There is no negotiation {number} that you may open" in negotiator.get(f"/negotiations/{number}/").content.decode()
    assert [what for what, _ in audited()] == ["denied", "denied"]
    assert negotiator.get(f"/negotiations/{other.pk}/").status_code == 403
    assert "C08" not in negotiator.get("/negotiations/").content.decode()
    assert negotiator.get(f"/c/{LEVEL}/C08/scenario/{SCENARIO}/negotiation/").status_code == 403


def test_what_is_not_published_cannot_be_negotiated_about(negotiator):
    assert negotiator.get(f"/c/{LEVEL}/C09/scenario/no_such/negotiation/").status_code == 404
