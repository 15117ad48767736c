"""farr publish, changes, serve and ask: what is released ahead of time, what is new in it, and what is asked of the release service."""

import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.asking import (
    AllMonthsOption,
    AsWasOption,
    ByOption,
    ChooseOption,
    CountOption,
    LevelOption,
    NormOption,
    OrganisationOption,
    PeersOption,
    PeriodOption,
    WhyOption,
    asked,
)
from farr.lab.desk.commands.options import AgreementOption, HomeOption, MeasuresOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home, read_key
from farr.lab.desk.publication.changed import WhatChanged, what_changed
from farr.lab.desk.publication.pages import AHEAD, norms_ahead, publish_pages
from farr.lab.desk.publication.views import BREAKDOWNS, publish_views
from farr.lab.desk.retention.alone import answering
from farr.lab.desk.service.answer import Service
from farr.lab.desk.service.server import Server, on_unix_socket, with_mutual_tls
from farr.lab.model.asking.client import ask as ask_service
from farr.lab.model.asking.client import over_tls, over_unix_socket
from farr.lab.model.errors import FarrError

console = Console()

SocketOption = Annotated[Path | None, typer.Option("--socket", help="Unix socket; else farr.sock in the home folder.", show_default=False)]
_PATH = "A PEM file."


class ListenError(FarrError):
    """Options of the service that do not go together; the message says which."""


