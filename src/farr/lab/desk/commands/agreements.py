"""farr agreement: draft, approve and show the terms without which nothing runs."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import HomeOption
from farr.lab.desk.home import Home, make_key, read_key, today
from farr.lab.model.agreement import Agreement, AgreementError, AtRest, OptOuts, Signatory, Terms, read_agreement, write_agreement

app = typer.Typer(help="Draft, approve and show agreements. Nothing runs outside a live one.", no_args_is_help=True)
console = Console()

RoleOption = Annotated[Signatory, typer.Option("--as", help="The role you sign in.")]


@app.command(
    epilog="Example: farr agreement new leeds --title 'Leeds benchmarking' --purpose commissioning --dataset apc_episode "
    "--from 2022-04 --to 2026-03 --ends 2026-03-31"
)
def new(
    id: Annotated[str, typer.Argument(help="Short name: lower-case letters, digits and hyphens.")],
    *,
    title: Annotated[str, typer.Option(help="What the agreement is called.")],
    purpose: Annotated[list[str], typer.Option(help="A purpose it allows; give as often as needed.")],
    dataset: Annotated[list[str], typer.Option(help="A feed it covers, such as apc_episode; give as often as needed.")],
    first: Annotated[str, typer.Option("--from", help="First month of data, such as 2022-04.")],
    last: Annotated[str, typer.Option("--to", help="Last month of data.")],
    ends: Annotated[str, typer.Option(help="Last day on which anything may run, such as 2026-03-31.")],
    starts: Annotated[str, typer.Option(help="First day on which anything may run; today unless said.")] = "",
    legal_basis: Annotated[str, typer.Option(help="Legal basis, with the article.")] = "UK GDPR Article 6(1)(e) and 9(2)(h)",
    retention_years: Annotated[int, typer.Option(help="Years of data held at most.")] = 4,
    policy: Annotated[str, typer.Option(help="Disclosure policy: hes_2018, hes_legacy, nhsd_central, opensafely or cms11.")] = "hes_2018",
    opt_outs: Annotated[OptOuts, typer.Option(help="Whether national data opt-outs are applied at the supplier.")] = OptOuts.APPLIED,
    opt_outs_reason: Annotated[str, typer.Option(help="Why they are, or are not.")] = "Data are used for planning, beyond direct care",
    questions: Annotated[
        int | None, typer.Option(min=1, help="How many different questions about people may be asked; a report asks some hundreds.")
    ] = None,
    checkers: Annotated[
        int | None, typer.Option(min=1, max=2, help="How many output checkers must approve what is held for review; one unless said.")
    ] = None,
    at_rest: Annotated[
        AtRest, typer.Option(help="encrypted: by Farr, with a key a financial year. volume: as they are, on a disk that you encrypt.")
    ] = AtRest.ENCRYPTED,
    home: HomeOption = None,
) -> None:
    """Draft an agreement. It allows nothing until the guardian and the risk owner have approved it."""
    place = Home.open(home)
    path = place.agreement_path(id)
    if path.exists():
        raise AgreementError(f"{path} exists already; choose another name, or type: farr agreement show {id}")
    terms = Terms(
        id=id, title=title, legal_basis=legal_basis, purposes=tuple(purpose), datasets=tuple(dataset),
        period_first=first, period_last=last, starts=_day(starts or today().isoformat()), ends=_day(ends),
        retention_years=retention_years, policy=policy, opt_outs=opt_outs, opt_outs_reason=opt_outs_reason, at_rest=at_rest,
        questions=questions, checkers=checkers,
    )  # fmt: skip
    write_agreement(Agreement(terms=terms), path)
    console.print(f"Drafted {path}. It allows nothing until it is approved twice:")
    for role in Signatory:
        console.print(f"  farr agreement approve {id} --as {role.value} --key KEYFILE")


@app.command(epilog="Example: farr agreement signatory --as guardian --name 'Dr A. Lee' --out guardian.pem")
def signatory(
    *,
    role: RoleOption,
    name: Annotated[str, typer.Option(help="Name of the person who will sign.")],
    out: Annotated[Path, typer.Option(help="Where to write the signing key; hand it to that person and keep no copy.")],
    home: HomeOption = None,
) -> None:
    """Make a signing key for a guardian or risk owner, and have this installation trust it."""
    Home.open(home).trust(role, name, make_key(out))
    console.print(f"{name} may now sign as {role.value} with {out}. Hand the file over and keep no copy.")


@app.command(epilog="Example: farr agreement approve leeds --as guardian --key guardian.pem")
def approve(
    id: Annotated[str, typer.Argument(help="The agreement's short name.")],
    *,
    role: RoleOption,
    key: Annotated[Path, typer.Option(help="Your signing key file.")],
    home: HomeOption = None,
) -> None:
    """Sign an agreement as its guardian or risk owner."""
    place = Home.open(home)
    signing_key = read_key(key)
    name = place.signatory_name(role, signing_key)
    agreement = read_agreement(place.agreement_path(id)).signed_by(role, name, signing_key, today())
    write_agreement(agreement, place.agreement_path(id))
    console.print(f"{name} approved '{id}' as {role.value}.")


@app.command(epilog='Example: farr agreement clock leeds --reason "the machine started with the date of 2038"')
def clock(
    id: Annotated[str, typer.Argument(help="The agreement's short name.")],
    *,
    reason: Annotated[str, typer.Option(help="How it is known that the clock was ahead then, and is right now.")],
    home: HomeOption = None,
) -> None:
    """Write to the ledger that the clock was ahead when its last entry was written, so that work may go on from today's date."""
    place = Home.open(home)
    place.check_known(id)
    place.ledger(id).record_clock(reason)
    console.print(f"Written to the ledger of '{id}': dates go on from {today()}.")


@app.command(epilog="Example: farr agreement show leeds")
def show(id: Annotated[str, typer.Argument(help="The agreement's short name.")], home: HomeOption = None) -> None:
    """Show an agreement's terms, who signed, and whether it is live."""
    place = Home.open(home)
    agreement = read_agreement(place.agreement_path(id))
    table = Table(show_header=False, title=agreement.terms.title, title_justify="left")
    for field, value in agreement.terms.model_dump(mode="json").items():
        table.add_row(field.replace("_", " "), str(value) if isinstance(value, str) else json.dumps(value).strip("[]").replace(chr(34), ""))
    for signature in agreement.signatures:
        table.add_row(f"signed by the {signature.role.value}", f"{signature.name}, {signature.signed_on}")
    table.add_row("state", _state(agreement, place))
    console.print(table)


def _state(agreement: Agreement, home: Home) -> str:
    try:
        agreement.check_approved(home.trusted_signatories())
        agreement.check_live(today())
    except AgreementError as error:
        return str(error)
    return "live"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AgreementError(f"'{text}' is not a date; write it as 2026-03-31") from None
