"""Analysts: the people whose signatures under a pack this home trusts, by name and key."""

import base64
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from farr.lab.desk.pack.errors import PackError, PackInvalid
from farr.lab.model.agreement import encoded

_FILE = "analysts.json"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """One person's Ed25519 signature; key and signature are base64, the date is by English civil time."""

    name: str
    public_key: str
    signature: str
    signed_on: str

    @classmethod
    def read(cls, content: Any) -> "Signed":
        """Raises PackInvalid where the content is no signature."""
        try:
            return cls(**{name: str(content[name]) for name in ("name", "public_key", "signature", "signed_on")})
        except (KeyError, TypeError):
            raise PackInvalid("a signature in the pack's history cannot be read; restore the pack's folder from a backup") from None


class Analysts:
    """The names and public keys in <home>/analysts.json."""

    def __init__(self, home: Path) -> None:
        self._path = home / _FILE

    def trust(self, name: str, key: Ed25519PrivateKey) -> None:
        """From now on this key signs packs in this name. Raises PackError for a name that is empty or spans lines."""
        if not name.strip() or not name.isprintable():
            raise PackError("an analyst needs a name on one line; type: farr pack signatory --name 'A. Analyst' --out KEYFILE")
        known = [*self._known(), {"name": " ".join(name.split()), "public_key": public_of(key)}]
        self._path.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def name_of(self, key: Ed25519PrivateKey, stated: str) -> str:
        """The name under which the key is registered, which must be the one stated. Raises PackError."""
        name = self._name(public_of(key))
        if name is None:
            raise PackError(f"this key is not registered for any analyst; type: farr pack signatory --name '{stated}' --out KEYFILE")
        if not is_same_person(name, stated):
            raise PackError(f"this key is registered for '{name}', not for '{stated}'; sign with your own key, or type: --as '{name}'")
        return name

    def sign(self, content: bytes, key: Ed25519PrivateKey, stated: str, on: date) -> Signed:
        """The content signed in the stated name. Raises PackError unless the key is registered for that name."""
        name = self.name_of(key, stated)
        return Signed(name=name, public_key=public_of(key), signature=encoded(key.sign(content)), signed_on=on.isoformat())

    def verify(self, signed: Signed, content: bytes, what: str) -> None:
        """Raises PackInvalid unless a trusted key, registered for that name, signed exactly this content."""
        name = self._name(signed.public_key)
        if name is None or name != signed.name:
            raise PackInvalid(
                f"{what}: the key that signed for '{signed.name}' is not one that this home trusts for that name; do not use it"
            )
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed.public_key))
            key.verify(base64.b64decode(signed.signature), content)
        except (InvalidSignature, ValueError):
            raise PackInvalid(f"{what} was changed after {signed.name} signed it; restore the pack's folder from a backup") from None

    def _name(self, public_key: str) -> str | None:
        return next((entry["name"] for entry in self._known() if entry["public_key"] == public_key), None)

    def _known(self) -> list[dict[str, str]]:
        return json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else []


def public_of(key: Ed25519PrivateKey) -> str:
    return encoded(key.public_key().public_bytes_raw())


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one but for case and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
