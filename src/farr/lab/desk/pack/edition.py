"""An edition: a pack with its placeholders filled in, as plain text and released figures: what every format is written from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import Row, is_shown, peers, releases, rows
from farr.lab.desk.pack import placeholders
from farr.lab.desk.pack.commentary import OVERALL, Block, Commentary, Span
from farr.lab.model.period import Period
from farr.lab.model.showing.typed import typed_figures

TYPED_NOTE = "This section holds figures that the author typed. They are not released figures, and Farr has not checked them:"
_MOST_ROWS = 60


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Which version this is and who stands behind it; `approver` is empty until a second person has signed."""

    pack: str
    version: str
    author: str
    submitted_on: str = ""
    approver: str = ""
    approved_on: str = ""
    sha256: str = ""

    @property
    def is_draft(self) -> bool:
        return not self.approver


@dataclass(frozen=True, kw_only=True)
class Section:
    """What the author says overall, or of one measure with its figures. No placeholder stands in `blocks` any more."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    typed: tuple[str, ...]
    has_hidden: bool
    benchmark: Benchmark | None

    @property
    def is_empty(self) -> bool:
        return not self.blocks


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Everything that a rendered pack says."""

    title: str
    standing: Standing
    sections: tuple[Section, ...]
    title_typed: tuple[str, ...]

    @property
    def benchmarks(self) -> tuple[Benchmark, ...]:
        return tuple(section.benchmark for section in self.sections if section.benchmark is not None)

    @property
    def first(self) -> Benchmark:
        return self.benchmarks[0]

    @property
    def period(self) -> str:
        """From the first month of any measure to the last."""
        found = [benchmark.period for benchmark in self.benchmarks]
        return plain.period(Period(min(each.first for each in found), max(each.last for each in found)))

    @property
    def is_synthetic(self) -> bool:
        return any("synthetic" in note.lower() for benchmark in self.benchmarks for note in benchmark.notes)

    @property
    def typed(self) -> dict[str, tuple[str, ...]]:
        """Typed figures by section, and 'title'; those without any are left out."""
        found = {"title": self.title_typed, **{section.name: section.typed for section in self.sections}}
        return {name: figures for name, figures in found.items() if figures}


def edition(commentary: Commentary, benchmarks: Sequence[Benchmark], standing: Standing) -> Edition:
    """Fills in every placeholder. Raises PackError, naming the placeholder, where one does not exist."""
    by_name = {benchmark.measure.name: benchmark for benchmark in benchmarks}
    known = _known(benchmarks)
    overall = _section(OVERALL, commentary, by_name, known)
    return Edition(
        title=commentary.title,
        standing=standing,
        sections=(overall, *(_section(name, commentary, by_name, known) for name in by_name)),
        title_typed=typed_figures(commentary.title, known),
    )


def text_of(block: Block) -> Iterator[str]:
    """The lines of a block without their styles."""
    return ("".join(span.text for span in line) for line in block.lines)


