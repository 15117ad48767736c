"""What is not published is asked by who may ask, from a page of the portal, in turn; and an answer is shown as what it is."""

import pytest

from farr.lab.model.showing.signed import ahead_about, page_path, write_signed
from farr.portal.access.roles import Role
from farr.portal.benchmarks import service, showing
from farr.portal.benchmarks.service import ReleaseService
from farr.portal.installation import Service as ServiceSettings
from farr.portal.settings import FARR
from tests.web.installing import lab_key
from tests.web.publishing import LEVEL, MEASURE, make_page

PAGE = f"/o/{LEVEL}/C09/{MEASURE}/"


@pytest.fixture
def there(tmp_path):
    return FARR.model_copy(update={"service": ServiceSettings(socket=tmp_path / "s.sock", key_file=FARR.folder / "audit.pem")})


@pytest.fixture
def asked(monkeypatch, there):
    """What the service was asked; it answers with the page of C09."""
    questions = []

    def give(connection, request, key, **more):
        questions.append(request)
        return make_page("C09")

    monkeypatch.setattr(service, "ask_page", give)
    monkeypatch.setattr(showing, "SERVICE", ReleaseService(there))
    return questions


@pytest.fixture
def analyst(person, grant, client_of):
    user = person(Role.ANALYST)
    grant(user)
    return client_of(user)


def test_a_link_on_another_page_asks_nothing(analyst, asked):
    refused = analyst.get(f"{PAGE}?norm=quartiles", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 422 and "press Show" in refused.content.decode() and asked == []
    assert analyst.get(PAGE, headers={"sec-fetch-site": "cross-site"}).status_code == 200, "what is published may be linked to"
    for site in ("same-origin", "none"):
        assert analyst.get(f"{PAGE}?norm=quartiles", headers={"sec-fetch-site": site}).status_code == 200
    assert [request.norm for request in asked] == ["quartiles"]


def test_why_is_posted_and_stands_in_no_address(analyst, asked, audited):
    assert analyst.post(f"{PAGE}?codes.diagnosis=K80", {"why": "Table two"}).status_code == 200
    assert asked[0].why == "Table two" and asked[0].choices == {"diagnosis": "K80"}
    analyst.get(f"{PAGE}?codes.diagnosis=K81&why=of+somebody+else")
    assert asked[1].why is None
    assert not any("Table two" in about for _, about in audited())


def test_an_answer_of_another_agreement_is_not_shown(analyst, asked, monkeypatch):
    other = make_page("C09").model_copy(update={"agreement": "another"})
    monkeypatch.setattr(service, "ask_page", lambda *_, **__: other)
    said = analyst.get(f"{PAGE}?norm=quartiles")
    assert said.status_code == 422 and "another agreement" in said.content.decode() and "Place 9" not in said.content.decode()


def test_what_is_published_over_it_under_another_agreement_is_not_shown(viewer, folder):
    path = folder / "published" / "pages" / page_path(LEVEL, "C09", MEASURE, "national")
    whole = path.read_bytes()
    other = make_page("C09").model_copy(update={"agreement": "another"})
    try:
        path.write_bytes(write_signed(other, ahead_about(LEVEL, "C09", MEASURE, "national"), lab_key()))
        said = viewer.get(PAGE)
        assert said.status_code == 404 and "published anew" in said.content.decode()
    finally:
        path.write_bytes(whole)


def test_where_nothing_was_tested_that_is_said(person, grant, client_of, folder, monkeypatch):
    user = person(Role.VIEWER)
    grant(user, "C03")
    text = client_of(user).get(f"/o/{LEVEL}/C03/").content.decode()
    assert "No measure could be tested against chance" in text and "None of" not in text
