"""Signing in: an account, a password and a second factor; and no way in without."""

import re

from tests.browser.driving import PASSWORD, code, faults, shot


def test_a_newcomer_sets_up_a_second_factor_and_signs_in_with_it(chromium, portal):
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=portal.address).new_page()
    page.goto("/")
    assert "/accounts/login/" in page.url
    shot(page, "sign-in")
    assert faults(page) == []
    page.fill("#id_login", "newcomer@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_selector("#authenticator_secret")
    assert faults(page) == []
    shot(page, "second-factor")
    secret = page.input_value("#authenticator_secret")
    page.goto("/o/commissioner/C09/")
    assert "/2fa/" in page.url, "nothing is shown before the second factor is set up"
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", code(secret))
    page.click("main button[type=submit]")
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/")
    assert page.url.endswith("/o/commissioner/C09/")
    page.click("text=Sign out")
    page.goto("/o/commissioner/C09/")
    page.fill("#id_login", "newcomer@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.fill("#id_code", "000000")
    page.click("main button[type=submit]")
    assert "Incorrect code" in page.inner_text("main")
    page.fill("#id_code", code(secret, 1))
    page.click("main button[type=submit]")
    page.wait_for_url("**/o/commissioner/C09/")
    assert page.inner_text("h1") == "Place 9"
    page.context.close()


def _set_up(page):
    """Sets up an authenticator app; its secret."""
    page.wait_for_selector("#authenticator_secret")
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", code(secret))
    page.click("main button[type=submit]")
    page.wait_for_url("**/recovery-codes/**")
    return secret


def test_a_security_key_is_a_second_factor_too(chromium, portal):
    """WebAuthn is bound to a name and not to an address: localhost."""
    address = portal.address.replace("127.0.0.1", "localhost")
    page = chromium.new_context(base_url=address).new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/login/")
    page.fill("#id_login", "key-holder@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    _set_up(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_name", "A key")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/accounts/2fa/webauthn/")
    assert "A key" in page.inner_text("main") and faults(page) == []
    page.click("text=Sign out")
    page.goto("/o/commissioner/C09/")
    page.fill("#id_login", "key-holder@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/o/commissioner/C09/")
    assert page.inner_text("h1") == "Place 9"
    page.context.close()


def test_an_organisations_own_sign_on_finds_accounts_and_makes_none(chromium, portal, provider):
    page = chromium.new_context(base_url=portal.address).new_page()

    def sign_on(email, *, verified=True):
        provider.who = {"sub": email, "email": email, "email_verified": verified, "name": "Somebody"}
        page.goto("/accounts/login/")
        page.click("text=The trust")
        if page.locator("main form button").count() and "/oidc/" in page.url:
            page.click("main form button")
        page.wait_for_load_state()

    sign_on("stranger@example.org")
    assert "No account is held for this address" in page.inner_text("main")
    sign_on("signed-on@example.org", verified=False)
    assert "No account is held for this address" in page.inner_text("main")
    sign_on("signed-on@example.org")
    _set_up(page)
    page.goto("/")
    assert re.search("/o/commissioner/C09/$", page.url)
    page.context.close()


def test_a_sign_on_that_lies_is_told_of_in_general_words(chromium, portal, provider):
    page = chromium.new_context(base_url=portal.address).new_page()
    provider.who = {"sub": "liar", "email": "signed-on@example.org", "email_verified": True}
    provider.claims = {"aud": "another"}
    page.goto("/accounts/login/")
    page.click("text=The trust")
    page.click("main form button")
    page.wait_for_load_state()
    provider.honest()
    assert page.inner_text("h1") == "You were not signed in" and "udience" not in page.inner_text("main") and faults(page) == []
    page.click("main a")
    assert page.inner_text("h1") == "Sign in"
    page.context.close()
