import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from farr.lab.desk.report.html import ReportError, render_report
from farr.lab.desk.report.sparkline import sparkline
from farr.lab.desk.report.views import views


class Page(HTMLParser):
    """Tags with their attributes, and the text of each style and script."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.inline, self._open = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs)) if tag in ("script", "style") else None
        if self._open:
            self.inline.append([*self._open, ""])

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open:
            self.inline[-1][2] += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("report")


def write(benchmarks, folder):
    first = benchmarks[0]
    return render_report(
        benchmarks, organisation=first.organisation, level=first.level, period=first.period, generated_by="the tests", folder=folder
    )


@pytest.fixture
def page(make, folder):
    return write([make(notes=("Synthetic data: made up.", "<b>bold</b>"), name="Place <script>alert(1)</script>")], folder).read_text()


def test_the_page_asks_nothing_of_another_host(page):
    parsed = Page(page)
    for tag, attributes in parsed.tags:
        assert not attributes.get("src", "").startswith(("http", "//")), tag
        assert tag not in ("link", "iframe", "object", "embed")
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_the_security_policy_admits_these_scripts_by_hash_and_no_others(page):
    parsed = Page(page)
    policy = next(a["content"] for t, a in parsed.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    for tag, attributes, text in parsed.inline:
        if attributes.get("type") != "application/json":
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, tag


def test_what_comes_from_data_is_escaped(page):
    assert "<script>alert(1)" not in page
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold" in page


def test_hidden_figures_are_stars_with_a_footnote(page):
    row = re.search(r"<tr[^>]*><th scope=\"row\">Place 3.*?</tr>", page).group()
    assert row.count(">*</td>") == 6
    assert "* not shown: small numbers" in page


def test_the_page_says_what_a_board_must_know(page):
    for text in (
        "Synthetic data.",
        "Which codes are in this",
        "How complete is this month",
        "K40",
        "It may be incomplete",
        "Not yet signed off by a clinician",
        "hes_2018",
        "0123456789abcdef",
        "31 March 2026",
        "outside the 99.8% limits",
    ):
        assert text in page


def test_every_chart_is_linked_as_svg_and_png(page, folder):
    linked = re.findall(r'href="(charts/[^"]+)"', page)
    assert len(linked) == 8
    assert all((folder / each).stat().st_size > 0 for each in linked)


def test_ids_are_unique_and_links_within_the_page_arrive(page):
    parsed = Page(page)
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for t, a in parsed.tags if t == "a" and a["href"].startswith("#")}
    assert targets <= set(ids)


def test_no_banner_without_synthetic_data(make, tmp_path):
    assert 'class="banner"' not in write([make(notes=())], tmp_path).read_text()


def test_a_hidden_organisation_still_has_its_page(make, tmp_path):
    text = write([make(selected=3, with_months=False)], tmp_path).read_text()
    assert "Not shown (small numbers)" in text
    assert "no months published" in text


def test_outliers_come_first(make):
    calm, outlier, hidden = make(selected=5), make(selected=9), make(selected=3)
    assert [view.summary.verdict for view in views([hidden, calm, outlier])] == ["High: worse than expected", "As expected", "Not shown"]


def test_reports_are_refused_with_a_reason(make, tmp_path):
    with pytest.raises(ReportError, match="no measure to report"):
        render_report([], organisation="C09", level="commissioner", period=make().period, generated_by="x", folder=tmp_path)
    with pytest.raises(ReportError, match="is about C09, not C01"):
        render_report([make()], organisation="C01", level="commissioner", period=make().period, generated_by="x", folder=tmp_path)


def test_sparklines_break_where_a_month_is_hidden():
    drawn = sparkline([1.0, 2.0, None, 3.0])
    assert len(drawn.lines) == 2
    assert drawn.last == (116.0, 4.0)
    assert sparkline([None, 1.0]) is None
