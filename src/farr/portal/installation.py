"""Installation: one folder with what a portal needs to know (portal.toml), its secrets, its database and its audit."""

import os
import secrets
import tomllib
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from farr.lab.model.errors import FarrError
from farr.portal.hosts import is_of_this_machine

SETTINGS = "portal.toml"
FOLDER = "FARR_PORTAL"
AS_OWNER = "FARR_PORTAL_AS_OWNER"
"""Set by `farr portal manage migrate`, of its own process: the database is then reached as `database_owner`."""
_KNOWN = "/.well-known/"
VAULT = "CREDENTIALS_DIRECTORY"
"""Of the environment: the folder in which systemd puts the secrets that it keeps for a service, decrypted in memory."""
_LOOPBACK = r"(localhost|127(\.\d{1,3}){3}|\[::1\]):\d{1,5}"


class InstallationError(FarrError):
    """The portal cannot start, or a setting is wrong; the message says which, and what to write."""


class Places(BaseModel):
    """From where a role may sign in: networks of addresses, and two-letter countries as the reverse proxy states them. Empty: from any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    countries: tuple[str, ...] = ()


class SignOn(BaseModel):
    """An organisation's own sign-on by OpenID Connect. `server` is its address, or that of its description (…/.well-known/…). `issuer` is
    what it calls itself, to the letter, in its description and in every ID token; by default the server's address. `secret_file` holds the
    client's secret, and lies in the folder. `domains`: whose addresses it may vouch for, such as example.nhs.uk; needed where there are
    several, or one could vouch for another's people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    title: str
    server: str = Field(pattern=r"^https?://[^\s?#]+$")
    issuer: str = ""
    client: str
    secret_file: str
    domains: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """Where it says what it is."""
        return self.server if _KNOWN in self.server else f"{self.server.rstrip('/')}{_KNOWN}openid-configuration"

    @property
    def calls_itself(self) -> str:
        return self.issuer or self.server.partition(_KNOWN)[0]


