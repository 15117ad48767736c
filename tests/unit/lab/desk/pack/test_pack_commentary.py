"""What is read of a commentary, and which numbers in it count as typed."""

import pytest

from farr.lab.desk.pack.commentary import BlockKind, Style, read
from farr.lab.desk.pack.errors import PackError
from farr.lab.model.showing.typed import typed_figures


def text(overall: str, title: str = "Winter") -> str:
    return f"---\ntitle: {title}\n---\n\n## Overall\n\n{overall}\n\n## length_of_stay\n"


def blocks(overall: str):
    return read(text(overall), ["length_of_stay"]).sections["Overall"]


def test_paragraphs_headings_and_lists():
    kinds = [(block.kind, len(block.lines)) for block in blocks("One\nline.\n\n### Head\n- a\n- b\n\n1. first\n2. second\n\nEnd.")]
    assert kinds == [
        (BlockKind.PARAGRAPH, 1), (BlockKind.HEADING, 1), (BlockKind.BULLETS, 2), (BlockKind.NUMBERED, 2), (BlockKind.PARAGRAPH, 1),
    ]  # fmt: skip


def test_a_number_that_begins_a_line_of_text_stays():
    (block,) = blocks("They waited\n42. Nobody asked.")
    assert block.lines[0][0].text == "They waited 42. Nobody asked."


def test_styles_and_placeholders():
    (block,) = blocks("Is **very {{value:length_of_stay}}** and *so*; 2 * 3 * 4.")
    assert [(span.text, span.style, span.is_placeholder) for span in block.lines[0]] == [
        ("Is ", Style.PLAIN, False), ("very ", Style.STRONG, False), ("value:length_of_stay", Style.STRONG, True),
        (" and ", Style.PLAIN, False), ("so", Style.EMPHASIS, False), ("; 2 * 3 * 4.", Style.PLAIN, False),
    ]  # fmt: skip


def test_comments_are_left_out():
    assert blocks("<!-- 12% -->") == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("no front matter", "begin with three lines"),
        (text("x", title=" "), "begin with three lines"),
        (text("x", title="{{value:a}}"), "the title takes no placeholder"),
        (text("<!-- open"), "a comment is not closed"),
        (text("{{value:a"), "a placeholder is not closed"),
        (text("{{a{{b}}}}"), "a placeholder is not closed, or stands within another"),
        (text("x\n\n## Other"), "there is no section '## Other'; those of this pack: Overall, length_of_stay"),
        (text("x\n\n## Overall"), "stands twice"),
        ("---\ntitle: T\n---\n## length_of_stay\n", "'## Overall' is missing"),
        ("---\ntitle: T\n---\nloose\n## Overall\n", "before the first section"),
    ],
)
def test_what_cannot_be_read_is_said(written, said):
    with pytest.raises(PackError, match=said.replace("{", "\\{")):
        read(written, ["length_of_stay"])


@pytest.mark.parametrize(
    "written",
    [
        "in 2024", "2024/25 and 2024-25, 1999–2000", "from 2024-04 to 2025-03-31", "on 30/04/2024", "on 1st April 2024, or 3 May",
        "codes J18.9, HRG4+, COVID-19 and Q74", "its 95% confidence interval and the 99.8% limits", "one of them, two trusts, a third",
    ],
)  # fmt: skip
def test_what_is_set_aside(written):
    assert typed_figures(written) == ()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("rose by 12%", ("12%",)),
        ("£2024 and 2024%", ("£2024", "2024%")),
        ("2,024 of 1.5m", ("2,024", "1.5m")),
        ("5M in 95% of cases", ("5M", "95%")),
        ("½ of them, ١٢ beds, 10²", ("½", "١٢", "10²")),
        ("up 3.4, from 90L", ("3.4", "90L")),
        ("May 12 people, 12 Maypoles", ("12", "12")),
        ("twenty-five per cent, one in five, ten times", ("twenty-five per cent", "one in five", "ten times")),
        ("12%.", ("12%",)),
    ],
)
def test_what_counts_as_typed(written, found):
    assert typed_figures(written) == found


def test_codes_and_names_of_the_pack_are_set_aside_and_bare_numbers_never():
    assert typed_figures("90L, Place 9 and 30-day stays: 12", {"90L", "Place 9", "30-day", "12"}) == ("12",)
