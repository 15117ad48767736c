"""Practices have no pages ahead: what was published of them is asked of the release service for who was granted them, and no more is."""

import re
from datetime import timedelta
from time import perf_counter

import pytest
from django.test import Client

from farr.lab.model.asking.client import ServiceRefused
from farr.lab.model.showing.page import Contents, Listed, Page
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.api.tokens import new_token
from farr.portal.benchmarks import service, showing
from farr.portal.benchmarks.choices import View, periods
from farr.portal.benchmarks.finding import find, within
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.benchmarks.service import Kept, ReleaseService
from farr.portal.commentary import digest
from farr.portal.commentary.models import Told
from farr.portal.installation import Service as ServiceSettings
from farr.portal.people.models import User
from farr.portal.settings import FARR
from tests.web.publishing import LEVEL, MEASURE, PRACTICES, REGION, YEAR, make_overview, make_page

CODE = "P00009"
OVERVIEW, PAGE = f"/o/practice/{CODE}/", f"/o/practice/{CODE}/{MEASURE}/"


@pytest.fixture
def asked(monkeypatch, tmp_path) -> list:
    """What the release service was asked: it answers of practices. (request, what else was said) of each."""
    questions = []

    def give_page(connection, request, key, **more):
        questions.append((request, more))
        return make_page(request.organisation, request.level)

    def give_overview(connection, request, key, **more):
        questions.append((request, more))
        return make_overview(request.organisation, request.level)

    there = FARR.model_copy(update={"service": ServiceSettings(socket=tmp_path / "s.sock", key_file=FARR.folder / "audit.pem")})
    monkeypatch.setattr(service, "ask_page", give_page)
    monkeypatch.setattr(service, "ask_overview", give_overview)
    monkeypatch.setattr(showing, "SERVICE", ReleaseService(there))
    return questions


@pytest.fixture
def nurse(person, grant, client_of):
    """A viewer of a practice, and their browser."""
    user = person(Role.VIEWER)
    grant(user, CODE, level="practice")
    return client_of(user)


def test_who_was_granted_one_practice_lands_on_it(nurse, asked, audited):
    assert nurse.get("/").headers["Location"] == OVERVIEW
    said = nurse.get(OVERVIEW)
    text = said.content.decode()
    assert said.status_code == 200 and "Surgery 9" in text and "What stands out" in text and PAGE in text
    ((request, more),) = asked
    assert (request.organisation, request.level, request.norm) == (CODE, "practice", "national")
    assert (more["agreement"], more["purpose"]) == ("leeds", "commissioning") and more["trusted"] == FARR.trusted_keys
    assert audited() == [("asked the release service", f"overview practice {CODE}"), ("saw", f"overview practice {CODE}")]


def test_a_standard_page_is_asked_for_the_year_published_and_nothing_is_released_for_it(nurse, asked, audited):
    said = nurse.get(PAGE)
    assert said.status_code == 200 and "Surgery 9" in said.content.decode()
    ((request, more),) = asked
    assert (request.measure, request.norm, request.period, request.level) == (MEASURE, "national", YEAR, "practice")
    assert more["nothing_new"] is True
    assert audited() == [("asked the release service", f"{MEASURE} practice {CODE}"), ("saw", f"{MEASURE} practice {CODE}")]
    assert nurse.get(f"{PAGE}table.csv").status_code == 200 and nurse.get(PAGE).status_code == 200
    assert len(asked) == 1  # and kept


def test_who_may_ask_is_given_what_is_released_now(person, grant, client_of, asked):
    user = person(Role.ANALYST)
    grant(user, CODE, level="practice")
    browser = client_of(user)
    assert browser.get(PAGE).status_code == 200 and browser.get(f"{PAGE}?period=2023-01..2023-12").status_code == 200
    assert [(request.period, more["nothing_new"]) for request, more in asked] == [(YEAR, False), ("2023-01..2023-12", False)]


@pytest.mark.parametrize("query", ["norm=own_list&peers=P00001", "norm=same_deprivation", "period=2023-01..2023-12", f"period={YEAR}",
                                   "by=sex"])  # fmt: skip
def test_a_viewer_may_ask_no_more_than_was_published(nurse, asked, query):
    said = nurse.get(f"{PAGE}?{query}")
    assert said.status_code == 403 and "do not allow" in said.content.decode()
    assert nurse.get(f"/o/practice/{CODE}/no_such_measure/").status_code == 404
    assert asked == []


