"""farr destroy, hold and certificate: the end of records, what keeps them longer, and what says that they are gone."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption
from farr.lab.desk.home import Home, read_key
from farr.lab.desk.retention.certificate import read_certificate
from farr.lab.desk.retention.destroy import Hands
from farr.lab.desk.retention.destroy import destroy as destroy_records
from farr.lab.desk.retention.errors import DestructionRefused
from farr.lab.desk.retention.holds import holds, lift, place
from farr.lab.desk.retention.journal import Journal
from farr.lab.desk.retention.pdf import write_pdf
from farr.lab.desk.retention.plan import Plan, planned
from farr.lab.model.agreement import Signatory
from farr.lab.model.period import Month, Period

hold = typer.Typer(help="Keep records from being destroyed, whatever their retention.", no_args_is_help=True)
certificate = typer.Typer(help="Check and print what was certified as destroyed.", no_args_is_help=True)
console = Console()

RoleOption = Annotated[Signatory, typer.Option("--as", help="The role you sign in.")]
KeyOption = Annotated[Path, typer.Option("--key", help="Your signing key file.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept with your name.")]


def destroy(
    *,
    before: Annotated[str, typer.Option(help="The April from which records are kept, such as 2020-04; those before it are destroyed.")],
    confirm: Annotated[bool, typer.Option("--confirm", help="Destroy. Without it, only what would go is shown.")] = False,
    operator: Annotated[str, typer.Option(help="Who does it.", show_default=False)] = "",
    witness: Annotated[str, typer.Option(help="Who sees it done: somebody else.", show_default=False)] = "",
    risk_owner_key: Annotated[
        Path | None, typer.Option(help="Key file of the risk owner, who signs the certificate.", show_default=False)
    ] = None,
    backups: Annotated[
        str,
        typer.Option(help="What was done about backups of records and keys; it is certified.", show_default=False),
    ] = "",
    lost_key: Annotated[
        list[str] | None,
        typer.Option(help="A year, such as 2019-20, of whose key no copy is left anywhere; it is certified.", show_default=False),
    ] = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Destroy records of whole financial years, with their keys, prove it, and write the certificate. Shows what would go unless --confirm.

    Example: farr destroy --before 2020-04 --confirm --operator 'A. Lee' --witness 'B. Shah' --risk-owner-key owner.pem
    --backups 'Tapes of 2020 shredded on 2 May'
    """
    place = Home.open(home)
    name, first = agreement or place.only_agreement(), Month.parse(before)
    if not confirm:
        unfinished = Journal.unfinished(place, name)
        _show(unfinished.plan if unfinished else planned(place, name, first, lost_key or ()), begun=unfinished is not None)
        return
    if risk_owner_key is None:
        raise DestructionRefused("the risk owner signs the certificate; give --risk-owner-key KEYFILE")
    hands = Hands(operator=operator, witness=witness, risk_owner=read_key(risk_owner_key), backups=backups)
    written = destroy_records(place, name, first, hands, said=lambda step: console.print(f"  {step}"), lost=lost_key or ())
    console.print(f"Destroyed, and certified: {written}", soft_wrap=True)
    console.print(f"To print and sign: {written.with_suffix('.pdf')}", soft_wrap=True)
    console.print(f"To check: farr certificate verify {written}", soft_wrap=True)


def _show(plan: Plan, *, begun: bool) -> None:
    console.print(f"[bold]{plan.id}[/bold]: {plan.months} of agreement {plan.agreement}; {plan.why}")
    table = Table("Dataset", "Financial year", "Rows", box=box.SIMPLE_HEAD)
    table.columns[2].justify = "right"
    for dataset, years in plan.rows.items():
        for year, rows in years.items():
            table.add_row(dataset, year, rows)
    console.print(table)
    for file in plan.files:
        console.print(f"  {file['path']}", soft_wrap=True)
    sealed = [year for year, fingerprint in plan.keys.items() if fingerprint]
    console.print(f"{len(plan.files)} files go, and {plan.superseded} of earlier versions of kept months; every version but the last.")
    console.print(f"Keys that go: {', '.join(sealed) or 'none; these records were not encrypted by Farr'}")
    console.print(
        f"Releases that are marked: {', '.join(plan.releases) or 'none'}. Lists of rows set aside that go: {len(plan.quarantine)}"
    )
    console.print(
        "[bold]It was begun, and interrupted; finish it with --confirm.[/bold]" if begun else "Nothing was changed. To do it: --confirm"
    )


