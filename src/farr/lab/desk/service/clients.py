"""Clients of the release service: names, public keys, and the agreements under which each may ask."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.agreement import encoded
from farr.lab.model.errors import FarrError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class ClientError(FarrError):
    """A client that is not known, or is known already; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Client:
    name: str
    public_key: str
    agreements: tuple[str, ...]


class Clients:
    """The file clients.json of a home folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / "clients.json"

    def all(self) -> list[Client]:
        if not self._path.exists():
            return []
        try:
            held: list[dict[str, object]] = json.loads(self._path.read_text(encoding="utf-8"))
            return [_client(each) for each in held]
        except (ValueError, TypeError, KeyError):
            raise ClientError(
                "clients.json of the home folder cannot be read; restore it from a backup, or remove it and add clients anew"
            ) from None

    def by_key(self, public_key: str) -> Client:
        """Raises ClientError for a key that nobody registered."""
        for client in self.all():
            if client.public_key == public_key:
                return client
        raise ClientError("the request was signed with a key that is not registered here; type: farr client add NAME --out KEYFILE")

    def check_new(self, name: str) -> None:
        """Raises ClientError for a name that is taken or cannot be one."""
        if _NAME.fullmatch(name) is None:
            raise ClientError(f"'{name}' cannot be a client's name: write lower-case letters, digits and hyphens")
        if any(client.name == name for client in self.all()):
            raise ClientError(f"there is a client '{name}' already; remove it first, with: farr client remove {name}")

    def add(self, name: str, key: Ed25519PrivateKey, agreements: tuple[str, ...]) -> None:
        """Raises ClientError as `check_new` does."""
        self.check_new(name)
        known = self.all()
        self._write([*known, Client(name=name, public_key=encoded(key.public_key().public_bytes_raw()), agreements=agreements)])

    def remove(self, name: str) -> None:
        """Raises ClientError where there is no such client."""
        known = self.all()
        kept = [client for client in known if client.name != name]
        if len(kept) == len(known):
            raise ClientError(f"there is no client '{name}'; known: {', '.join(client.name for client in known) or 'none'}")
        self._write(kept)

    def _write(self, clients: list[Client]) -> None:
        staging = self._path.with_suffix(".new")
        staging.write_text(json.dumps([asdict(client) for client in clients], indent=2) + "\n", encoding="utf-8")
        staging.chmod(0o600)  # who may ask is decided by whoever may write this
        staging.replace(self._path)


def _client(held: dict[str, object]) -> Client:
    agreements = held["agreements"]
    listed = tuple(str(each) for each in agreements) if isinstance(agreements, list) else ()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return Client(name=str(held["name"]), public_key=str(held["public_key"]), agreements=listed)
