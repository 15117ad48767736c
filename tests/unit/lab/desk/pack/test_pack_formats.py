"""What a pack looks like as HTML, Excel and PDF: escaped, accessible, labelled, and with released figures only."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import openpyxl
import pytest

HOSTILE = '=cmd|"x"!A1 <script>alert(1)</script> #panic("x") $x$ \\ [y] @z'


class Page(HTMLParser):
    """The tags of a page, its text outside of them, and the attributes that hold words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self._inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" not in self._inside and "svg" not in self._inside:
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def out(works, answer, monkeypatch, tmp_path):
    """Files of an approved pack about an organisation whose name is hostile in every format."""
    from farr.lab.desk.desk import Desk

    class Answering:
        @staticmethod
        def benchmark(*, measure, **_):
            return answer(measure, name=HOSTILE)

    monkeypatch.setattr(Desk, "open", lambda *_, **__: Answering())
    works.approved(f"{HOSTILE}\n\n- {{{{finding:length_of_stay}}}}")
    works.does("render", "winter", "--out", tmp_path / "out")
    return tmp_path / "out"


def test_the_page_runs_nothing_and_asks_nobody(out):
    text = (out / "winter-v1.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "link", "iframe", "object", "foreignobject", "image", "use"} & {tag for tag, _ in page.tags}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name in ("style", "src")]
    assert {attrs.get("href") for attrs in page.all("a")} == {"#main"}
    (policy,) = (attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert HOSTILE in " ".join(page.words)


def test_the_policy_admits_the_pages_own_style(out):
    import base64
    import hashlib

    text = (out / "winter-v1.html").read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    (policy,) = (attrs["content"] for attrs in Page(text).all("meta") if "content" in attrs and "style-src" in attrs["content"])
    assert f"style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}';" in policy


def test_the_page_can_be_read_aloud(out):
    page = Page((out / "winter-v1.html").read_text(encoding="utf-8"))
    assert page.all("html") == [{"lang": "en-GB"}]
    assert [tag for tag, _ in page.tags if tag == "h1"] == ["h1"] and len(page.all("h2")) == 4
    charts = [attrs for attrs in page.all("div") if attrs.get("class") == "chart"]
    assert len(charts) == len(page.all("figure")) == 8 and all(attrs["role"] == "img" and attrs["aria-label"] for attrs in charts)
    assert len(page.all("caption")) == len(page.all("table")) == 2
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}


def test_every_format_says_who_stands_behind_it_and_that_the_data_are_made_up(out):
    page = " ".join(Page((out / "winter-v1.html").read_text(encoding="utf-8")).words)
    book = openpyxl.load_workbook(out / "winter-v1.xlsx")
    for sheet in book:
        assert sheet["A1"].value == "Synthetic data: every person, stay and organisation here is made up."
    summary = " ".join(str(cell.value) for row in book["Summary"] for cell in row)
    for said in (page, summary):
        assert "A. Analyst" in said and "B. Reviewer" in said and "version 1" in said and "made up" in said


def test_the_workbook_has_no_formula_and_a_sheet_for_each_measure(out):
    book = openpyxl.load_workbook(out / "winter-v1.xlsx")
    assert book.sheetnames == ["Summary", "Commentary", "Emergency admissions per 1,000", "Average length of stay", "Provenance"]
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}
    assert HOSTILE in {cell.value for row in book["Commentary"] for cell in row}


def _released(works):
    """Every number in the released tables of the home."""
    import pyarrow.parquet as pq

    tables = [pq.read_table(path).to_pylist() for path in (works.home / "published").glob("*/table.parquet")]
    return {value for rows in tables for row in rows for value in row.values() if isinstance(value, int | float)}


def test_every_number_in_the_measures_sheets_stands_in_a_release(works, out):
    book = openpyxl.load_workbook(out / "winter-v1.xlsx")
    numbers = {cell.value for sheet in book for row in sheet for cell in row if isinstance(cell.value, int | float)}
    assert numbers and numbers <= _released(works)


def test_every_number_in_the_pages_tables_stands_in_a_release(works, out):
    text = (out / "winter-v1.html").read_text(encoding="utf-8")
    cells = re.findall(r"<td>(.*?)</td>", text)
    shown = {number.replace(",", "").replace("−", "-") for cell in cells for number in re.findall(r"−?\d[\d,.]*", cell)}
    held = {form for value in _released(works) for form in (f"{value:.1f}", f"{value:.0f}")}
    assert shown and shown <= held


def _numbers(content, at=""):
    """The numbers in parsed JSON, each with the name it stands under."""
    if isinstance(content, dict):
        return [found for name, value in content.items() for found in _numbers(value, name)]
    if isinstance(content, list):
        return [found for value in content for found in _numbers(value, at)]
    return [(at, content)] if isinstance(content, int | float) and not isinstance(content, bool) else []


def test_no_figure_stands_in_what_is_kept_of_a_pack(works, out):
    for path in (works.folder / "draft" / "basis.json", works.folder / "versions" / "1" / "basis.json"):
        assert {name for name, _ in _numbers(json.loads(path.read_text(encoding="utf-8")))} == {"decimals"}
    manifest = json.loads((works.folder / "versions" / "1" / "pack.json").read_text(encoding="utf-8"))
    assert {name for name, _ in _numbers(manifest)} == {"format", "version"}
    values = {f"{value:.1f}" for value in _released(works)}
    assert not [value for value in values if value in works.draft.read_text(encoding="utf-8")]


def test_the_pdf_is_tagged_and_labelled(out):
    content = (out / "winter-v1.pdf").read_bytes()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content and b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"/MarkInfo" in content and b"/StructTreeRoot" in content


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")
def test_the_pdf_holds_real_text(out):
    said = subprocess.run(["pdftotext", "-layout", out / "winter-v1.pdf", "-"], capture_output=True, text=True, check=True).stdout
    flat = " ".join(said.split())
    for words in ("Winter pressures", "A. Analyst", "B. Reviewer", "<script>alert(1)</script> #panic(", "Page 1 of", "made up"):
        assert words in flat


def test_the_same_version_gives_the_same_pdf(works, out, tmp_path):
    works.does("render", "winter", "--out", tmp_path / "again")
    assert (tmp_path / "again" / "winter-v1.pdf").read_bytes() == (out / "winter-v1.pdf").read_bytes()
    assert (tmp_path / "again" / "winter-v1.html").read_bytes() == (out / "winter-v1.html").read_bytes()


def test_figures_that_are_not_released_are_not_taken(works, answer):
    from dataclasses import replace

    from farr.lab.desk.home import Home, read_key
    from farr.lab.desk.pack.errors import PackError
    from farr.lab.desk.pack.folder import Pack

    found = answer("length_of_stay")
    bare = replace(found, rows=found.rows.table)
    with pytest.raises(PackError, match="only released figures can stand in a pack"):
        Pack(Home.open(works.home), "winter").begin("T", "A. Analyst", read_key(works.key("A. Analyst")), [bare])
    assert not works.folder.exists()
