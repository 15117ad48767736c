"""Reference pages made from the declarations: measures, feeds and disclosure policies, as Markdown. Nothing is written twice."""

from collections.abc import Iterable
from dataclasses import fields
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy
from farr.lab.ingest.feed import (
    BirthToAge,
    Drop,
    Feed,
    FeedColumn,
    Keep,
    KeepFor,
    PostcodeToDistrict,
    Pseudonymise,
    SmallAreaToGroups,
    TimeToHour,
)
from farr.lab.measures.measure import Measure
from farr.lab.measures.page import measure_page, sign_off
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.example import Example


class PagesError(FarrError):
    """Pages that cannot be made; the message says which declaration or folder."""


def pages(examples: Path | None = None) -> dict[str, str]:
    """Every page by its path within the output folder. `examples`: a folder of worked examples, `<measure>.py` each declaring
    EXAMPLE; a measure without one has a page without one. Raises PagesError for a folder that is not there."""
    if examples is not None and not examples.is_dir():
        raise PagesError(f"there is no folder {examples}; name that of the worked examples, such as tests/spec/measures")
    measures = discover("farr.lab.measures.definitions", Measure)
    feeds = discover("farr.lab.ingest.feeds", Feed)
    made = {"measures.md": _measures_index(measures), "policies.md": policies_page(known_policies())}
    made |= {f"measures/{name}.md": measure_page(measure, _example(examples, name)) for name, measure in measures.items()}
    return made | {f"feeds/{name}.md": feed_page(name, feed) for name, feed in feeds.items()}


def write_pages(folder: Path, examples: Path | None = None) -> list[Path]:
    """Writes every page under `folder`, over any of the same name; returns their paths."""
    written: list[Path] = []
    for name, text in pages(examples).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def one_measure(name: str) -> str:
    """The page of one measure, without its worked example. Raises PagesError for a name that is not one."""
    measures = discover("farr.lab.measures.definitions", Measure)
    if name not in measures:
        raise PagesError(f"there is no measure '{name}'; known: {', '.join(measures)}")
    return measure_page(measures[name])


def feed_page(name: str, feed: Feed) -> str:
    """What a file of this feed may hold, and what becomes of each column at the supplier."""
    heading = f"# {feed.title}\n\n{feed.description}\n\nName: `{name}`. Source: {feed.source}."
    table = _table(("column", "type", "needed", "meaning", "what becomes of it", "also called"), map(_column_row, feed.columns))
    return f"{heading}\n\nA column that is not declared here never passes.\n\n{table}\n"


def policies_page(policies: dict[str, Policy]) -> str:
    """Every policy with every setting, and what no source confirms."""
    parts = ["# Disclosure policies"]
    for name, policy in policies.items():
        texts = ("name", "title", "why", "source", "unverified")
        settings = [(field.name, str(getattr(policy, field.name))) for field in fields(policy) if field.name not in texts]
        said = f"{policy.why}\n\nSource: {policy.source}.\n\nNot verified: {policy.unverified}"
        parts.append(f"## {policy.title} (`{name}`)\n\n{said}\n\n{_table(('setting', 'value'), settings)}")
    return "\n\n".join(parts) + "\n"


def _measures_index(measures: dict[str, Measure]) -> str:
    rows = [(f"[{measure.title}](measures/{name}.md)", measure.unit, sign_off(measure)) for name, measure in measures.items()]
    return f"# Measures\n\n{_table(('measure', 'unit', 'sign-off'), rows)}\n"


def _column_row(column: FeedColumn) -> tuple[str, ...]:
    needed = "yes" if column.needed else "no"
    return column.name, column.type, needed, column.meaning, _fate(column), ", ".join(column.aliases)


def _fate(column: FeedColumn) -> str:
    match column.rule:
        case Keep(because=why):
            told = f"kept: {why}"
        case KeepFor(to=to, because=why):
            told = f"kept, for {to}: {why}"
        case Drop(because=why):
            told = f"dropped: {why}"
        case Pseudonymise(to=to):
            told = f"pseudonym, as {to}"
        case PostcodeToDistrict(to=to):
            told = f"district only, as {to}"
        case SmallAreaToGroups(decile_to=decile, locality_to=locality):
            told = f"deprivation decile, as {decile}; locality, as {locality}"
        case BirthToAge(on=day, to=to):
            told = f"completed years on {day}, as {to}"
        case TimeToHour(to=to):
            told = f"hour only, as {to}"
    return told


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    # A bar within a cell would end it.
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _example(folder: Path | None, name: str) -> Example | None:
    path = None if folder is None else folder / f"{name}.py"
    if path is None or not path.is_file():
        return None
    spec = spec_from_file_location(f"farr_example_{name}", path)
    if spec is None or spec.loader is None:
        raise PagesError(f"{path} cannot be read as a worked example")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: object = getattr(module, "EXAMPLE", None)
    if not isinstance(found, Example):
        raise PagesError(f"{path} declares no EXAMPLE")
    return found