def test_another_practice_is_refused_before_anything_is_asked(nurse, asked, audited):
    for path in ("/o/practice/P00010/", f"/o/practice/P00010/{MEASURE}/", "/o/practice/X99/", f"/o/{LEVEL}/C09/"):
        assert nurse.get(path).status_code == 403
    assert asked == [] and {what for what, _ in audited()} == {"denied"}


def test_an_overview_is_against_a_norm_that_can_be_made_of_practices(nurse, asked):
    text = nurse.get(f"{OVERVIEW}?norm=similar_ten").content.decode()
    assert [request.norm for request, _ in asked] == ["national"]
    assert re.findall(r'<option value="(\w+)"', text) == ["national"]
    offered = re.findall(r'<option value="(\w+)" data-takes', nurse.get(PAGE).content.decode())
    assert {"national", "same_deprivation", "peer_list"} <= set(offered) and not {"similar_ten", "best_five_of_ten"} & set(offered)


def test_without_a_service_it_says_so(nurse):
    for path in (OVERVIEW, PAGE):
        said = nurse.get(path)
        assert said.status_code == 422 and "no release service to ask" in said.content.decode()


def test_what_the_service_refuses_is_said_in_its_words_and_asked_again(nurse, asked, monkeypatch):
    def refuses(*_, **__):
        raise ServiceRefused("it is shown once they are published")

    with monkeypatch.context() as now:
        now.setattr(service, "ask_overview", refuses)
        said = nurse.get(OVERVIEW)
        assert said.status_code == 422 and "t is shown once they are published" in said.content.decode()
    assert nurse.get(OVERVIEW).status_code == 200


def test_the_api_gives_a_practice_as_the_pages_do(person, grant, asked):
    user = person(Role.ANALYST)
    grant(user, CODE, level="practice")
    key, _ = new_token(user, "notebook", today() + timedelta(days=30))
    head = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    found = Client().get("/api/v1/organisations?level=practice", **head).json()
    assert found["count"] == 1 and found["items"][0] == {"code": CODE, "name": "Surgery 9", "level": "practice", "parent": "C09"}
    said = Client().get(f"/api/v1/organisations/practice/{CODE}/overview", **head)
    assert said.status_code == 200 and said.json()["organisation_name"] == "Surgery 9"
    said = Client().get(f"/api/v1/organisations/practice/{CODE}/measures/{MEASURE}", **head)
    assert said.status_code == 200 and asked[-1][0].period == YEAR


@pytest.fixture
def everywhere(person, grant, client_of):
    """A viewer of every practice and of a commissioner, and their browser."""
    user = person(Role.VIEWER)
    grant(user, "*", level="practice")
    grant(user)
    return client_of(user)


def test_practices_are_found_by_name_and_code_and_shown_with_the_title_of_their_level(everywhere):
    def rows(sought):
        text = everywhere.get("/", {"list": "", "q": sought}).content.decode()
        return re.findall(r'<tr><td><a href="([^"]+)">([^<]+)</a></td><td>([^<]+)</td><td>([^<]+)</td>', text), text

    found, _ = rows("p00012")
    assert found == [("/o/practice/P00012/", "Surgery 12", "P00012", "Practice")]
    found, text = rows("surgery 12")
    assert found[0][1] == "Surgery 12" and len(found) == 60 and "51 more: narrow the search" in text
    assert rows("place 9")[0] == [(f"/o/{LEVEL}/C09/", "Place 9", "C09", "Commissioner")]
    assert "None of your organisations fits" in rows("nowhere")[1]


def test_the_very_code_comes_first_then_what_begins_with_it():
    names = [("A1", "The B2 surgery"), ("B21", "One"), ("A2", "b2 rooms"), ("B2", "Last")]
    organisations = [Listed(code=code, name=name, level="practice") for code, name in names]
    assert [each.code for each in find(organisations, " b2 ")] == ["B2", "B21", "A2", "A1"]
    assert find(organisations, " ") == organisations and find(organisations, "zz") == []


def test_thousands_are_searched_at_once():
    many = [Listed(code=f"A{at:05d}", name=f"Surgery of the road {at}", level="practice") for at in range(10_000)]
    begun = perf_counter()
    assert len(find(many, "road 77")) == 111
    assert perf_counter() - begun < 1