def publish(
    *,
    measure: MeasuresOption = None,
    breakdown: Annotated[
        list[str] | None, typer.Option(help=f"Breakdowns to publish, or 'none'; else {', '.join(BREAKDOWNS)}.", show_default=False)
    ] = None,
    norm: Annotated[
        list[str] | None,
        typer.Option(help=f"Pages against this norm; as often as needed. Else {', '.join(AHEAD)}.", show_default=False),
    ] = None,
    pages: Annotated[bool, typer.Option("--pages/--no-pages", help="Write the pages that readers are shown.")] = True,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Release the standard views of every measure, write the signed catalogue, and the signed pages that the portal shows.

    Practices, localities and postcode districts: the rolling year that ends with a quarter. Larger organisations: the latest
    rolling year, months and breakdowns, and pages. Example: farr publish --breakdown specialty --norm national
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    wanted = tuple(BREAKDOWNS if not breakdown else (each for each in breakdown if each != "none"))
    norms = norms_ahead(desk, norm or AHEAD)
    with progress("Publishing") as said:
        catalogue = publish_views(desk, measures=measure or (), breakdowns=wanted, said=said)
        contents = publish_pages(desk, catalogue, measures=measure or (), norms=norms, said=said) if pages else None
    table = Table("View", "Published", "Not published", box=box.SIMPLE_HEAD)
    for kind in sorted({entry.kind.value for entry in catalogue.entries}):
        own = [entry for entry in catalogue.entries if entry.kind.value == kind]
        table.add_row(kind, str(sum(entry.reason is None for entry in own)), str(sum(entry.reason is not None for entry in own)))
    console.print(table)
    for reason in sorted({entry.reason for entry in catalogue.entries if entry.reason}):
        console.print(f"Not published: {reason}")
    if contents is not None:
        console.print(
            f"Pages: {desk.home.published / 'pages'}; organisations: {len(contents.organisations)}, measures: {len(contents.measures)}, "
            f"norms: {', '.join(contents.ahead)}"
        )
    console.print(f"Catalogue: {desk.home.published / 'catalogue.json'}, signed with the key {desk.home.public_key()}")


def changes(
    *,
    organisation: OrganisationOption,
    norm: NormOption = "national",
    level: LevelOption = None,
    measure: MeasuresOption = None,
    as_data: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Say what changed for an organisation since last month: new outliers, moved quarters, months that stand out or were sent again.

    Example: farr changes --organisation 90L
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    with progress("Asking") as asking:
        now, _ = desk.report(organisation=organisation, norm=norm, level=level, measures=measure or (), asking=asking)
        found = what_changed(desk, now, asking=asking)
    if as_data:
        sys.stdout.write(json.dumps(_as_data(found), indent=2, ensure_ascii=False) + "\n")
        return
    since = "no earlier period is held" if found.since is None else f"since the year to {found.since.last}"
    table = Table("Measure", "What changed", title=f"{organisation}: what changed, {since}", title_justify="left", box=box.SIMPLE_HEAD)
    for each in found.changes:
        table.add_row(each.benchmark.measure.title, each.sentence)
    console.print(table if found.changes else f"Nothing changed for {organisation}, {since}.")
    for line in found.resent:
        console.print(line)


def serve(
    *,
    socket: SocketOption = None,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT for mutual TLS, instead of a Unix socket.", show_default=False)] = None,
    certificate: Annotated[Path | None, typer.Option(help=f"The service's certificate. {_PATH}", show_default=False)] = None,
    key: Annotated[Path | None, typer.Option(help=f"Its private key. {_PATH}", show_default=False)] = None,
    client_authority: Annotated[Path | None, typer.Option(help=f"Who signs clients' certificates. {_PATH}", show_default=False)] = None,
    home: HomeOption = None,
) -> None:
    """Answer signed requests until stopped: authorise, ask, pass the gate, publish, and answer with the release.

    Register who may ask with: farr client add. Example: farr serve --socket /run/farr/farr.sock
    """
    place = Home.open(home)
    with answering(place):
        service = Service(place)
        respond = service.respond
        if listen is None:
            path = socket or place.folder / "farr.sock"
            server, where = on_unix_socket(path, respond), str(path)
        else:
            host, port = _host_and_port(listen)
            if certificate is None or key is None or client_authority is None:
                raise ListenError(
                    "--listen needs --certificate, --key and --client-authority: between machines both sides show certificates"
                )
            server = with_mutual_tls(host, port, respond, certificate=certificate, key=key, client_authority=client_authority)
            where = f"{listen}, with mutual TLS"
        console.print(f"Answering at {where}. Stop with Ctrl-C.")
        console.print(f"Signs with the key {place.public_key()}")
        _until_stopped(server, service)
    if listen is None:
        Path(where).unlink(missing_ok=True)


def ask(
    *,
    organisation: OrganisationOption,
    measure: Annotated[str, typer.Option(help="Name of the measure; type: farr measures")],
    user: Annotated[str, typer.Option(help="Who asks: it stands in the service's audit.")],
    signing_key: Annotated[Path, typer.Option("--signing-key", help="Your client key, from: farr client add.")],
    agreement: Annotated[str, typer.Option(help="Agreement to ask under.")],
    purpose: Annotated[str, typer.Option(help="What it is for.")],
    norm: NormOption = "national",
    period: PeriodOption = None,
    level: LevelOption = None,
    by: ByOption = None,
    choose: ChooseOption = None,
    peers: PeersOption = None,
    count: CountOption = None,
    as_was: AsWasOption = False,
    all_months: AllMonthsOption = False,
    why: WhyOption = None,
    socket: SocketOption = None,
    connect: Annotated[str | None, typer.Option(help="HOST:PORT, for mutual TLS.", show_default=False)] = None,
    certificate: Annotated[Path | None, typer.Option(help=f"Your certificate. {_PATH}", show_default=False)] = None,
    key: Annotated[Path | None, typer.Option(help=f"Its private key. {_PATH}", show_default=False)] = None,
    authority: Annotated[Path | None, typer.Option(help=f"Who signed the service's certificate. {_PATH}", show_default=False)] = None,
    trusted_key: Annotated[
        list[str] | None,
        typer.Option(help="Public key that must have signed the answer, as farr serve prints it; else any.", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Ask the release service, and print what it answers: the same JSON as farr benchmark --json.

    Example: farr ask --organisation 90L --measure emergency_admissions --user "A. Analyst" --signing-key portal.pem
    --agreement leeds --purpose commissioning
    """
    request = asked(
        organisation, measure, norm, period, level, by=by, choose=choose, peers=peers, count=count, as_was=as_was,
        all_months=all_months, why=why,
    )  # fmt: skip
    if connect is None:
        connection = over_unix_socket(socket or Home.open(home).folder / "farr.sock")
    else:
        host, port = _host_and_port(connect)
        if certificate is None or key is None or authority is None:
            raise ListenError("--connect needs --certificate, --key and --authority: between machines both sides show certificates")
        connection = over_tls(host, port, certificate=certificate, key=key, authority=authority)
    answer = ask_service(
        connection, request, read_key(signing_key), agreement=agreement, purpose=purpose, user=user, trusted=trusted_key or None
    )
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")


def _until_stopped(server: Server, service: Service) -> None:
    """Serves until SIGINT or SIGTERM; what is being answered then is answered first."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    stopped.wait()
    service.stop()
    server.shutdown()
    server.server_close()


def _host_and_port(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or not port.isdigit():
        raise ListenError(f"'{text}' is not written as HOST:PORT, such as 10.0.0.5:8443")
    return host, int(port)


def _as_data(found: WhatChanged) -> dict[str, object]:
    told = [
        {
            "measure": each.benchmark.measure.name,
            "kind": each.change.kind.value,
            "month": each.change.month,
            "before": dict(each.change.before),
            "now": dict(each.change.now),
            "sentence": each.sentence,
        }
        for each in found.changes
    ]
    return {"since": None if found.since is None else str(found.since), "changes": told, "resent": list(found.resent)}