def shown_rows(benchmark: Benchmark) -> tuple[tuple[Row, ...], str]:
    """The organisations of the norm, highest first and the hidden last, and a note: of very many, those nearest to the selected one."""
    ordered = sorted(peers(benchmark), key=lambda row: (not is_shown(row), -(row.value or 0.0), row.name))
    if len(ordered) <= _MOST_ROWS:
        return tuple(ordered), ""
    own = next(place for place, row in enumerate(ordered) if row.is_selected)
    start = max(0, min(own - _MOST_ROWS // 2, len(ordered) - _MOST_ROWS))
    return tuple(ordered[start : start + _MOST_ROWS]), f"The {_MOST_ROWS} nearest of {len(ordered):,}; the workbook holds all."


def cells(row: Row, benchmark: Benchmark) -> tuple[str, ...]:
    """One organisation under `headings`."""
    measure = benchmark.measure
    return (
        row.name if row.name == row.organisation else f"{row.name} ({row.organisation})",
        plain.count(row.numerator),
        plain.count(row.denominator),
        plain.number(row.value, measure),
        plain.interval(row, measure),
        plain.signed(row.difference, measure).removesuffix(" points"),
        plain.verdict(row, measure.direction),
    )


def headings(benchmark: Benchmark) -> tuple[str, ...]:
    bottom = plain.denominator(benchmark.measure)
    return ("Organisation", "Counted", bottom[:1].upper() + bottom[1:], "Value", "95% interval", "Difference from norm", "Verdict")


def provenance(shown: Edition) -> list[tuple[str, str]]:
    """What the pack rests on, as (label, text): people first, then every release."""
    standing = shown.standing
    lines = [("Pack", f"{standing.pack}, {standing.version}"), ("Author", _dated(standing.author, standing.submitted_on))]
    lines.append(("Approved by", _dated(standing.approver, standing.approved_on) if standing.approver else "nobody yet: this is a draft"))
    if standing.sha256:
        lines.append(("Signed content", f"pack.json, SHA-256 {standing.sha256}"))
    for benchmark in shown.benchmarks:
        lines += [
            (benchmark.measure.title, f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in releases(benchmark)
        ]
    return lines


def about(benchmark: Benchmark) -> list[tuple[str, str]]:
    """What a reader must know of a measure, as (label, text)."""
    measure = benchmark.measure
    lines = [
        ("Definition", measure.definition),
        ("Why it is looked at", f"{measure.why} {plain.direction(measure)}"),
        ("Source", measure.source),
        ("Clinical sign-off", measure.signed_off_by or "not yet signed off by a clinician"),
        *[("Code list", f"{codes.title}, version {codes.version}: {codes.source}") for codes in benchmark.codelists],
        *[("Note", note) for note in benchmark.notes],
    ]
    return [*lines, ("Hidden figures", plain.HIDDEN_NOTE)] if any(not is_shown(row) for row in peers(benchmark)) else lines


def spoken_date(iso: str) -> str:
    return f"{date.fromisoformat(iso):%-d %B %Y}" if iso else ""


def _dated(name: str, iso: str) -> str:
    return f"{name}, {spoken_date(iso)}" if iso else name


def _section(name: str, commentary: Commentary, benchmarks: Mapping[str, Benchmark], known: frozenset[str]) -> Section:
    written = commentary.sections.get(name, ())
    texts = [_typed_text(line) for block in written for line in block.lines]
    filled = tuple(replace(block, lines=tuple(_filled(line, benchmarks) for line in block.lines)) for block in written)
    placed = [span.text for block in filled for line in block.lines for span in line if span.is_placeholder]
    benchmark = benchmarks.get(name)
    return Section(
        name=name,
        title=name if benchmark is None else benchmark.measure.title,
        blocks=filled,
        typed=tuple(figure for text in texts for figure in typed_figures(text, known)),
        has_hidden=any(placeholders.is_hidden(text) for text in placed),
        benchmark=benchmark,
    )


def _filled(line: tuple[Span, ...], benchmarks: Mapping[str, Benchmark]) -> tuple[Span, ...]:
    return tuple(replace(span, text=placeholders.resolve(span.text, benchmarks)) if span.is_placeholder else span for span in line)


def _typed_text(line: tuple[Span, ...]) -> str:
    """What the author typed: a letter stands for each placeholder, so that digits beside one are seen as they are read."""
    return "".join("x" if span.is_placeholder else span.text for span in line)


def _known(benchmarks: Sequence[Benchmark]) -> frozenset[str]:
    named = {text for benchmark in benchmarks for row in rows(benchmark) for text in (row.organisation, row.name)}
    titles = {word for benchmark in benchmarks for word in benchmark.measure.title.split() if any(c.isdigit() for c in word)}
    codes = {code for benchmark in benchmarks for codes in benchmark.codelists for code in codes.codes}
    return frozenset(text for text in named | titles | codes if any(character.isdigit() for character in text))
