"""Reading: from what stands out to the figure, its files, and no further than what was granted; on any screen, by keyboard, in the dark."""

import openpyxl
import pytest

from tests.browser.driving import drawn, faults, shot

PAGE = "/o/commissioner/C09/made_up/"
STATEMENT = "/c/commissioner/C09/scenario/no_excess_days/"
CONTRACT = "/c/commissioner/C09/contract/contract/"


def test_an_outlier_is_found_read_and_taken_along(window, tmp_path):
    page = window("viewer")
    page.goto("/")
    assert page.inner_text("h1") == "Place 9"
    page.click(".standings >> text=Made-up share")
    drawn(page)
    assert "Higher than all 8 other commissioners" in page.inner_text(".finding")
    with page.expect_download() as download:
        page.click("text=CSV")
    download.value.save_as(tmp_path / "table.csv")
    text = (tmp_path / "table.csv").read_text(encoding="utf-8-sig")
    assert "C03" in text and "suppressed" in text and "Notes and provenance" in text
    with page.expect_download() as download:
        page.click("figure >> nth=0 >> text=SVG")
    download.value.save_as(tmp_path / "chart.svg")
    assert "0123456789abcdef" in (tmp_path / "chart.svg").read_text()


def test_what_a_tariff_change_is_worth_is_read_from_the_overview_on(window, tmp_path):
    page = window("viewer")
    page.goto("/o/commissioner/C09/")
    page.click("main >> text=Contracts and plans")
    assert "Place 9 would pay £9,000 less" in page.inner_text("main")
    shot(page, "contracting")
    page.click("text=Excess bed days are not paid")
    drawn(page)
    assert "Place 9 would pay £9,000 less" in page.inner_text(".finding")
    shot(page, "contracting-scenario")
    with page.expect_download() as download:
        page.click("text=Excel")
    assert download.value.suggested_filename.startswith("scenario-no_excess_days-C09")


def test_a_contract_manager_goes_from_the_overview_to_the_chart_and_the_file(window, tmp_path):
    page = window("viewer")
    page.goto("/o/commissioner/C09/")
    page.click("main >> text=Contracts and plans")
    assert page.inner_text("section.theme >> nth=0 >> h2") == "Contracts"
    page.click("text=Plan against actual 2024-25")
    drawn(page)
    assert "£600 (5.6%) above plan to September 2024" in page.inner_text(".finding")
    assert "The year is forecast to end £1,200 (5.6%) above plan" in page.inner_text("figure >> nth=0")
    assert page.locator("figure >> nth=0 >> svg path").count() > 3
    shot(page, "contracting-contract")
    with page.expect_download() as download:
        page.click("text=Excel")
    assert download.value.suggested_filename == "contract-contract-C09-2024-04-2024-09.xlsx"
    download.value.save_as(tmp_path / "contract.xlsx")
    book = openpyxl.load_workbook(tmp_path / "contract.xlsx")
    assert book["Months"]["A2"].value == "2024-04" and "Release" in [row[0].value for row in book["Notes and provenance"].iter_rows()]


def test_a_statement_is_printed_whole(window):
    page = window("viewer")
    page.goto(CONTRACT)
    drawn(page)
    page.emulate_media(media="print")
    try:
        assert not page.is_visible(".bar") and not page.is_visible("p.downloads >> nth=0")
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every((each) => each.scrollHeight <= each.clientHeight + 1)")
    finally:
        page.emulate_media(media="screen")


def test_two_are_set_side_by_side(window):
    page = window("viewer")
    page.goto(PAGE)
    page.select_option("#with", "C01")
    page.click(".choose button")
    assert "Place 9 is higher than Place 1" in page.inner_text("main")
    assert page.url.endswith("with=C01")


def test_another_organisation_is_refused(window):
    page = window("viewer")
    page.goto("/o/commissioner/C08/made_up/")
    assert "No access" in page.inner_text("h1")
    assert "Place 8" not in page.inner_text("main")
    assert faults(page) == []
    shot(page, "no-access")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [
        "/?list",
        "/o/commissioner/C09/",
        PAGE,
        "/c/commissioner/C09/",
        STATEMENT,
        CONTRACT,
        "/measures/",
        "/register/",
        "/access/",
        "/access/ask/",
    ],
)
def test_pages_have_no_serious_fault_on_any_screen(window, path, width, scheme):
    page = window("viewer")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    try:
        page.goto(path)
        if path in (PAGE, STATEMENT, CONTRACT):
            drawn(page)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the screen"
    finally:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})


def test_charts_are_dark_in_the_dark(window):
    page = window("viewer")
    page.emulate_media(color_scheme="dark")
    try:
        page.goto(PAGE)
        drawn(page)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 27, 33)"
        page.set_viewport_size({"width": 390, "height": 844})
        drawn(page)
        shot(page, "phone-dark")
        page.set_viewport_size({"width": 1280, "height": 900})
        inks = page.evaluate("[...document.querySelectorAll('[data-chart] text')].map((each) => each.getAttribute('fill'))")
        assert "#1c2530" not in inks and "#eef2f6" in inks
    finally:
        page.emulate_media(color_scheme="light")


def test_the_keyboard_is_enough(window):
    page = window("viewer")
    page.goto("/o/commissioner/C09/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Made-up share":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}")
    outline = page.evaluate("(() => { document.querySelector('#norm').focus(); return document.activeElement.id; })()")
    assert outline == "norm"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "period"


def test_nothing_is_asked_of_another_host_and_the_console_is_quiet(window, portal):
    page = window("viewer")
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    for path in ("/o/commissioner/C09/", PAGE, "/c/commissioner/C09/", STATEMENT, CONTRACT, "/measures/", "/register/", "/access/ask/"):
        page.goto(path)
    drawn(page) if page.query_selector("[data-chart]") else None
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {portal.address.split("/")[2]}
    assert said == []
