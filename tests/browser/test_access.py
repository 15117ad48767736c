"""Access: asked for a purpose, approved by two, ended by the training; and what each of them sees on the way."""

from tests.browser.driving import faults, shot


def test_access_is_asked_for_approved_twice_and_lapses(window):
    asker, guardian, owner, administrator = (window(name) for name in ("asker", "guardian", "risk-owner", "administrator"))
    asker.goto("/")
    assert "no access to any organisation yet" in asker.inner_text("main")
    asker.click("text=Ask for it")
    asker.fill("#id_level", "commissioner")
    asker.fill("#id_organisation", "C02")
    asker.evaluate("document.querySelector('#id_until').valueAsDate = new Date(Date.now() + 20 * 864e5)")
    asker.fill("#id_why", "To see where we stand")
    shot(asker, "access-ask")
    asker.click("main button")
    asker.wait_for_url("**/access/*/")
    assert "waiting" in asker.inner_text("h1")
    assert asker.query_selector("#decide") is None, "who asks does not decide"
    place = asker.url

    guardian.goto("/access/")
    guardian.click("text=Asker: commissioner C02")
    guardian.check("input[value=approved]")
    guardian.fill("#id_reason", "Fits the agreement")
    assert faults(guardian) == []
    shot(guardian, "access-decide")
    guardian.click("#decide ~ form button")
    assert "waiting" in guardian.inner_text("h1")
    assert guardian.is_disabled("#decide ~ form button") and "decided on this already" in guardian.inner_text("#why-not")
    asker.goto("/o/commissioner/C02/")
    assert "No access" in asker.inner_text("h1")

    owner.goto(place)
    owner.check("input[value=approved]")
    owner.fill("#id_reason", "The risk is small")
    owner.click("#decide ~ form button")
    assert "approved" in owner.inner_text("h1")
    asker.goto("/o/commissioner/C02/")
    assert asker.inner_text("h1") == "Place 2"

    administrator.goto("/people/")
    administrator.click("text=Asker")
    administrator.fill("#id_trained_on", "2020-01-01")
    shot(administrator, "person")
    administrator.click("main form >> nth=0 >> button")
    asker.goto("/o/commissioner/C02/")
    assert "yearly training" in asker.inner_text("main")


def test_disabling_an_account_ends_its_session(window):
    viewer, administrator = window("leaver"), window("administrator")
    viewer.goto("/o/commissioner/C09/")
    assert viewer.inner_text("h1") == "Place 9"
    administrator.goto("/people/")
    administrator.click("text=Leaver")
    administrator.click("text=Disable >> nth=-1")
    viewer.goto("/o/commissioner/C09/")
    assert "/accounts/login/" in viewer.url
    administrator.click("text=Enable >> nth=-1")


def test_who_answers_for_the_data_sees_what_was_done(window):
    window("viewer").goto("/o/commissioner/C09/")
    page = window("asset-owner")
    page.goto("/audit/?q=viewer@example.org")
    assert "overview commissioner C09" in page.inner_text("table") and "The chain is whole" in page.inner_text("main")
    assert faults(page) == []
    shot(page, "audit")
    page.goto("/o/commissioner/C09/")
    assert "No access" in page.inner_text("h1"), "who answers for the data sees no figures by that"


def test_anybody_reads_the_register(chromium, portal):
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=portal.address).new_page()
    page.goto("/register/")
    assert "Benchmarking for leeds" in page.inner_text("main") and "in force" in page.inner_text("main")
    assert faults(page) == []
    shot(page, "register")
    page.context.close()


def test_an_administrator_sees_accounts_and_no_figures(window):
    page = window("administrator")
    for path in ("/people/", "/people/new/"):
        page.goto(path)
        assert faults(page) == []
    page.goto("/people/")
    shot(page, "people")
    page.goto("/o/commissioner/C09/")
    assert "No access" in page.inner_text("h1")
