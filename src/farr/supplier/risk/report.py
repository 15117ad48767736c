"""The risk report of one clean file, as Markdown for people and JSON for programs. Rates and bands only: it repeats no value."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from farr.lab.ingest.feed import BirthToAge, Feed
from farr.lab.ingest.formats.tabular import inspect_file
from farr.supplier.manifest import code_version
from farr.supplier.risk.anonymity import Anonymity, RiskError, anonymity
from farr.supplier.risk.intruder import Finding, intrude
from farr.supplier.source import guarded, source_of, workplace

_PRIMARY_DIAGNOSIS = "Diagnosis_01"
_METHOD = """\
## How this was counted

People are counted by their pseudonym, not by rows. Those alike in every quasi-identifier make a class; its size is k. A person whose
rows fall in several classes is placed in the smallest.

- **Singling out** (ICO anonymisation guidance, 28 March 2025): the share unique (k = 1), and the intruder test.
- **Prosecutor risk** (El Emam and Dankar 2008, J Am Med Inform Assoc 15:627): 1/k, for an intruder who knows that the person is in the
  file. **Journalist risk** is 1/K with K the class in the whole population; K is never below k, so that the prosecutor risk bounds it.
- **Linkability**: one person's rows share a pseudonym within this agreement, and with no other agreement. The two-stay scenario
  measures what that gives away.
- **Inference**: the share in classes of several people who all have one primary diagnosis (l = 1, Machanavajjhala 2007).
- The intruder test draws people by a seed and simulates what each intruder could find. It is a simulation: it does not replace a
  recorded test by a person, and it assumes that the intruder holds the file, which the agreement, not the data, prevents.
"""


@dataclass(frozen=True, kw_only=True)
class RiskReport:
    """All that is known of one clean file's risk. `missed` names scenarios and quasi-identifiers that the file has no column for."""

    file_name: str
    file_sha256: str
    feed: str
    anonymity: Anonymity
    findings: tuple[Finding, ...]
    missed: tuple[str, ...]
    sample: int
    seed: int
    made_on: str
    code_version: str


def risk_report(path: Path, feed: Feed, *, quasi: tuple[str, ...] = (), sample: int = 1000, seed: int = 0) -> RiskReport:
    """Reads a clean file through. Raises RiskError where it is none of this feed, and FeedError or SourceError where it cannot be read."""
    facts = inspect_file(path)
    person = _checked_person(path, feed, facts.columns)
    chosen, absent = _chosen(path, quasi or feed.quasi_identifiers, facts.columns, named=bool(quasi))
    sensitive = _PRIMARY_DIAGNOSIS if _PRIMARY_DIAGNOSIS in facts.columns else None
    source = source_of(path, facts.kind.value, facts.columns, facts.delimiter)

    def work(connection: Any) -> tuple[Anonymity, list[Finding], list[str]]:
        counted = anonymity(connection, source.relation, person, chosen, sensitive=sensitive)
        findings, missed = intrude(
            connection, source.relation, person, facts.columns, sample=sample, seed=seed, sensitive=sensitive, when=_day_of_care(feed)
        )
        return counted, findings, missed

    with workplace(path.parent) as place:
        counted, findings, missed = guarded(path.name, lambda: work(place.connection))
    return RiskReport(
        file_name=path.name,
        file_sha256=facts.sha256,
        feed=feed.name,
        anonymity=counted,
        findings=tuple(findings),
        missed=(*absent, *missed),
        sample=sample,
        seed=seed,
        made_on=datetime.now(UTC).date().isoformat(),
        code_version=code_version(),
    )


def _day_of_care(feed: Feed) -> str:
    """The clean column with the day on which care began: that on which the feed takes ages, else its activity date."""
    began = next((column.rule.on for column in feed.columns if isinstance(column.rule, BirthToAge)), feed.activity_date)
    return began or ""


def _checked_person(path: Path, feed: Feed, columns: tuple[str, ...]) -> str:
    if feed.table.person is None:
        raise RiskError(f"{feed.name} is about no person, so that there is no such risk to report")
    if feed.table.person not in columns:
        raise RiskError(f"{path.name} has no column {feed.table.person}; give a clean file, as farr deidentify writes it")
    identified = [column.name for column in feed.columns if column.direct_identifier and column.name in columns]
    if identified:
        raise RiskError(f"{path.name} still has the column {identified[0]}; give a clean file, as farr deidentify writes it")
    return feed.table.person