@hold.command("add", epilog="Example: farr hold add --months 2019-04..2019-09 --reason 'Inquest 12/2024' --as guardian --key guardian.pem")
def hold_add(
    *,
    months: Annotated[str, typer.Option(help="Months that are held: 2019-04, or 2019-04..2019-09.")],
    reason: ReasonOption,
    role: RoleOption,
    key: KeyOption,
    dataset: Annotated[list[str] | None, typer.Option(help="Only this dataset; as often as needed.", show_default=False)] = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Place a legal hold: nothing that it covers is destroyed until it is lifted."""
    at = Home.open(home)
    name = agreement or at.only_agreement()
    at.check_known(name)
    placed = place(at, name, datasets=dataset or (), months=Period.parse(months), reason=reason, role=role, key=read_key(key))
    console.print(f"Hold {placed.id} stands on {placed.months} of {', '.join(placed.datasets) or 'every dataset'}.")


@hold.command("release", epilog="Example: farr hold release leeds-1 --reason 'Inquest closed' --as guardian --key guardian.pem")
def hold_release(
    id: Annotated[str, typer.Argument(help="The hold's name, as farr hold list gives it.")],
    *,
    reason: ReasonOption,
    role: RoleOption,
    key: KeyOption,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Lift a legal hold."""
    at = Home.open(home)
    lift(at, agreement or at.only_agreement(), id, reason=reason, role=role, key=read_key(key))
    console.print(f"Hold {id} is lifted.")


@hold.command("list", epilog="Example: farr hold list")
def hold_list(*, agreement: AgreementOption = None, home: HomeOption = None) -> None:
    """List legal holds, those that stand and those that were lifted."""
    at = Home.open(home)
    table = Table("Hold", "Months", "Datasets", "Reason", "Placed", "Lifted", box=box.SIMPLE_HEAD)
    for each in holds(at, agreement or at.only_agreement()):
        placed = f"{each.by} as {each.role}, {each.on}"
        table.add_row(each.id, str(each.months), ", ".join(each.datasets) or "all", each.reason, placed, each.released or "stands")
    console.print(table if table.row_count else "There are no legal holds.")


@certificate.command("verify", epilog="Example: farr certificate verify farr-home/destroyed/leeds/leeds-before-2020-04/certificate.json")
def certificate_verify(file: Annotated[Path, typer.Argument(help="The certificate.json to check.")], home: HomeOption = None) -> None:
    """Check that this installation and its risk owner signed a certificate, and that it is unchanged."""
    said = _verified(file, home)
    console.print(
        f"{said['id']} is whole: {said['period']} of {', '.join(said['datasets'])}, certified {said['certified_at'][:10]}; operator "
        f"{said['operator']}, witness {said['witness']}, risk owner {said['risk_owner']}."
    )


@certificate.command("pdf", epilog="Example: farr certificate pdf farr-home/destroyed/leeds/leeds-before-2020-04/certificate.json")
def certificate_pdf(
    file: Annotated[Path, typer.Argument(help="The certificate.json to set.")],
    *,
    out: Annotated[Path | None, typer.Option(help="PDF file to write; else certificate.pdf beside it.", show_default=False)] = None,
    home: HomeOption = None,
) -> None:
    """Verify a certificate, and set it as a PDF to print and sign by hand. The same certificate gives the same file."""
    _verified(file, home)
    console.print(f"To print and sign: {write_pdf(file, out)}", soft_wrap=True)


def _verified(file: Path, home: Path | None) -> dict[str, Any]:
    at = Home.open(home)
    owners = at.trusted_signatories()[Signatory.RISK_OWNER]
    return read_certificate(file, installation={at.public_key()}, risk_owners=owners)
