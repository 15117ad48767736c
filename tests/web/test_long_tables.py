"""A page of England's size: it shows the ends and the organisation among its neighbours, draws fewer marks, and says what is left out."""

import csv
import json
import re

import pytest

from farr.portal.access.roles import Role
from farr.portal.benchmarks import service, showing
from farr.portal.benchmarks.drawing import drawing
from farr.portal.benchmarks.parts import WHOLE, extract, one_of, parts
from farr.portal.benchmarks.service import ReleaseService
from farr.portal.installation import Service as ServiceSettings
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from tests.web.large import ENGLAND, make_large
from tests.web.publishing import MEASURE, make_page

CODE = "P03000"
PAGE = f"/o/practice/{CODE}/{MEASURE}/"
ROWS = f"{PAGE}rows/"


@pytest.fixture
def nurse(person, grant, client_of, monkeypatch, tmp_path):
    """A viewer of a practice in England, and their browser."""
    there = FARR.model_copy(update={"service": ServiceSettings(socket=tmp_path / "s.sock", key_file=FARR.folder / "audit.pem")})
    monkeypatch.setattr(service, "ask_page", lambda *_, **__: make_large(CODE))
    monkeypatch.setattr(showing, "SERVICE", ReleaseService(there))
    user = person(Role.VIEWER)
    grant(user, CODE, level="practice")
    return client_of(user)


def names_in(text: str) -> list[str]:
    return re.findall(r'<th scope="row">(Surgery \d+)', text)


def test_the_page_is_a_fraction_of_what_is_published(nurse):
    whole = len(make_large(CODE).model_dump_json())
    said = nurse.get(PAGE)
    assert said.status_code == 200 and whole > 10_000_000 and len(said.content) < 2_000_000


def test_the_ends_and_the_neighbours_are_shown_and_what_lies_between_is_counted(nurse):
    page = make_large(CODE)
    text = nurse.get(PAGE).content.decode()
    table = text.split('id="everybody"')[1].split("</table>")[0]
    lines, place = page.table.lines, [line.is_selected for line in page.table.lines].index(True)
    shown = sum(line.cells[2] != "*" for line in lines)
    expected = [*lines[:10], *lines[place - 10 : place + 11], *lines[shown - 10 : shown]]
    assert names_in(table) == [line.name for line in expected]
    assert '<tr class="own"><th scope="row">Surgery 3000 <span class="unseen">(selected)</span>' in table
    gaps = [int(each.replace(",", "")) for each in re.findall(r"([\d,]+) more", table)]
    assert sum(gaps) + len(expected) == ENGLAND and f"{ENGLAND - shown} of them not shown (small numbers)" in table
    assert "All 6,500 practices, 200 at a time" in text and f"{ROWS}?part={place // 200 + 1}" in text


def test_a_table_of_some_hundreds_is_shown_whole():
    page = make_page("C09")
    assert extract(page.table) is None
    lines = tuple(page.table.lines[0].model_copy(update={"code": str(at)}) for at in range(WHOLE))
    assert extract(page.table.model_copy(update={"lines": lines})) is None
    assert extract(page.table.model_copy(update={"lines": (*lines, lines[0])})) is not None


@pytest.mark.parametrize("order", ["first", "last", "hidden"])
def test_wherever_the_organisation_stands_it_is_shown_once(order):
    lines = make_large(CODE).table.lines
    shown = sum(line.cells[2] != "*" for line in lines)
    own = {"first": 0, "last": shown - 1, "hidden": len(lines) - 1}[order]
    table = make_large(CODE).table.model_copy(
        update={"lines": tuple(line.model_copy(update={"is_selected": at == own}) for at, line in enumerate(lines))}
    )
    found = extract(table)
    assert found is not None
    given = [(block.first + at, line) for block in found.blocks for at, line in enumerate(block.lines)]
    assert len({place for place, _ in given}) == len(given) and [table.lines[place - 1] for place, _ in given] == [
        line for _, line in given
    ]
    assert [place for place, line in given if line.is_selected] == [own + 1] and found.own_part == own // 200 + 1
    assert sum(block.before for block in found.blocks) + found.after + len(given) == ENGLAND


