"""An account from the administrator's hand to its owner's: a first password that is shown once, and what was lost replaced."""

import re

from tests.browser.driving import code, faults

ADDRESS, OWN, ANOTHER = "given@example.org", "a quite different staple horse", "yet another staple horse"
RECOVERY = r"\b\d-\w{4}-\w{4}-\w{4}\b"


def _signs_in(page, password):
    page.goto("/accounts/login/")
    page.fill("#id_login", ADDRESS)
    page.fill("#id_password", password)
    page.click("main button")


def _sets_up(page):
    """An authenticator app; its recovery codes, as they are shown once."""
    page.wait_for_selector("#authenticator_secret")
    page.fill("#id_code", code(page.input_value("#authenticator_secret")))
    page.click("main button[type=submit]")
    page.wait_for_url("**/recovery-codes/**")
    assert faults(page) == []
    return re.findall(RECOVERY, page.input_value("#recovery_codes"))


def _chooses(page, given, own):
    page.goto("/")
    page.wait_for_url("**/password/change/")
    page.fill("#id_oldpassword", given)
    page.fill("#id_password1", own)
    page.fill("#id_password2", own)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/accounts/login/**")


def _replaced(administrator, lost):
    administrator.goto("/people/")
    administrator.click("text=Given Hand")
    administrator.click("text=Replace it")
    assert faults(administrator) == []
    administrator.check(f"input[value={lost}]")
    administrator.check("input[value=in-person]")
    administrator.click("main form button")


def test_an_account_is_handed_over_and_what_is_lost_is_replaced(chromium, portal, window):
    administrator = window("administrator")
    administrator.goto("/people/new/")
    administrator.fill("#id_email", ADDRESS)
    administrator.fill("#id_name", "Given Hand")
    administrator.click("main form button")
    given = administrator.input_value("#first_password")
    assert len(given) == 24 and faults(administrator) == []
    page = chromium.new_context(base_url=portal.address).new_page()
    _signs_in(page, given)
    codes = _sets_up(page)
    assert len(codes) == 10
    _chooses(page, given, OWN)
    _signs_in(page, OWN)
    page.fill("#id_code", codes[3])
    page.click("main button[type=submit]")
    page.wait_for_selector("text=Sign out")

    _replaced(administrator, "second-factors")
    page.goto("/")
    assert "/accounts/login/" in page.url, "its sessions were ended"
    _signs_in(page, OWN)
    codes = _sets_up(page)

    _replaced(administrator, "first-password")
    given = administrator.input_value("#first_password")
    _signs_in(page, OWN)
    assert "not correct" in page.inner_text("main")
    _signs_in(page, given)
    page.fill("#id_code", codes[0])
    page.click("main button[type=submit]")
    _chooses(page, given, ANOTHER)
    page.context.close()
