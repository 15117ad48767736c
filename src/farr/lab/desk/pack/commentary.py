"""The commentary: a text file with a title, a section 'Overall' and one for each measure, in a small part of Markdown.

Read: paragraphs, '- ' bullets, '1. ' numbers, '### ' headings, **strong**, *emphasis*, <!-- comments, left out --> and placeholders.
Everything else is text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.pack.errors import PackError
from farr.lab.desk.pack.placeholders import KINDS, PATTERN

OVERALL = "Overall"
_INLINE = re.compile(r"\{\{(?P<placeholder>[^{}]*)\}\}|\*\*(?P<strong>[^*]+)\*\*|\*(?P<emphasis>[^*\s][^*]*)\*")
_COMMENT = re.compile(r"<!--.*?-->", re.S)


class BlockKind(Enum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    NUMBERED = "numbered"


class Style(Enum):
    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A run of text in one style; a placeholder's is what stands between its braces."""

    text: str
    style: Style = Style.PLAIN
    is_placeholder: bool = False


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, a heading or a list; one line, or one a list item."""

    kind: BlockKind
    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Commentary:
    """The text as written: `sections` by 'Overall' or a measure's name."""

    title: str
    sections: Mapping[str, tuple[Block, ...]]


def read(text: str, measures: Sequence[str]) -> Commentary:
    """Raises PackError for a text without its title, with an unclosed comment or brace, or with sections other than those of `measures`."""
    title, body = _front(text)
    body = _COMMENT.sub("", body)
    for opened in ("<!--", "-->"):
        if opened in body:
            raise PackError(f"commentary.md: a comment is not closed or not opened ({opened}); write <!-- and --> in pairs")
    before, *sections = re.split(r"^## +(.+?) *$", body, flags=re.M)
    if before.strip():
        raise PackError(f"commentary.md: text stands before the first section; put it under '## {OVERALL}'")
    names, bodies = sections[::2], sections[1::2]
    _check_names(names, measures)
    return Commentary(title=title, sections={name: _blocks(each) for name, each in zip(names, bodies, strict=True)})


def template(pack: str, title: str, author: str, benchmarks: Sequence[Benchmark]) -> str:
    """A draft to write in: no figure stands in it, only placeholders and what they mean."""
    first = benchmarks[0]
    head = [
        "---", f"title: {title}", "---", "",
        f"<!-- Pack '{pack}' by {author}: {first.organisation_name} ({first.organisation}), norm: {first.norm_title}.",
        "Write in plain words; ### headings, - bullets, 1. numbers, **strong** and *emphasis* are understood. Comments are left out.",
        f"Figures come from placeholders. See what each says now with: farr pack check {pack} -->", "",
        f"## {OVERALL}", "", "<!-- What does the reader need to know, and do? -->", "",
    ]  # fmt: skip
    return "\n".join(head + [line for benchmark in benchmarks for line in _section(benchmark)])


def _section(benchmark: Benchmark) -> list[str]:
    name = benchmark.measure.name
    explained = [f"{{{{{kind}:{name}}}}}  {each.meaning}" for kind, each in KINDS.items()]
    about = f"<!-- {plain.titled(benchmark.measure)}, {plain.period(benchmark.period)}"
    return [f"## {name}", "", about, "The finding stands above your text already.", *explained, "-->", ""]


def _front(text: str) -> tuple[str, str]:
    found = re.match(r"---\r?\ntitle:(?P<title>[^\r\n]*)\r?\n---\r?\n(?P<body>.*)", text, re.S)
    if found is None or not found["title"].strip():
        raise PackError("commentary.md: begin with three lines: ---, title: TITLE OF THE PACK, ---")
    title = found["title"].strip()
    if "{{" in title:
        raise PackError("commentary.md: the title takes no placeholder; write it in words")
    return title, found["body"].replace("\r\n", "\n")


def _check_names(names: Sequence[str], measures: Sequence[str]) -> None:
    allowed = (OVERALL, *measures)
    for name in names:
        if name not in allowed:
            raise PackError(f"commentary.md: there is no section '## {name}'; those of this pack: {', '.join(allowed)}")
        if names.count(name) > 1:
            raise PackError(f"commentary.md: the section '## {name}' stands twice; join the two")
    if OVERALL not in names:
        raise PackError(f"commentary.md: the section '## {OVERALL}' is missing; put it back")


def _blocks(text: str) -> tuple[Block, ...]:
    pieces = (piece.strip("\n") for piece in re.split(r"\n\s*\n", text))
    return tuple(block for piece in pieces if piece.strip() for block in _split(piece.splitlines()))


def _split(lines: list[str]) -> list[Block]:
    """The blocks of lines without an empty one between: a list may follow a paragraph at once."""
    blocks: list[tuple[BlockKind, list[str]]] = []
    for line in (each.strip() for each in lines):
        listed = len(blocks[-1][1]) if blocks and blocks[-1][0] is BlockKind.NUMBERED else 0
        kind, content = _kind(line, listed + 1)
        if kind is BlockKind.PARAGRAPH and blocks and blocks[-1][0] is not BlockKind.HEADING:
            blocks[-1][1][-1] += f" {content}"
        elif kind in (BlockKind.BULLETS, BlockKind.NUMBERED) and blocks and blocks[-1][0] is kind:
            blocks[-1][1].append(content)
        else:
            blocks.append((kind, [content]))
    return [Block(kind=kind, lines=tuple(_spans(content) for content in contents)) for kind, contents in blocks]


def _kind(line: str, number: int) -> tuple[BlockKind, str]:
    """`number` is the one that the next item of a list bears: a line that begins with another number is text, and keeps it."""
    if line.startswith("### "):
        return BlockKind.HEADING, line.removeprefix("### ")
    if line.startswith(("- ", "* ")):
        return BlockKind.BULLETS, line[2:]
    mark = f"{number}. "
    return (BlockKind.NUMBERED, line.removeprefix(mark)) if line.startswith(mark) else (BlockKind.PARAGRAPH, line)


def _spans(line: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    at = 0
    for found in _INLINE.finditer(line):
        spans += [Span(text=line[at : found.start()])]
        spans += _inside(found)
        at = found.end()
    spans += [Span(text=line[at:])]
    if any(brace in span.text for span in spans if not span.is_placeholder for brace in ("{{", "}}")):
        raise PackError("commentary.md: a placeholder is not closed, or stands within another; write {{KIND:MEASURE}}")
    return tuple(span for span in spans if span.text)


def _inside(found: re.Match[str]) -> list[Span]:
    if found["placeholder"] is not None:
        return [Span(text=found["placeholder"] or " ", is_placeholder=True)]
    style = Style.STRONG if found["strong"] is not None else Style.EMPHASIS
    content = found["strong"] or found["emphasis"]
    pieces = PATTERN.split(content)
    # split() gives text and placeholders in turn.
    return [Span(text=piece, style=style, is_placeholder=place % 2 == 1) for place, piece in enumerate(pieces) if piece]
