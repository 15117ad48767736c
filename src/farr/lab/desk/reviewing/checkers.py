"""Output checkers: the people whose decisions about held tables this home trusts, each vouched for by a guardian or risk owner."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.home import Home, today
from farr.lab.disclosure.review.item import ReviewError, is_same_person
from farr.lab.model.agreement import Signatory, encoded
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.signing import is_signed, signed

_FILE = "checkers.json"


class Checkers:
    """The names and public keys in <home>/checkers.json. An entry that no trusted signatory signed is none."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def trust(self, name: str, key: Ed25519PrivateKey, *, role: Signatory, vouching: Ed25519PrivateKey) -> None:
        """From now on this key decides in this name. Raises ReviewError for a name or key that is taken or none, HomeError for a signatory
        that this home does not know."""
        name = " ".join(name.split())
        if not name or not name.isprintable():
            raise ReviewError("a checker needs a name on one line; type: farr review checker --name 'B. Shah' --out KEYFILE")
        by, known = self._home.signatory_name(role, vouching), self.names()
        public = _public(key)
        if public in known or any(is_same_person(name, other) for other in known.values()):
            raise ReviewError(f"'{name}', or this key, is registered already; one person has one key")
        said = {"name": name, "public_key": public, "role": role.value, "by": by, "on": today().isoformat(), "what": "farr output checker"}
        entries = [*self._entries(), {**said, "signed": signed(said, vouching)}]
        replace_file(self._path, json.dumps(entries, indent=2, ensure_ascii=False).encode() + b"\n")

    def names(self) -> dict[str, str]:
        """By public key. Entries that a guardian or risk owner of this home did not sign are left out."""
        trusted = {each for keys in self._home.trusted_signatories().values() for each in keys}
        found: dict[str, str] = {}
        for entry in self._entries():
            said = {name: value for name, value in entry.items() if name != "signed"}
            signature: Any = entry.get("signed", {})
            if signature.get("public_key") in trusted and is_signed(said, signature) and said.get("what") == "farr output checker":
                found[str(said["public_key"])] = str(said["name"])
        return found

    def name_of(self, key: Ed25519PrivateKey, stated: str) -> str:
        """The name under which the key is registered, which must be the one stated. Raises ReviewError."""
        name = self.names().get(_public(key))
        if name is None:
            raise ReviewError(
                f"this key is not registered for any checker; type: farr review checker --name '{stated}' --out KEYFILE --as guardian "
                "--key GUARDIANS-KEY"
            )
        if not is_same_person(name, stated):
            raise ReviewError(f"this key is registered for '{name}', not for '{stated}'; sign with your own key")
        return name

    @property
    def _path(self) -> Path:
        return self._home.folder / _FILE

    def _entries(self) -> list[dict[str, Any]]:
        try:
            return json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else []
        except ValueError:
            raise ReviewError(f"{self._path} cannot be read; restore it from a backup") from None


def _public(key: Ed25519PrivateKey) -> str:
    return encoded(key.public_key().public_bytes_raw())
