"""What the supplier's commands show when they are done: counts and names of columns, never a value."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from farr.lab.ingest.feed import BirthToAge, Drop, FeedColumn, PostcodeToDistrict, Pseudonymise, SmallAreaToGroups, TimeToHour
from farr.supplier.jobs import Job
from farr.supplier.manifest import Manifest
from farr.supplier.order import Order
from farr.supplier.risk.report import RiskReport, percent, summary

Written = tuple[Job, Manifest]


def show_written(console: Console, order: Order, written: Sequence[Written]) -> None:
    """One row a file, then what was rejected, emptied and dropped in all of them together."""
    if not written:
        return
    manifests = [manifest for _, manifest in written]
    console.print(_files_table(manifests))
    opt_outs = manifests[0].opt_outs
    console.print(f"Opt-outs {'applied' if opt_outs.applied else 'not applied'}: {opt_outs.reason}")
    _show_counts(console, "Rejected", _rejected(manifests))
    _show_counts(console, "Written with a column empty", _lost(manifests))
    console.print(_columns_table([job for job, _ in written]))
    unknown = sorted({name for manifest in manifests for name in manifest.columns_unknown})
    if unknown:
        console.print(f"Not declared, so never passed on: {', '.join(unknown)}")
    if any(manifest.synthetic for manifest in manifests):
        console.print("These records are made up (farr synth), and the clean files say so.")
    what = "the clean file and its manifest" if len(written) == 1 else f"{len(written)} clean files, each with its manifest"
    console.print(f"Wrote {what}, to {order.out}", soft_wrap=True)


def show_report(console: Console, report: RiskReport) -> None:
    people = Table("measure", "value", title="people alike", title_justify="left")
    people.columns[1].justify = "right"
    for name, value in summary(report.anonymity):
        people.add_row(name, value)
    tried = Table("intruder", "singled out", "95% interval", title="motivated intruder", title_justify="left")
    for finding in report.findings:
        tried.add_row(finding.scenario.name, percent(finding.singled_out), f"{percent(finding.lower)} to {percent(finding.upper)}")
    console.print(people)
    console.print(tried)


def _files_table(manifests: Sequence[Manifest]) -> Table:
    table = Table("File", "Read", "Written", "Opted out", "Rejected", show_footer=len(manifests) > 1)
    rows = [(one.source_name, one.rows_read, one.rows_written, one.opt_outs.rows, sum(one.rows_rejected.values())) for one in manifests]
    table.columns[0].overflow = "fold"
    table.columns[0].footer = f"{len(rows)} files"
    for place in range(1, 5):
        table.columns[place].justify = "right"
        table.columns[place].no_wrap = True
        table.columns[place].footer = f"{sum(int(row[place]) for row in rows):,}"
    for name, *counts in rows:
        table.add_row(name, *(f"{count:,}" for count in counts))
    return table


def _show_counts(console: Console, title: str, counts: Counter[str]) -> None:
    if not counts:
        return
    table = Table("Rows", "Why", title=title, title_justify="left")
    table.columns[0].justify = "right"
    for reason, count in counts.most_common():
        table.add_row(f"{count:,}", reason)
    console.print(table)


def _rejected(manifests: Sequence[Manifest]) -> Counter[str]:
    return sum((Counter(manifest.rows_rejected) for manifest in manifests), Counter[str]())


def _lost(manifests: Sequence[Manifest]) -> Counter[str]:
    lost = Counter[str]()
    for manifest in manifests:
        for column, reasons in manifest.values_lost.items():
            for reason, count in reasons.items():
                lost[f"{column}: {reason}"] += count
    return lost


def _columns_table(jobs: Sequence[Job]) -> Table:
    table = Table("Column dropped", "Because", title="Columns that did not leave", title_justify="left")
    declared = {name: job.feed[name] for job in jobs for name in job.plan.dropped}
    for name, column in declared.items():
        table.add_row(name, _why(column))
    return table


def _why(column: FeedColumn) -> str:
    match column.rule:
        case Drop(because=because):
            return because
        case Pseudonymise(to=to):
            return f"a pseudonym leaves instead: {to}"
        case PostcodeToDistrict(to=to):
            return f"the district leaves instead: {to}"
        case SmallAreaToGroups(decile_to=decile, locality_to=locality):
            return f"its groups leave instead: {decile}, {locality}"
        case BirthToAge(to=to) | TimeToHour(to=to):
            return f"{'the age' if isinstance(column.rule, BirthToAge) else 'the hour'} leaves instead: {to}"
        case _:
            return "another column leaves instead"
