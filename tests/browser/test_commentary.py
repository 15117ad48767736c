"""Commentary: written on released figures, approved by somebody else, read beside them, taken along; and views kept for later."""

from tests.browser.driving import drawn, faults, shot

PAGE = "/o/commissioner/C09/made_up/"


def test_commentary_is_written_approved_by_another_and_read(window, tmp_path):
    author, other, reader = window("analyst"), window("second-analyst"), window("viewer")
    author.goto(f"{PAGE}commentary/")
    author.fill("textarea", "{{finding}}\n\n- Winter beds were closed early.\n- **Ask** the trust about it.")
    assert faults(author) == []
    shot(author, "commentary-write")
    author.click("main form.broad button")
    author.wait_for_url("**/commentary/*/**")
    place = author.url
    reader.goto(PAGE)
    assert "Winter beds" not in reader.inner_text("main"), "nobody has approved it yet"

    other.goto(place)
    assert "DRAFT" in other.inner_text("main").upper()
    other.check("input[name=outcome][value=approved]")
    other.fill("textarea[name=reason]", "Reads well and says no more than the figures do")
    other.click("main form.stack button")
    other.wait_for_load_state()
    reader.goto(PAGE)
    drawn(reader)
    shot(reader, "measure-with-commentary")
    text = reader.inner_text("main")
    assert "Winter beds were closed early." in text and "Higher than all 8 other commissioners" in text
    assert faults(reader) == []


def test_a_view_is_kept_and_found_again(window):
    page = window("viewer")
    page.goto(f"{PAGE}?with=C01")
    page.click("text=Save this view")
    page.fill("#view-name", "Us beside Place one")
    page.click("details.saving button")
    page.goto("/views/")
    assert faults(page) == []
    page.click("text=Us beside Place one")
    page.wait_for_url("**with=C01")
    assert "Place 9 is higher than Place 1" in page.inner_text("main")
