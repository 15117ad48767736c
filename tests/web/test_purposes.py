"""Where somebody's access to an organisation is for several purposes, they say for which they look, and the audit bears it."""

from datetime import timedelta

import pytest
from django.test import Client

from farr.portal.access.denied import Denied
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.agreements.grants import check_granted, purposes
from farr.portal.agreements.models import AccessRequest
from farr.portal.api.tokens import new_token
from farr.portal.trail.recording import trail
from tests.web.installing import AGREEMENT, PURPOSE, sign_agreement
from tests.web.publishing import LEVEL, MEASURE

OTHER = "planning of services"
PAGE, API = f"/o/{LEVEL}/C09/", f"/api/v1/organisations/{LEVEL}/C09"


@pytest.fixture
def user(person, grant, folder):
    """An analyst of C09 for two purposes, and of C08 for the first alone."""
    analyst = person(Role.ANALYST)
    sign_agreement(folder, AGREEMENT, PURPOSE, OTHER)
    grant(analyst)
    grant(analyst, "C08")
    AccessRequest.objects.filter(pk=grant(analyst).pk).update(purpose=OTHER)
    yield analyst
    sign_agreement(folder, AGREEMENT, PURPOSE)


def last_purpose() -> str:
    *_, last = trail().events()
    return last.content["purpose"]


def test_the_purpose_chosen_stands_in_every_line(user, client_of):
    browser = client_of(user)
    assert browser.get(PAGE).status_code == 200 and last_purpose() == PURPOSE, "that of the oldest, until one is chosen"
    page = browser.get("/?list").content.decode()
    assert "not chosen" in page and f'<option value="{OTHER}">' in page
    assert browser.post("/purpose/", {"purpose": OTHER}).headers["Location"] == "/?list"
    assert f'<option value="{OTHER}" selected>' in browser.get("/?list").content.decode()
    for path in (PAGE, f"{PAGE}{MEASURE}/", f"{PAGE}{MEASURE}/table.csv"):
        assert browser.get(path).status_code == 200 and last_purpose() == OTHER, path
    assert browser.get(f"/o/{LEVEL}/C08/").status_code == 200 and last_purpose() == PURPOSE, "there is no access for the other"
    assert client_of(user).get(PAGE).status_code == 200 and last_purpose() == PURPOSE, "another session chooses for itself"


def test_who_has_one_purpose_is_not_asked(viewer):
    assert "/purpose/" not in viewer.get("/?list").content.decode()


def test_a_purpose_for_which_there_is_no_access_is_refused(user, client_of, audited):
    browser = client_of(user)
    for said in ({}, {"purpose": ""}, {"purpose": "research"}):
        assert browser.post("/purpose/", said).status_code == 403
    assert audited() == [("denied", "/purpose/")] * 3
    assert browser.get(PAGE).status_code == 200 and last_purpose() == PURPOSE


def test_a_purpose_opens_nothing(user):
    user.chosen_purpose = OTHER
    assert check_granted(user, AGREEMENT, LEVEL, "C09").purpose == OTHER
    with pytest.raises(Denied):
        check_granted(user, AGREEMENT, LEVEL, "C01")
    AccessRequest.objects.filter(user=user, purpose=OTHER).update(until=today() - timedelta(days=1))
    assert check_granted(user, AGREEMENT, LEVEL, "C09").purpose == PURPOSE and purposes(user) == [PURPOSE]


@pytest.mark.parametrize("path", [f"{API}/overview", f"{API}/measures/{MEASURE}", f"{API}/measures/{MEASURE}/table.csv"])
def test_the_api_is_told_the_purpose(user, path):
    text, _ = new_token(user, "notebook", today())
    client = Client(headers={"Authorization": f"Bearer {text}"})
    for said, found in (({}, PURPOSE), ({"purpose": OTHER}, OTHER), ({"purpose": "research"}, PURPOSE)):
        answer = client.get(path, said)
        assert answer.status_code == 200 and last_purpose() == found
        if not path.endswith("csv"):
            assert answer.json()["shown"]["purpose"] == found
    assert client.get(path, {"purpose": "x" * 201}).status_code == 422
    assert client.get(f"{path}?purpose=a&purpose=b").status_code == 422
