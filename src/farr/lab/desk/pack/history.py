"""The versions of a pack as its history tells them: each checked against the chain, its parts and both signatures."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.pack.analysts import Analysts, Signed, is_same_person, public_of
from farr.lab.desk.pack.errors import PackError, PackInvalid
from farr.lab.model.durable.chain import Link

_MANIFEST = "pack.json"
_RESTORE = "restore the pack's folder from a backup"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version whose every byte was checked: `manifest` is pack.json, `parts` the files that it names, by name."""

    pack: str
    number: int
    manifest: bytes
    sha256: str
    parts: Mapping[str, bytes]
    author: Signed
    approver: Signed | None = None

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.manifest)

    def check_second(self, name: str, key: Ed25519PrivateKey) -> None:
        """Raises PackError unless name and key are another person's than the author's."""
        self._check_second(name, public_of(key))

    def approved_by(self, signed: Signed, analysts: Analysts) -> "Version":
        """Raises PackInvalid where the signature is not a second person's under this very version."""
        try:
            self._check_second(signed.name, signed.public_key)
        except PackError as error:
            raise PackInvalid(f"{error}; do not use this version") from None
        analysts.verify(signed, self.manifest, f"version {self.number} of '{self.pack}'")
        return replace(self, approver=signed)

    def _check_second(self, name: str, public_key: str) -> None:
        if is_same_person(name, self.author.name) or public_key == self.author.public_key:
            raise PackError(
                f"{self.author.name} wrote version {self.number} of '{self.pack}', and a second person must approve it, with another "
                "name and another key"
            )


def versions(pack: str, folder: Path, links: Iterable[Link], analysts: Analysts) -> list[Version]:
    """Every version in the history, oldest first; `links` have been checked as they are read. Raises PackInvalid."""
    found: list[Version] = []
    before = ""
    for link in links:
        match link.content.get("event"):
            case "submitted":
                found.append(_submitted(pack, folder / str(len(found) + 1), len(found) + 1, link, before, analysts))
            case "approved":
                _approve(pack, found, link, analysts)
            case _:
                pass
        before = link.hash
    return found


def _submitted(pack: str, folder: Path, number: int, link: Link, before: str, analysts: Analysts) -> Version:
    what = f"version {number} of '{pack}'"
    manifest = _read(folder / _MANIFEST)
    digest = hashlib.sha256(manifest).hexdigest()
    if digest != link.content.get("pack_sha256") or link.content.get("version") != number:
        raise PackInvalid(f"{folder / _MANIFEST} is not what was submitted as {what}; {_RESTORE}")
    signed = Signed.read(link.content.get("by"))
    analysts.verify(signed, manifest, what)
    content: dict[str, Any] = json.loads(manifest)
    stated = (content.get("pack"), content.get("version"), content.get("author"), content.get("previous"))
    if stated != (pack, number, signed.name, before):
        raise PackInvalid(f"{folder / _MANIFEST} belongs to another pack, version, author or history; {_RESTORE}")
    parts = {str(name): _part(folder / name, str(sha256)) for name, sha256 in content["parts"].items()}
    return Version(pack=pack, number=number, manifest=manifest, sha256=digest, parts=parts, author=signed)


def _part(path: Path, sha256: str) -> bytes:
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PackInvalid(f"{path} was changed after it was signed; {_RESTORE}")
    return content


def _approve(pack: str, found: list[Version], link: Link, analysts: Analysts) -> None:
    """Sets the approver of the version that the link names."""
    number = link.content.get("version")
    version = next((each for each in found if each.number == number), None)
    if version is None or link.content.get("pack_sha256") != version.sha256:
        raise PackInvalid(f"the history of '{pack}' approves a version that was not submitted; {_RESTORE}")
    found[version.number - 1] = version.approved_by(Signed.read(link.content.get("by")), analysts)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise PackInvalid(f"{path} is missing or cannot be read; {_RESTORE}") from None