class Service(BaseModel):
    """How the release service is asked: a Unix socket, or a host and port with certificates. `key_file` signs requests (farr client
    add)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    socket: Path | None = None
    host: str | None = None
    port: int = 8443
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None
    key_file: Path


class Installation(BaseModel):
    """What portal.toml says. Paths are relative to the folder. `trusted_keys`: base64 of the public keys whose releases are shown;
    `agreements`: the folder of signed agreements, beside `signatories` who may sign them. `proxies`: how many reverse proxies add to
    X-Forwarded-For; 0 where the portal answers browsers itself. `country_header` is set by the proxy, which must remove it from what
    comes in. `address` is that by which people reach the portal; links in e-mails begin with it. `breached_passwords`: a list of lines
    HASH:COUNT by SHA-1, ordered by hash. `pages_a_minute` and
    `downloads_a_minute` are of each person. `clamd`: the socket of a scanner for malware, or its address on this machine. `audit_log`:
    whether each line of the audit goes to the log too. `database_owner`: the same database as another account, which owns its tables;
    `farr portal manage migrate` alone uses it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "Farr"
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    https: bool = True
    proxies: int = Field(default=0, ge=0)
    country_header: str | None = None
    database: str = "sqlite:///portal.sqlite3"
    database_owner: str | None = None
    published: Path
    agreements: Path
    signatories: Path
    trusted_keys: tuple[str, ...]
    places: dict[str, Places] = Field(default_factory=dict)
    sign_on: tuple[SignOn, ...] = ()
    service: Service | None = None
    address: str = Field(default="http://localhost:8000", pattern=r"^https?://[^\s?#]+$")
    mail_from: str = "farr@localhost"
    mail_host: str | None = None
    mail_tls: bool = True
    mail_user: str | None = None
    mail_password_file: str | None = None
    training_days: int = Field(default=365, ge=1)
    first_password_days: int = Field(default=7, ge=1)
    password_words: tuple[str, ...] = ()
    breached_passwords: Path | None = None
    pages_a_minute: int = Field(default=240, ge=1)
    downloads_a_minute: int = Field(default=30, ge=1)
    clamd: str | None = Field(default=None, pattern=rf"^(/.+|{_LOOPBACK})$")
    audit_log: bool = True
    folder: Path = Field(exclude=True)

    @model_validator(mode="after")
    def _goes_encrypted(self) -> Self:
        """What leaves this machine does so encrypted. Raises ValueError, which pydantic tells."""
        for each in self.sign_on:
            host = urlsplit(each.server).hostname or ""
            if not each.server.startswith("https://") and (self.https or not is_of_this_machine(host)):
                raise ValueError(f"sign_on '{each.name}': write its server with https://")
        if not self.mail_tls and self.mail_host is not None and not is_of_this_machine(self.mail_host):
            raise ValueError("mail_tls = false is for a mail server of this machine (localhost): remove it, and mail goes by STARTTLS")
        if (self.mail_user is None) is not (self.mail_password_file is None):
            raise ValueError("mail_user and mail_password_file go together: write both, or neither")
        if self.mail_user is not None and not self.mail_tls:
            raise ValueError("mail_user needs STARTTLS, or the password could be read on the way: remove mail_tls = false")
        return self

    def mail_password(self) -> str:
        """Empty where the mail server asks for none. Raises InstallationError."""
        return "" if self.mail_password_file is None else self.secret_of(self.mail_password_file)

    def place(self, path: Path) -> Path:
        return path if path.is_absolute() else self.folder / path

    def secret_place(self, name: str) -> Path:
        """Where a secret lies: in systemd's vault if that holds a file of this name, else in the folder."""
        vault = os.environ.get(VAULT)
        if vault and Path(name).name == name and (Path(vault) / name).is_file():
            return Path(vault) / name
        return self.place(Path(name))

    def secret_of(self, name: str) -> str:
        """What a file of one secret holds, such as a client's secret. Raises InstallationError."""
        return _read(self.secret_place(name)).strip()

    def session_keys(self) -> list[str]:
        """The keys of sessions and tokens, the newest first: it signs, and what an earlier one signed still counts. Raises
        InstallationError."""
        return _lines(self.secret_place("secret.txt"))

    def secret(self) -> str:
        """The key of sessions that is in use. Raises InstallationError."""
        return self.session_keys()[0]

    def factor_keys(self) -> list[bytes]:
        """Of secrets of second factors in the database, the newest first. Raises InstallationError."""
        return [line.encode() for line in _lines(self.secret_place("factors.key"))]

    def factor_cipher(self) -> MultiFernet:
        """Encrypts with the newest key, and decrypts with any. Raises InstallationError."""
        keys = self.factor_keys()
        try:
            return MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise InstallationError(f"{self.secret_place('factors.key')} holds a line that is no key; restore it from a backup") from None

    def audit_key(self) -> Ed25519PrivateKey:
        """Signs the audit's daily roots. Raises InstallationError."""
        return private_key(self.secret_place("audit.pem"))


def installation(folder: Path | str | None = None) -> Installation:
    """The installation in `folder`, or in that which FARR_PORTAL names. Raises InstallationError."""
    named = folder or os.environ.get(FOLDER)
    if not named:
        raise InstallationError(f"no portal is named: set {FOLDER} to its folder, or make one with: farr portal init FOLDER")
    place = Path(named).resolve()
    try:
        said: dict[str, Any] = tomllib.loads(_read(place / SETTINGS))
        return Installation.model_validate({**said, "folder": place})
    except tomllib.TOMLDecodeError as error:
        raise InstallationError(f"{place / SETTINGS} is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said_where = f"{place / SETTINGS}, setting '{where}'" if where else str(place / SETTINGS)
        raise InstallationError(f"{said_where}: {first['msg'].removeprefix('Value error, ')}") from None


def private_key(path: Path) -> Ed25519PrivateKey:
    """Raises InstallationError where the file is no Ed25519 key in PEM."""
    try:
        key = load_pem_private_key(_read(path).encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InstallationError(f"{path} is no Ed25519 key in PEM")
    return key


def new_secret() -> str:
    return secrets.token_urlsafe(64)


def _lines(path: Path) -> list[str]:
    """Raises InstallationError where there is none."""
    found = [line.strip() for line in _read(path).splitlines() if line.strip()]
    if not found:
        raise InstallationError(f"{path} is empty; restore it from a backup")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InstallationError(f"{path} cannot be read ({error.strerror}); make a portal with: farr portal init FOLDER") from None
