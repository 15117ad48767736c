"""Pages that no other journey dwells on: without a serious fault, and in pictures."""

import pytest

from tests.browser.driving import faults, shot

PAGES = (
    ("analyst", "/?list", "organisations"), ("analyst", "/measures/", "measures"), ("analyst", "/review/", "review"),
    ("analyst", "/commentary/", "commentary"), ("analyst", "/views/", "saved-views"), ("analyst", "/tokens/", "tokens"),
    ("analyst", "/access/", "access"), ("analyst", "/accounts/2fa/", "second-factors"), ("analyst", "/accounts/sessions/", "sessions"),
    ("analyst", "/nowhere/", "not-found"), ("analyst", "/o/commissioner/C09/made_up/?norm=quartiles", "refused"),
    ("asset-owner", "/access/", "who-has-access"), ("checker", "/review/", "output-checks"), ("administrator", "/", "without-figures"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "path", "picture"), PAGES)
def test_a_page_has_no_serious_fault(window, name, path, picture):
    page = window(name)
    page.goto(path)
    assert page.locator("h1").count() == 1 and page.title()
    assert faults(page) == []
    shot(page, picture)
