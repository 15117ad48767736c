"""Saved views: of the portal's own pages alone, one's own, found again on the home page."""

import pytest

from farr.portal.access.roles import Role
from farr.portal.benchmarks.choices import View
from farr.portal.commentary.models import Commentary, SavedView
from tests.web.publishing import LEVEL, MEASURE

OVERVIEW, PAGE = f"/o/{LEVEL}/C09/", f"/o/{LEVEL}/C09/{MEASURE}/"


def test_a_view_is_saved_found_and_removed(viewer, audited):
    said = viewer.post("/views/save/", {"name": "My <b>view</b>", "url": f"{PAGE}?with=C01&nonsense=x"})
    assert said.headers["Location"] == f"{PAGE}?with=C01"
    assert ("saved a view", f"{PAGE}?with=C01") in audited()
    for path in ("/views/", "/?list"):
        text = viewer.get(path).content.decode()
        assert f'href="{PAGE}?with=C01"' in text and "My &lt;b&gt;view" in text and "<b>view" not in text
    number = SavedView.objects.get().pk
    assert viewer.post(f"/views/{number}/delete/").status_code == 302
    assert ("removed a saved view", f"{PAGE}?with=C01") in audited() and not SavedView.objects.exists()


def test_an_overview_is_saved_with_its_norm(viewer):
    assert (
        viewer.post("/views/save/", {"name": "a", "url": f"{OVERVIEW}?norm=similar_ten"}).headers["Location"]
        == f"{OVERVIEW}?norm=similar_ten"
    )
    assert viewer.post("/views/save/", {"name": "b", "url": f"{OVERVIEW}?norm=//evil"}).headers["Location"] == OVERVIEW


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/", "//evil.example/o/commissioner/C09/", "/\\evil.example", "javascript:alert(1)", "/accounts/logout/",
        "/audit/", "/views/", "/nowhere/", f"{PAGE}table.csv", f"http:{PAGE}", f"{PAGE}\n", f"/o/{LEVEL}/C09/no_such/",
        f"{PAGE}?period=soon", f"{PAGE}?by=<script>",
    ],
)  # fmt: skip
def test_nothing_else_is_saved(viewer, url):
    said = viewer.post("/views/save/", {"name": "x", "url": url})
    kept = SavedView.objects.first()
    assert (said.status_code == 422 and kept is None) or (url == f"{PAGE}\n" and kept is not None and kept.url == PAGE)


def test_an_organisation_that_was_not_granted_is_not_saved(viewer):
    assert viewer.post("/views/save/", {"name": "x", "url": f"/o/{LEVEL}/C08/"}).status_code == 403
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_views_are_ones_own(viewer, person, grant, client_of):
    viewer.post("/views/save/", {"name": "x", "url": PAGE})
    again = viewer.post("/views/save/", {"name": "x", "url": OVERVIEW})
    assert again.status_code == 422 and "another name" in again.content.decode()
    other = person(Role.VIEWER)
    grant(other)
    assert client_of(other).post(f"/views/{SavedView.objects.get().pk}/delete/").status_code == 404
    assert "None yet" in client_of(other).get("/views/").content.decode()
    assert client_of(person(Role.CHECKER)).get("/views/").status_code == 403


def test_two_clicks_at_once_save_one_view_and_say_so(viewer, monkeypatch):
    def clicked_twice(request, *_, **__):
        SavedView.objects.create(user=request.user, name="x", level=LEVEL, organisation="C09")

    monkeypatch.setattr("farr.portal.commentary.saved.record", clicked_twice)
    said = viewer.post("/views/save/", {"name": "x", "url": PAGE})
    assert said.status_code == 422 and "another name" in said.content.decode() and SavedView.objects.count() == 1


def test_a_view_has_one_address():
    of = {"level": LEVEL, "organisation": "C 9/1", "measure": MEASURE}
    view = View(**of, norm="similar_ten")
    assert SavedView(**of, query=view.query).url == Commentary(**of, query=view.query).url == view.url
    assert SavedView(level=LEVEL, organisation="C09").url == OVERVIEW


def test_pages_offer_to_be_saved(viewer):
    for path in (OVERVIEW, PAGE):
        text = viewer.get(path).content.decode()
        assert 'action="/views/save/"' in text and f'name="url" value="{path}' in text