def test_every_line_is_in_one_part(nurse, audited):
    found = []
    places = parts(make_large(CODE).table)
    assert len(places) == 33 and places[0] == (1, 200) and places[-1] == (6401, 6500)
    for number in (1, 2, 33):
        said = nurse.get(f"{ROWS}?part={number}")
        text = said.content.decode()
        assert said.status_code == 200 and len(said.content) < 150_000
        found.append(names_in(text))
        assert ('rel="prev"' in text, 'rel="next"' in text) == (number > 1, number < 33)
    every = [line.name for line in make_large(CODE).table.lines]
    assert found == [every[:200], every[200:400], every[6400:]]
    *_, last = trail().events()
    assert last.content["what"] == "saw" and last.content["detail"] == {"view": "", "rows": "6401 to 6500"}
    assert len(audited()) == 4  # asked once, seen three times


@pytest.mark.parametrize("wanted", ["", "0", "34", "-1", "x", "9" * 5000, "²"])
def test_a_part_that_there_is_not_is_the_first(wanted):
    assert one_of(parts(make_large(CODE).table), wanted) == 1


def test_parts_keep_what_was_chosen_and_are_for_who_may_see_the_page(person, grant, client_of, nurse, monkeypatch):
    user = person(Role.ANALYST)
    grant(user, CODE, level="practice")
    text = client_of(user).get(f"{ROWS}?norm=same_deprivation&part=2").content.decode()
    assert "?norm=same_deprivation&amp;part=3" in text and '<input type="hidden" name="norm" value="same_deprivation">' in text
    assert nurse.get(f"{ROWS}?norm=same_deprivation").status_code == 403
    assert nurse.get(ROWS.replace(CODE, "P00010")).status_code == 403


def test_files_hold_every_practice(nurse):
    text = nurse.get(f"{PAGE}table.csv").content.decode("utf-8-sig")
    codes = [row[0] for row in csv.reader(text.splitlines()) if row and re.fullmatch(r"P\d{5}", row[0])]
    assert len(codes) == len(set(codes)) == ENGLAND


def test_charts_draw_ones_own_the_ends_and_whoever_is_beyond_chance_and_say_how_many(nurse):
    text = nurse.get(PAGE).content.decode()
    specs = json.loads(re.search(r'<script id="specs" type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    charts = {each.name: each for each in make_large(CODE).charts}
    for name, series in (("funnel", "points"), ("ranked", "bars"), ("position", "dots")):
        data, drawn = charts[name].full["datasets"][series], specs[name]["datasets"][series]
        beyond = [each["name"] for each in data if each["verdict"] in ("high", "low")]
        assert len(data) > 6_000 and len(drawn) < 1_500 and len(beyond) > 20
        assert [each["name"] for each in drawn if each["selected"]] == ["Surgery 3000"]
        assert set(beyond) <= {each["name"] for each in drawn}
        assert drawn[0] == data[0] and drawn[-1] == data[-1], "in order, with both ends"
        assert all(each in data for each in drawn[::50])
        assert (
            f"Drawn here: {len(drawn):,} of {len(data):,} practices" in text
            and f"all {len(beyond):,} beyond what chance can explain" in text
        )
    limits, fewer = charts["funnel"].full["datasets"]["limits"], specs["funnel"]["datasets"]["limits"]
    sizes = {each["denominator"] for each in fewer}
    assert len(fewer) <= 4 * 200 and min(sizes) == min(each["denominator"] for each in limits)
    assert max(sizes) == max(each["denominator"] for each in limits) and all(each in limits for each in fewer[::40])
    assert "Files draw all of them" in text


def test_a_chart_of_some_hundreds_is_drawn_as_it_is():
    for chart in make_page("C09").charts:
        assert drawing(chart, "commissioners").spec == chart.spec and drawing(chart, "commissioners").note == ""


def test_a_hidden_organisation_and_one_with_thousands_beyond_chance_are_drawn_honestly():
    (funnel,) = [each for each in make_large(CODE).charts if each.name == "funnel"]
    data = [{**each, "selected": False, "verdict": "high"} for each in funnel.full["datasets"]["points"]]
    full = {**funnel.full, "datasets": {**funnel.full["datasets"], "points": data}}
    found = drawing(funnel.model_copy(update={"full": full}), "practices")
    assert "yours" not in found.note and "beyond" not in found.note and len(found.spec["datasets"]["points"]) < 1_000
