"""farr protect: a table of one's own, protected by itself. It needs no home and no agreement."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from rich.console import Console

from farr.lab.desk.commands.progress import progress
from farr.lab.desk.protecting.declared import Sums, figures_of, structure_of
from farr.lab.desk.protecting.errors import ProtectError
from farr.lab.desk.protecting.margins import with_margins
from farr.lab.desk.protecting.reading import read_hierarchy, read_secret, read_table
from farr.lab.desk.protecting.screen import attacked, not_checked, summary
from farr.lab.desk.protecting.writing import ALONE, check_new, notes_beside, notes_of, write, write_rows
from farr.lab.disclosure.api import Protected, audit
from farr.lab.disclosure.api import protect as protect_table
from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy, PolicyError
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.tables.cells import CellsError
from farr.lab.disclosure.tables.structure import FigureColumn, Structure

console = Console()

_SECONDS = 120.0  # for what must be done, besides what the search for the best may take


Columns = list[str] | None
FileArgument = Annotated[Path, typer.Argument(help="The table, .csv or .parquet: a row for each combination of codes.", show_default=False)]
ByOption = Annotated[list[str], typer.Option(help="Column of codes; as often as needed.", show_default=False)]
CountOption = Annotated[Columns, typer.Option(help="Column that counts people; as often as needed.", show_default=False)]
SumOption = Annotated[Columns, typer.Option("--sum", help="Column of sums, as of money; as often as needed.", show_default=False)]
PeopleOption = Annotated[
    Columns, typer.Option(help="For each --sum, in order: how many people contribute. One may do for all.", show_default=False)
]
LargestOption = Annotated[Columns, typer.Option(help="For each --sum, in order: its largest contribution.", show_default=False)]
SecondOption = Annotated[Columns, typer.Option(help="The same, its second largest.", show_default=False)]
WithinOption = Annotated[
    Columns, typer.Option(metavar="NUMERATOR=DENOMINATOR", help="A count that lies within another.", show_default=False)
]
TotalOption = Annotated[str, typer.Option(help="The code that stands for all of a column.")]
HierarchyOption = Annotated[
    Columns,
    typer.Option(
        metavar="COLUMN=FILE.csv", help="What its codes add up to, columns code and parent; as often as needed.", show_default=False
    ),
]
MarginsOption = Annotated[bool, typer.Option("--margins", help="Work out totals that are missing, and print them.")]
PolicyOption = Annotated[str, typer.Option(help="What may be shown; a wrong name lists the policies.")]
BestOption = Annotated[float, typer.Option(metavar="SECONDS", help="How long to look for the cheapest pattern.", min=0, max=86400)]
OutOption = Annotated[Path | None, typer.Option(help=".csv, .xlsx or .parquet; else FILE with .protected.", show_default=False)]
WhyOption = Annotated[Path | None, typer.Option(help="CSV of why each row is hidden; keep it with the true table.", show_default=False)]
SecretOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="16 bytes or more that nobody else has: which of rows that protect as well is hidden hangs on them.",
        show_default=False,
    ),
]  # fmt: skip
AuditOption = Annotated[bool, typer.Option("--audit", help="Show how far an attacker can narrow each hidden figure.")]


def protect(
    file: FileArgument,
    *,
    by: ByOption,
    count: CountOption = None,
    sums: SumOption = None,
    people: PeopleOption = None,
    largest: LargestOption = None,
    second: SecondOption = None,
    within: WithinOption = None,
    total: TotalOption = "Total",
    hierarchy: HierarchyOption = None,
    margins: MarginsOption = False,
    policy: PolicyOption = "hes_2018",
    best: BestOption = 10,
    out: OutOption = None,
    why: WhyOption = None,
    secret: SecretOption = None,
    show_audit: AuditOption = False,
) -> None:
    """Protect a table: hide small figures and what would give them away, round the rest, and say what was done and why.

    Columns that are not named are left out. It protects this table by itself only; for questions put to records, there is the gate.

    Example: farr protect patients.csv --by region --by sex --count patients

    Example: farr protect cost.csv --by region --sum cost --people patients --largest first --second next

    Example: farr protect patients.csv --by practice --count patients --hierarchy practice=practices.csv --margins --audit

    Example: farr protect patients.csv --by region --count patients --secret ~/.farr-secret
    """
    rules, known = _policy(policy), b"" if secret is None else read_secret(secret)
    target = check_new(out or file.with_stem(f"{file.stem}.protected"), file)
    reasons = None if why is None else _for_reasons(why, file, target)
    of_sums = Sums(columns=sums or (), people=people or (), largest=largest or (), second=second or ())
    figures = figures_of(count or (), of_sums, dict(_pair(each, "--within") for each in within or ()))
    given = read_table(file)
    try:
        table, structure = _structured(given, by, figures, hierarchy or (), total, margins=margins)
        with progress(f"Protecting {file.name}"):
            done = protect_table(table, structure, rules, effort=_effort(best), secret=known, seconds=_SECONDS + best)
            seen = audit(done.table, structure, rules, contributed=table) if show_audit else None
    except (CellsError, ProtectError) as error:
        raise ProtectError(f"{file.name}: {error}") from None
    except AuditError as error:
        raise ProtectError(f"{file.name}: no safe way to print it was found, so nothing is written ({error}); use fewer codes") from None
    write(done.table, notes_of(rules), target)
    _say(done, structure, rules, file, given)
    _say_what_is_known(seen, structure)
    _with_reasons(done, structure, target, reasons)


def _policy(name: str) -> Policy:
    known = known_policies()
    if name not in known:
        listed = "\n".join(f"  {each}: {policy.title}; {_hides(policy)}" for each, policy in known.items())
        raise PolicyError(f"there is no policy '{name}'; known:\n{listed}")
    return known[name]


def _hides(policy: Policy) -> str:
    hidden = f"hides {'1' if policy.zero_shown else '0'} to {policy.threshold}" if policy.threshold else "hides nothing"
    return hidden if policy.rounding_base == 1 else f"{hidden}, rounds to {policy.rounding_base}"


def _for_reasons(path: Path, file: Path, target: Path) -> Path:
    if path.resolve() == target.resolve():
        raise ProtectError(f"{path}: --why and --out are the same file; the reasons are not for those who get the table")
    return check_new(path, file, endings=(".csv",))


def _pair(text: str, option: str) -> tuple[str, str]:
    first, equals, second = text.partition("=")
    if not (first and equals and second):
        raise ProtectError(f"{option} takes two names with = between them, not '{text}'")
    return first, second


def _structured(
    table: pa.Table, by: list[str], figures: tuple[FigureColumn, ...], hierarchies: Sequence[str], total: str, *, margins: bool
) -> tuple[pa.Table, Structure]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for column, path in (_pair(each, "--hierarchy") for each in hierarchies):
        found[column].append(read_hierarchy(Path(path)))
    structure = structure_of(table, by, figures, hierarchies=found, total=total, margins=margins)
    return (with_margins(table, structure) if margins else table), structure


def _effort(seconds: float) -> Effort:
    """Rounds and nodes in proportion, so that ten seconds are the usual effort."""
    usual = Effort()
    more = seconds / usual.seconds
    return Effort(passes=usual.passes, rounds=round(usual.rounds * more), nodes=round(usual.nodes * more), seconds=seconds)


def _reasons(done: Protected, structure: Structure) -> pa.Table:
    hidden = pa.array([row for row, why in enumerate(done.why) if why], type=pa.int64())
    columns = {axis.column: done.table[axis.column].take(hidden) for axis in structure.axes}
    return pa.table(columns | {"why": pa.array([why for why in done.why if why], type=pa.string())})


def _say(done: Protected, structure: Structure, policy: Policy, file: Path, given: pa.Table) -> None:
    console.print(summary(done, policy, f"{file.name}, protected"))
    for line in not_checked(structure, policy):
        console.print(line, soft_wrap=True, markup=False)
    left_out = [name for name in given.column_names if name not in done.table.column_names]
    if left_out:
        console.print(f"Not printed: {', '.join(left_out)}. Only the columns of --by, --count and --sum are.", soft_wrap=True, markup=False)


def _say_what_is_known(seen: pa.Table | None, structure: Structure) -> None:
    if seen is not None:
        columns = [axis.column for axis in structure.axes]
        console.print(attacked(seen, columns, "What an attacker knows of each hidden figure"))


def _with_reasons(done: Protected, structure: Structure, target: Path, reasons: Path | None) -> None:
    """Writes why each row is hidden, and says where everything is."""
    if reasons is not None:
        write_rows(_reasons(done, structure), reasons)
    console.print(ALONE, soft_wrap=True)
    beside = f", with {notes_beside(target).name}" if target.suffix.lower() == ".csv" else ""
    console.print(f"Protected table: {target}{beside}", soft_wrap=True, markup=False)
    if reasons is not None:
        console.print(f"Why each row is hidden: {reasons}. Keep it with the true table: it says which rows are small.", soft_wrap=True,
                      markup=False)  # fmt: skip
