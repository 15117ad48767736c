"""The command line of the portal: farr portal …, and farr audit …."""

import json
import logging
import os
import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.console import Console

from farr.lab.model.durable.disk import replace_file
from farr.lab.model.errors import FarrError
from farr.portal.database import database as database_of
from farr.portal.installation import AS_OWNER, FOLDER, SETTINGS, Installation, InstallationError, installation, new_secret
from farr.portal.listening import listening
from farr.portal.rotating import Rotated
from farr.portal.rotating import rotate as exchange

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
portal = typer.Typer(no_args_is_help=True, help="The portal: benchmark pages, access, approvals, review and audit.")
audit = typer.Typer(no_args_is_help=True, help="The portal's audit: verify it, and sign its root.")
app.add_typer(portal, name="portal")
app.add_typer(audit, name="audit")
_console = Console()

Folder = Annotated[Path | None, typer.Option("--portal", help=f"The portal's folder; by default what {FOLDER} names, else ./portal")]


class PortalError(FarrError):
    """A command that cannot be done; the message says what to type instead."""


@portal.command("init")
def init(
    folder: Annotated[Path, typer.Argument(help="A new folder for the portal's settings, secrets, database and audit")],
    lab: Annotated[
        Path | None, typer.Option(help="A lab's home folder: what it published, its agreements and its release key are used")
    ] = None,
    published: Annotated[Path | None, typer.Option(help="What a lab published, copied here; instead of --lab")] = None,
    agreements: Annotated[Path | None, typer.Option(help="The folder of signed agreements; instead of --lab")] = None,
    signatories: Annotated[Path | None, typer.Option(help="Who may sign agreements; instead of --lab")] = None,
    trusted_key: Annotated[list[str] | None, typer.Option(help="A public key whose releases are shown, as farr publish prints it")] = None,
    host: Annotated[list[str] | None, typer.Option(help="A name by which browsers reach the portal")] = None,
    service_key: Annotated[Path | None, typer.Option(help="The key with which the release service is asked: farr client add")] = None,
    service_socket: Annotated[Path | None, typer.Option(help="The release service's socket; by default the lab's farr.sock")] = None,
    database: Annotated[str, typer.Option(help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME?…")] = "sqlite:///portal.sqlite3",
    database_owner: Annotated[str | None, typer.Option(help="The same as another account, which alone may change the tables")] = None,
    insecure_http: Annotated[bool, typer.Option("--insecure-http", help="Answer without TLS, for this machine alone")] = False,
) -> None:
    """Makes a portal. Example: farr portal init portal --lab farr-home --host benchmarks.example.nhs.uk"""
    if (folder / SETTINGS).exists():
        raise PortalError(f"{folder / SETTINGS} exists already; edit it, or name another folder")
    database_of(database, folder)
    if database_owner is not None:
        database_of(database_owner, folder, "database_owner")
    places = _places(lab, published, agreements, signatories)
    keys = tuple(trusted_key or ()) or _keys_of(places["published"])
    said: dict[str, object] = {
        "hosts": list(host or ["localhost", "127.0.0.1"]), "https": not insecure_http, "database": database,
        **({} if database_owner is None else {"database_owner": database_owner}),
        "address": f"https://{host[0]}" if host and not insecure_http else "http://localhost:8000",
        **{name: str(path.resolve()) for name, path in places.items()}, "trusted_keys": list(keys),
    }  # fmt: skip
    lines = [f"{name} = {json.dumps(value)}" for name, value in said.items()]
    if service_key is not None:
        socket = service_socket or (lab / "farr.sock" if lab else None)
        if socket is None:
            raise PortalError("say where the release service listens: --service-socket PATH")
        lines += ["", "[service]", f"socket = {json.dumps(str(socket.resolve()))}", f"key_file = {json.dumps(str(service_key.resolve()))}"]
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _write_secret(folder / "secret.txt", new_secret().encode() + b"\n")
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_secret(folder / "audit.pem", key)
    _write_secret(folder / "factors.key", Fernet.generate_key() + b"\n")
    replace_file(folder / SETTINGS, ("\n".join(lines) + "\n").encode())
    _django(folder, as_owner=True)
    _call("migrate", verbosity=0)
    _console.print(f"Made a portal in {folder}. Next: farr portal account ADDRESS --name NAME --role administrator --portal {folder}")


@portal.command("account")
def account(
    email: Annotated[str, typer.Argument(help="The e-mail address, by which they sign in")],
    name: Annotated[str, typer.Option(help="Their name")],
    role: Annotated[list[str], typer.Option(help="A role; repeat for several. farr portal roles lists them")],
    trained_on: Annotated[str, typer.Option(help="The day of their last yearly training, such as 2025-06-30")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="A file with the first password; by default one is made, and shown once")
    ] = None,
    folder: Folder = None,
) -> None:
    """Makes an account. The first of an installation is made like this; others on the page People."""
    _django(_folder(folder))
    from farr.portal.access.roles import Role  # noqa: PLC0415  Django is set up first
    from farr.portal.people.accounts import make  # noqa: PLC0415
    from farr.portal.people.models import User  # noqa: PLC0415
    from farr.portal.people.passwords import new_first_password  # noqa: PLC0415
    from farr.portal.trail.recording import trail  # noqa: PLC0415
    from farr.portal.trail.trail import Event, What  # noqa: PLC0415

    known = {each.value: each for each in Role}
    if unknown := [each for each in role if each not in known]:
        raise PortalError(f"there is no role '{unknown[0]}'; known: {', '.join(known)}")
    if User.objects.filter(email=email.lower()).exists():
        raise PortalError(f"there is an account for {email} already; change it on the page People")
    password = new_first_password() if password_file is None else _password_of(password_file, User(email=email.lower(), name=name))
    line = Event(what=What.MADE_ACCOUNT, user=None, name="command line", about=email.lower(), detail={"roles": sorted(set(role))})
    made = make(
        email, name, [known[each] for each in role], password=password, trained_on=_day(trained_on), first_password=True,
        record=partial(trail().record, line),
    )  # fmt: skip
    _console.print(f"Made the account of {name}. When they first sign in they set up a second factor and choose a password of their own.")
    _tell_first_password("" if password_file else password, made.first_password_until)


@portal.command("replace")
def replace_lost(
    email: Annotated[str, typer.Argument(help="The e-mail address of an account")],
    lost: Annotated[str, typer.Option(help="What they lost: first-password (a new one is shown) or second-factors (set up anew)")],
    proof: Annotated[str, typer.Option(help="How you knew who asked: in-person, video-call or line-manager")],
    folder: Folder = None,
) -> None:
    """Replaces a lost password or second factors, where no administrator can do it on the page People.
    Example: farr portal replace a.lee@example.nhs.uk --lost first-password --proof in-person"""
    _django(_folder(folder))
    from farr.portal.people.models import User  # noqa: PLC0415  Django is set up first
    from farr.portal.people.replacing import Lost, Proof, replace  # noqa: PLC0415
    from farr.portal.trail.recording import trail  # noqa: PLC0415
    from farr.portal.trail.trail import Event, What  # noqa: PLC0415

    for option, said, known in (("--lost", lost, Lost), ("--proof", proof, Proof)):
        if said not in [each.value for each in known]:
            raise PortalError(f"{option} '{said}' is not known; write one of: {', '.join(each.value for each in known)}")
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise PortalError(f"there is no account for {email}; make one with: farr portal account")
    detail = {"replaced": lost, "proof": proof}
    line = Event(what=What.CHANGED_ACCOUNT, user=None, name="command line", about=user.email, detail=detail)
    password = replace(user, Lost(lost), partial(trail().record, line))
    user.refresh_from_db()
    _console.print(f"Replaced what {user.name} lost, and ended their sessions.")
    _tell_first_password(password, user.first_password_until if password else None)


@portal.command("roles")
def roles() -> None:
    """Lists the roles and what each may do."""
    from rich.table import Table  # noqa: PLC0415  no other command draws one

    from farr.portal.access.roles import ROLES  # noqa: PLC0415

    table = Table("Role", "Does", "May", title="Roles")
    for role, said in ROLES.items():
        table.add_row(role.value, said.does, "; ".join(sorted(each.value for each in said.permissions)))
    _console.print(table)


@portal.command("run")
def run(
    port: Annotated[int, typer.Option(help="The port on this machine")] = 8000,
    bind: Annotated[str, typer.Option(help="An address of this machine, or unix:PATH; a network's with a certificate")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processes")] = 2,
    certificate: Annotated[Path | None, typer.Option(help="TLS, for a proxy on another machine: the certificate in PEM")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's key in PEM")] = None,
    authority: Annotated[Path | None, typer.Option(help="Who signed the proxy's own certificate: nobody else is then answered")] = None,
    folder: Folder = None,
) -> None:
    """Runs the portal behind a reverse proxy. Example: farr portal run --port 8000"""
    where = listening(bind, port, certificate=certificate, key=key, authority=authority)
    _django(_folder(folder))
    logging.getLogger("farr.audit").setLevel(logging.INFO)
    _up_to_date(installation(_folder(folder)))
    _call("collectstatic", verbosity=0, interactive=False)
    from gunicorn.app.wsgiapp import WSGIApplication  # noqa: PLC0415

    sys.argv = ["gunicorn", *where.arguments, "--workers", str(workers), "--threads", "4", "--worker-class", "gthread",
                "--timeout", "660", "--limit-request-line", "8190", "--no-control-socket",
                "--logger-class", "farr.portal.server_log.ServerLogger", "farr.portal.wsgi"]  # fmt: skip
    _console.print(f"The portal answers at {where.address} (stop it with Ctrl+C)")
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


@portal.command("check")
def check(folder: Folder = None) -> None:
    """Looks for what is unsafe or missing in the settings. Example: farr portal check"""
    _django(_folder(folder))
    _call("check", deploy=True, fail_level="WARNING")
    if installation(_folder(folder)).breached_passwords is None:
        _console.print(
            "Warning: breached_passwords is not set, so passwords that were stolen elsewhere are taken. Name a list of Pwned Passwords, "
            "ordered by hash (SHA-1)."
        )
    from farr.portal.review.scanning import check_answers  # noqa: PLC0415  Django is set up first
    from farr.portal.settings import FARR  # noqa: PLC0415

    check_answers()
    if FARR.clamd is None:
        _console.print("Warning: uploads are not scanned for malware. Install ClamAV, and name its clamd in portal.toml: clamd = …")
    _console.print("Nothing is wrong with the settings.")


@portal.command("rotate")
def rotate(
    which: Annotated[Rotated, typer.Argument(help="Which keys: of sessions, of second factors, or of the audit")],
    forget: Annotated[bool, typer.Option("--forget", help="Make no new key, and forget those before the one in use")] = False,
    folder: Folder = None,
) -> None:
    """Puts a new key in use. Example: farr portal rotate factors"""
    named = _folder(folder)
    _django(named)
    _console.print(exchange(installation(named), which, forget=forget))


@portal.command("manage", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context, folder: Folder = None) -> None:
    """Django's own commands. Example: farr portal manage dumpdata people"""
    _django(_folder(folder), as_owner=context.args[:1] == ["migrate"])
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["farr portal manage", *context.args])


@audit.command("verify")
def verify(
    roots: Annotated[
        Path | None, typer.Option(help="Copies of audit/roots that were kept elsewhere; by default the installation's own")
    ] = None,
    folder: Folder = None,
) -> None:
    """Checks the whole audit: edited, deleted, reordered, cut or forked lines are found. Example: farr audit verify --roots /mnt/roots"""
    from farr.portal.trail.trail import Trail  # noqa: PLC0415

    found = Trail(installation(_folder(folder))).verify(roots)
    _console.print(f"The audit is whole: {found.lines} lines, {found.roots} signed root{'' if found.roots == 1 else 's'}.")


@audit.command("root")
def root(
    out: Annotated[Path | None, typer.Option(help="Also write the root to this folder, which lies elsewhere")] = None,
    folder: Folder = None,
) -> None:
    """Signs the audit as it stands; run it daily. Example: farr audit root --out /mnt/roots"""
    from farr.portal.trail.roots import write_new  # noqa: PLC0415
    from farr.portal.trail.trail import Trail  # noqa: PLC0415

    path = Trail(installation(_folder(folder))).sign_root()
    if path is None:
        raise PortalError("nothing was written to the audit yet")
    if out is not None:
        try:
            write_new(out / path.name, path.read_bytes())
        except FileExistsError:
            raise PortalError(f"{out} holds another {path.name}; name a folder of this portal's alone. {path} was signed") from None
    _console.print(f"Signed {path}. Keep a copy where nobody who can write the audit can change it.")


def _password_of(path: Path, user: object) -> str:
    """What a file says for a first password. Raises PortalError where it is none that may be set."""
    from django.contrib.auth.password_validation import validate_password  # noqa: PLC0415  Django is set up first
    from django.core.exceptions import ValidationError  # noqa: PLC0415

    password = path.read_text(encoding="utf-8").strip()
    try:
        validate_password(password, user)  # type: ignore[arg-type]
    except ValidationError as error:
        raise PortalError(f"choose another password: {' '.join(error.messages)}") from None
    return password


def _tell_first_password(password: str, until: datetime | None) -> None:
    """Shows one that was made here; one that came of a file is known already."""
    if password:
        _console.print(f"First password, shown this once: {password}", soft_wrap=True)
    if until is not None:
        _console.print(f"The first password lapses on {until:%-d %B %Y}. Hand it over in person.")


def _day(said: str) -> date | None:
    """Raises PortalError."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise PortalError(f"'{said}' is no day; write it as 2025-06-30") from None


def _folder(folder: Path | None) -> Path:
    named = folder or Path(os.environ.get(FOLDER) or "portal")
    if not (named / SETTINGS).exists():
        raise InstallationError(f"there is no portal in {named}; make one with: farr portal init FOLDER, or name it with --portal")
    return named


def _up_to_date(known: Installation) -> None:
    """Brings the tables up to date; where another account owns them, looks only whether they are. Raises PortalError."""
    if known.database_owner is None:
        _call("migrate", verbosity=0)
        return
    try:
        _call("migrate", verbosity=0, check_unapplied=True)
    except SystemExit:  # Django's way of saying no
        raise PortalError("the tables are of another version; who has the owner's account types: farr portal manage migrate") from None


def _django(folder: Path, *, as_owner: bool = False) -> None:
    os.environ[FOLDER] = str(folder.resolve())
    os.environ.pop(AS_OWNER, None)
    if as_owner:
        os.environ[AS_OWNER] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "farr.portal.settings"
    try:
        import django  # noqa: PLC0415  after its settings are named
    except ModuleNotFoundError:
        raise PortalError("the portal's libraries are not installed; type: pip install 'farr[portal]'") from None
    django.setup()
    if sys.stderr.isatty():
        # Whoever types a command reads what it says; of a job that runs by itself the log is kept, and lines of the audit with it.
        logging.getLogger("farr.audit").setLevel(logging.WARNING)


def _call(name: str, **options: object) -> None:
    from django.core.management import call_command  # noqa: PLC0415  after Django is set up
    from django.core.management.base import CommandError, SystemCheckError  # noqa: PLC0415

    try:
        call_command(name, **options)
    except SystemCheckError as error:
        raise PortalError(f"the settings are not safe: {error}") from None
    except CommandError as error:
        raise PortalError(str(error)) from None


def _places(lab: Path | None, published: Path | None, agreements: Path | None, signatories: Path | None) -> dict[str, Path]:
    of_lab = (
        {} if lab is None else {"published": lab / "published", "agreements": lab / "agreements", "signatories": lab / "signatories.json"}
    )
    given = {"published": published, "agreements": agreements, "signatories": signatories}
    places = of_lab | {name: path for name, path in given.items() if path is not None}
    if missing := [name for name in given if name not in places]:
        what = {"published": "what a lab published", "agreements": "the signed agreements", "signatories": "who may sign agreements"}
        raise PortalError(f"name {what[missing[0]]}: --{missing[0]} PATH; or the lab's home folder: --lab HOME")
    return places


def _keys_of(published: Path) -> tuple[str, ...]:
    """The key that signed the catalogue, where nobody named one: who makes the portal then trusts what lies there."""
    try:
        return (str(json.loads((published / "catalogue.sig").read_text(encoding="utf-8"))["public_key"]),)
    except (OSError, ValueError, KeyError, TypeError):
        raise PortalError(f"nothing was published in {published} yet; name the key: --trusted-key KEY, as farr publish prints it") from None


def _write_secret(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
