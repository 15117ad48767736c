"""The API: the same figures as the pages, to the same people, written to the same audit; refusals in words and with the right code."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from farr.lab.model.durable.chain import ChainError
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.api import endpoints
from farr.portal.api.tokens import new_token
from farr.portal.benchmarks import showing
from farr.portal.benchmarks.downloads import as_csv
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.benchmarks.service import ReleaseService
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from tests.web.publishing import LEVEL, MADE_AT, MEASURE, make_page

OWN = f"/organisations/{LEVEL}/C09"
BENCHMARK, TABLE = f"{OWN}/measures/{MEASURE}", f"{OWN}/measures/{MEASURE}/table.csv"


@pytest.fixture
def asks(person, grant):
    """An analyst of C09, asking with a token."""
    user = person(Role.ANALYST)
    grant(user)
    text, _ = new_token(user, "notebook", today() + timedelta(days=5))
    client = Client(headers={"Authorization": f"Bearer {text}"})
    return lambda path, **query: client.get(f"/api/v1{path}", query)


def test_the_edition_says_what_is_published(asks):
    said = asks("/edition").json()
    assert (said["made_at"], said["agreement"], said["is_synthetic"]) == (MADE_AT, "leeds", True)
    assert said["levels"] == {LEVEL: "Commissioner", "practice": "Practice"} and said["ahead"] == ["national"]


def test_only_organisations_granted_are_listed(asks):
    said = asks("/organisations").json()
    assert said["count"] == 1 and [each["code"] for each in said["items"]] == ["C09"]
    assert asks("/organisations", q="place 8").json() == {"items": [], "count": 0}
    assert asks("/organisations", level="practice").json()["count"] == 0


def test_a_long_list_comes_in_parts(person, grant):
    user = person(Role.ANALYST)
    grant(user, "*")
    text, _ = new_token(user, "all", today())
    client = Client(headers={"Authorization": f"Bearer {text}"})
    said = client.get("/api/v1/organisations?limit=3&offset=8").json()
    assert said["count"] == 10 and [each["code"] for each in said["items"]] == ["C08", "C09"]
    assert client.get("/api/v1/organisations?limit=501").status_code == 422
    assert client.get("/api/v1/organisations?offset=-1").status_code == 422


def test_measures_and_norms_are_described(asks):
    measure = asks("/measures").json()["items"][0]
    assert measure["name"] == MEASURE and measure["signed_off_by"] is None
    assert {"national", "similar_ten", "own_list"} <= {each["name"] for each in asks("/norms").json()["items"]}


def test_an_overview_is_what_the_page_shows(asks, audited):
    said = asks(f"{OWN}/overview").json()
    assert said["organisation_name"] == "Place 9" and said["summaries"][0]["measure"] == MEASURE
    assert said["shown"]["purpose"] == "commissioning"
    assert audited() == [("saw", f"overview {LEVEL} C09")]


def test_a_benchmark_is_what_the_page_shows(asks, audited):
    said = asks(BENCHMARK).json()
    page = PUBLISHED.page(LEVEL, "C09", MEASURE, "national")
    assert said["tables"] == json.loads(page.model_dump_json())["sheets"] and said["summary"]["finding"] == page.summary.finding
    assert said["provenance"] == [list(each) for each in page.explained] and said["charts"] == []
    assert audited() == [("saw", f"{MEASURE} {LEVEL} C09")]


def test_a_hidden_figure_is_null_and_said_to_be_hidden(asks):
    sheet = asks(BENCHMARK).json()["tables"][0]
    fields = [column["field"] for column in sheet["columns"]]
    row = dict(zip(fields, next(each for each in sheet["rows"] if each[0] == "C03"), strict=True))
    assert row["status"] == "suppressed" and row["numerator"] is None


def test_charts_come_where_they_are_asked_for(asks):
    charts = {each["name"]: each for each in asks(BENCHMARK, charts="true").json()["charts"]}
    assert "funnel" in charts and "$schema" in charts["funnel"]["spec"]


def test_a_table_is_the_file_of_the_page(asks, audited):
    said = asks(TABLE)
    assert said.headers["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in said.headers["Content-Disposition"]
    assert said.content == as_csv(PUBLISHED.page(LEVEL, "C09", MEASURE, "national"))
    assert audited() == [("downloaded", f"{MEASURE} {LEVEL} C09")]


def test_the_audit_names_the_token(asks):
    asks(BENCHMARK)
    *_, last = trail().events()
    assert last.content["detail"]["by token"] == "notebook" and last.content["purpose"] == "commissioning"


def test_what_was_not_published_ahead_is_asked_of_the_service(asks, audited, monkeypatch):
    questions = []

    class Service(ReleaseService):
        def __init__(self):
            super().__init__(FARR)

        is_there = True

        def answer(self, question, user):
            questions.append(question)
            return make_page("C09")

    monkeypatch.setattr(showing, "SERVICE", Service())
    said = asks(BENCHMARK, norm="own_list", peers="C01, C02", period="2024-01..2024-12", by="sex", count="5")
    assert said.status_code == 200
    [question] = questions
    request = question.request
    assert (request.norm, request.peers, request.period, request.by, request.count) == ("own_list", ("C01", "C02"),
                                                                                      "2024-01..2024-12", "sex", 5)  # fmt: skip
    assert question.purpose == "commissioning" and question.agreement == "leeds"
    assert [what for what, _ in audited()] == ["asked the release service", "saw"]


def test_without_a_service_it_says_so(asks):
    said = asks(BENCHMARK, period="2024-01..2024-12")
    assert said.status_code == 422 and "no release service" in said.json()["detail"]


@pytest.mark.parametrize("path", [f"/organisations/{LEVEL}/C08/overview", f"/organisations/{LEVEL}/X99/measures/{MEASURE}",
                                  f"/organisations/{LEVEL}/C08/measures/{MEASURE}/table.csv"])  # fmt: skip
def test_another_organisation_is_refused_and_it_is_written_down(asks, audited, path):
    said = asks(path)
    assert said.status_code == 403 and "you have no access to" in said.json()["detail"]
    assert audited() == [("denied", f"/api/v1{path}")]


def test_what_is_not_there_is_not_found(asks):
    assert asks(f"{OWN}/measures/no_such_measure").status_code in {404, 422}
    for path in ("/no/such", "/", "/organisations/", "/../people/"):
        said = asks(path)
        assert said.status_code == 404 and set(said.json()) == {"detail"}


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"nrom": "national"}, "no such parameter"),
        ({"norm": ["national", "own_list"]}, "more than once"),
        ({"norm": "../national"}, "norm"),
        ({"period": "last year"}, "period"),
        ({"period": "2024-13..2025-01"}, "month"),
        ({"count": "51"}, "count"),
        ({"count": "9" * 5000}, "count"),
        ({"by": "Sex"}, "by"),
        ({"peers": "C01;C02"}, "peers"),
        ({"charts": "perhaps"}, "charts"),
    ],
)
def test_a_wrong_choice_is_refused_in_words(asks, query, word):
    said = asks(BENCHMARK, **query)
    assert said.status_code == 422 and word in said.json()["detail"]


@pytest.mark.parametrize("code", ["..", "%2e%2e%2f", "C09%00", "C09%0d%0aSet-Cookie:x", "a" * 41, "C09'--"])
def test_no_address_leads_out_of_what_is_published(asks, code):
    said = asks(f"/organisations/{LEVEL}/{code}/overview")
    assert said.status_code in {403, 404, 422} and set(said.json()) == {"detail"}


def test_nothing_is_changed_by_the_api(asks):
    for method in ("post", "put", "patch", "delete"):
        said = getattr(Client(), method)("/api/v1/edition")
        assert said.status_code == 405 and said.headers["Allow"] == "GET"


def test_no_copy_is_kept(asks):
    for path in ("/edition", BENCHMARK, TABLE, f"/organisations/{LEVEL}/C08/overview", "/no/such"):
        assert asks(path).headers["Cache-Control"] == "private, no-store"


def test_a_fault_shows_nothing_of_itself(asks, monkeypatch):
    def fails(*_):
        raise RuntimeError("a value of a record")

    monkeypatch.setattr(endpoints, "listed", fails)
    said = asks("/organisations")
    assert said.status_code == 500 and "a value" not in said.content.decode() and set(said.json()) == {"detail"}


@pytest.mark.parametrize("path", ["/organisations", f"{OWN}/overview", BENCHMARK, TABLE, f"/organisations/{LEVEL}/C08/overview"])
def test_what_cannot_be_written_to_the_audit_is_not_told(asks, monkeypatch, path):
    def fails(_):
        raise ChainError("/srv/portal/audit/trail.jsonl, line 7 does not follow")

    monkeypatch.setattr(trail(), "record", fails)
    said = asks(path)
    if path != "/organisations":  # shows no figures, as the page of organisations does not
        assert said.status_code == 503 and set(said.json()) == {"detail"} and "/srv" not in said.content.decode()


def test_the_schema_is_for_who_may_use_the_api(asks, person, client_of):
    said = asks("/openapi.json")
    assert said.status_code == 200 and said.json()["info"]["title"] == "Farr"
    assert client_of(person(Role.ANALYST)).get("/api/v1/openapi.json").status_code == 200
    assert client_of(person(Role.ANALYST, factor=False)).get("/api/v1/openapi.json").status_code == 401
    assert client_of(person(Role.VIEWER)).get("/api/v1/openapi.json").status_code == 401
    assert Client().get("/api/v1/openapi.json").status_code == 401
    assert asks("/docs").status_code == 404


def test_the_schema_names_no_host_and_every_refusal(asks):
    schema = asks("/openapi.json").json()
    assert "http://" not in json.dumps(schema) and "https://" not in json.dumps(schema)
    for path, operations in schema["paths"].items():
        assert set(operations) == {"get"} and path.startswith("/api/v1/")
        assert {"200", "401", "403", "404", "422", "429"} <= set(operations["get"]["responses"])