def _chosen(path: Path, wanted: tuple[str, ...], columns: tuple[str, ...], *, named: bool) -> tuple[list[str], list[str]]:
    absent = [name for name in wanted if name not in columns]
    if absent and named:
        raise RiskError(f"{path.name} has no column {absent[0]}; name columns of the file with --quasi")
    return [name for name in wanted if name in columns], absent


def write_report(report: RiskReport, path: Path) -> tuple[Path, Path]:
    """Markdown at `path` (suffix .md added where it has none) and JSON beside it, each atomically. A report may be made again."""
    markdown = path if path.suffix == ".md" else path.with_name(path.name + ".md")
    as_json = markdown.with_suffix(".json")
    markdown.parent.mkdir(parents=True, exist_ok=True)
    for target, text in ((markdown, as_markdown(report)), (as_json, json.dumps(asdict(report), indent=2) + "\n")):
        draft = target.with_name(f".{target.name}.part")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    return markdown, as_json


def as_markdown(report: RiskReport) -> str:
    """The report as text."""
    counted = report.anonymity
    lines = [
        f"# Risk report: {report.file_name}",
        "",
        f"Feed {report.feed}; {counted.people:,} people; made on {report.made_on} by Farr {report.code_version}. This report stays with",
        f"the supplier. File SHA-256 `{report.file_sha256}`.",
        "",
        f"Quasi-identifiers: {', '.join(counted.quasi_identifiers)}.",
        "",
        *_anonymity_lines(counted),
        *_finding_lines(report),
    ]
    if report.missed:
        lines += [f"Not tried, for the file lacks a column: {', '.join(report.missed)}.", ""]
    return "\n".join(lines) + "\n" + _METHOD


def _anonymity_lines(counted: Anonymity) -> list[str]:
    lines = ["## People alike", "", "| class size k | share of people |", "|---|---:|"]
    lines += [f"| {_band(low, high)} | {percent(share)} |" for low, high, share in counted.bands]
    lines += ["", "| measure | value |", "|---|---:|"]
    lines += [f"| {name} | {value} |" for name, value in summary(counted)]
    lines += ["", "| quasi-identifier | unique by it alone | unique without it |", "|---|---:|---:|"]
    lines += [f"| {one.column} | {percent(one.unique_alone)} | {percent(one.unique_without)} |" for one in counted.contributions]
    return [*lines, ""]


def summary(counted: Anonymity) -> list[tuple[str, str]]:
    """The chief figures, as name and text."""
    figures = [
        ("smallest class (the file's k)", str(counted.smallest_class) if counted.smallest_class >= 10 else "under 10"),
        ("unique people (k = 1)", percent(counted.unique)),
        ("people in classes under 5", percent(counted.below_5)),
        ("people in classes under 10", percent(counted.below_10)),
        ("prosecutor risk, mean", percent(counted.prosecutor_mean)),
        ("prosecutor risk, greatest (bounds the journalist's)", percent(counted.prosecutor_max)),
    ]
    if counted.homogeneous is not None:
        figures.append((f"people in a class with one {counted.sensitive} (l = 1)", percent(counted.homogeneous)))
    return figures


def _finding_lines(report: RiskReport) -> list[str]:
    lines = [
        "## Motivated intruder",
        "",
        f"Up to {report.sample:,} people drawn with seed {report.seed}; 95% Wilson intervals.",
        "",
        "| scenario | what is known | people tried | singled out | 95% interval | diagnosis inferred |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for finding in report.findings:
        interval = f"{percent(finding.lower)} to {percent(finding.upper)}"
        inferred = "" if finding.inferred is None else percent(finding.inferred)
        tried = str(finding.tried) if finding.tried >= 10 else "under 10"
        scenario = finding.scenario
        lines.append(f"| {scenario.name} | {scenario.who} | {tried} | {percent(finding.singled_out)} | {interval} | {inferred} |")
    return [*lines, ""]


def percent(share: float) -> str:
    """One decimal; a share that is not nothing never reads as nothing, nor one that is not all as all."""
    if 0 < share < 0.001:
        return "<0.1%"
    return ">99.9%" if 0.999 < share < 1 else f"{share:.1%}"


def _band(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"