def test_a_commissioners_overview_leads_to_its_practices_that_were_granted(everywhere, viewer):
    text = everywhere.get(f"/o/{LEVEL}/C09/").content.decode()
    inside = text.split('id="within"')[1].split("</section>")[0]
    links = re.findall(r'href="/o/practice/(\w+)/"', inside)
    assert links == [code for at, code in enumerate(PRACTICES) if at % 10 == 9] and "<h3>Practices</h3>" in inside
    assert "Within it" not in viewer.get(f"/o/{LEVEL}/C09/").content.decode()


def test_a_region_holds_its_commissioners_and_a_code_of_two_levels_is_no_parent():
    contents = PUBLISHED.contents()
    (found,) = within(contents.organisations, contents, "region", REGION)
    assert found.plural == "commissioners" and len(found.organisations) == 10 and found.more == 0
    (found,) = within(contents.organisations, contents, LEVEL, "C09")
    assert (found.plural, len(found.organisations)) == ("practices", 200)
    assert within(contents.organisations, contents, "provider", "C09") == within(contents.organisations, contents, "practice", "C09") == []


def test_of_practices_rolling_years_alone_are_offered():
    contents = PUBLISHED.contents()
    assert periods(contents, "practice")[0] == ("", "The year published")
    assert not [title for _, title in periods(contents, "practice") if title.startswith("Quarter")]
    assert [title for _, title in periods(contents, LEVEL) if title.startswith("Quarter")]


def test_what_the_norm_does_not_take_is_left_where_it_was_typed():
    contents: Contents = PUBLISHED.contents()
    view = View(level=LEVEL, organisation="C09", measure=MEASURE, peers=("C01",), count=5)
    assert view.fitting(contents).query == "" and view.other(norm="own_list").fitting(contents).query == "norm=own_list&peers=C01"
    assert view.other(norm="similar_ten").fitting(contents).query == "norm=similar_ten&count=5"
    assert view.other(norm="no_such").fitting(contents).query == "norm=no_such"


def test_the_chooser_has_the_fields_of_norms_that_take_something(person, grant, client_of, viewer, asked):
    user = person(Role.ANALYST)
    grant(user)
    text = client_of(user).get(f"/o/{LEVEL}/C09/{MEASURE}/?norm=similar_ten&count=7").content.decode()
    assert 'name="peers"' in text and re.search(r'name="count"[^>]*value="7"', text)
    assert '<option value="own_list" data-takes="peers">' in text and asked[0][0].count == 7
    text = viewer.get(f"/o/{LEVEL}/C09/{MEASURE}/").content.decode()
    assert 'name="peers"' not in text and 'name="count"' not in text


def test_answers_are_kept_by_their_size_the_last_asked_for_longest():
    kept, asked = Kept(size=200_000), []

    def of(name):
        def ask():
            asked.append(name)
            return make_page("C09")  # ten lines of 8,000 bytes

        return kept.of((name, "", ""), Page, ask)

    for name in ("a", "b", "a", "c", "a", "b"):
        of(name)
    assert asked == ["a", "b", "c", "b"]


def test_a_page_of_thousands_is_kept_packed_and_given_as_it_was():
    page = make_page("C09")
    lines = tuple(page.table.lines[0].model_copy(update={"code": f"P{at:05d}"}) for at in range(6500))
    large = page.model_copy(update={"table": page.table.model_copy(update={"lines": lines})})
    kept = Kept(size=2_000_000)
    for _ in range(2):
        assert kept.of(("large", "", ""), Page, lambda: large) == large
    held = kept._held["large", "", ""]
    assert held[0] == len(held[1]) < 1_000_000


def test_the_digest_tells_practices_too_and_not_where_the_service_is_silent(nurse, asked, monkeypatch):
    user = User.objects.get(assignments__role=Role.VIEWER.value)
    monkeypatch.setattr(digest, "SERVICE", showing.SERVICE)
    news = digest.news_for(user)
    digest.tell(user, news)
    assert [each.organisation_name for each in news] == ["Surgery 9"] and not news[0].changes
    assert digest.news_for(user) == []
    known = Told.objects.get(user=user).edition
    known.verdicts = {MEASURE: {"title": "Made-up share", "verdict": "within chance"}}
    known.made_at = "2025-01-01T00:00:00+00:00"
    known.save()
    ((change,),) = [each.changes for each in digest.news_for(user)]
    assert change.kind is digest.Kind.NEWLY and change.url.endswith(PAGE)
    monkeypatch.setattr(digest, "SERVICE", ReleaseService(FARR))
    assert digest.news_for(user) == []
