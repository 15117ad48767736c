"""The catalogue of what is published: which release holds which standard view. Signed; the portal reads it before anything else."""

import base64
import json
import os
from collections.abc import Collection
from enum import Enum
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

from farr.lab.disclosure.released import ReleaseInvalid
from farr.lab.model.agreement import encoded

CATALOGUE = "catalogue.json"
_SIGNATURE = "catalogue.sig"


class ViewKind(Enum):
    """The shapes in which figures are published ahead of time."""

    YEAR = "rolling year"
    MONTHS = "months"
    BREAKDOWN = "breakdown"


class Entry(BaseModel):
    """One standard view: a measure at a level over a period. `releases` are the folders that hold its figures (activity, then
    population, where there is one); empty with a `reason` where it could not be made. `earlier` are those of the periods before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    level: str
    kind: ViewKind
    by: str | None = None
    period: str
    left_out: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    reason: str | None = None
    earlier: tuple[dict[str, str | tuple[str, ...]], ...] = ()

    @property
    def view(self) -> tuple[str, str, str, str]:
        """What the entry is about, whatever its period."""
        return self.measure, self.level, self.kind.value, self.by or ""


class Catalogue(BaseModel):
    """Everything published under one agreement, as of one state of the data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = 1
    made_at: str
    agreement: str
    code_version: str
    is_synthetic: bool
    first_month: str
    last_month: str
    store_versions: dict[str, int]
    measures: dict[str, dict[str, Any]]
    entries: tuple[Entry, ...]


def write_catalogue(catalogue: Catalogue, folder: Path, key: Ed25519PrivateKey) -> Path:
    """Writes folder/catalogue.json and its signature, each whole or not at all; returns the path of the first.

    A reader who meets the new catalogue beside the old signature is told that they do not fit, and reads again."""
    content = catalogue.model_dump_json(indent=1).encode() + b"\n"
    signature = {"public_key": encoded(key.public_key().public_bytes_raw()), "signature": encoded(key.sign(content))}
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / CATALOGUE, content)
    _replace(folder / _SIGNATURE, json.dumps(signature, indent=2).encode() + b"\n")
    return folder / CATALOGUE


def read_catalogue(folder: Path, trusted_keys: Collection[str]) -> Catalogue | None:
    """The catalogue in `folder`; None where nothing was published yet. Raises ReleaseInvalid where it was changed or was signed
    with another key."""
    path = folder / CATALOGUE
    if not path.exists():
        return None
    content = path.read_bytes()
    try:
        stated: Any = json.loads((folder / _SIGNATURE).read_bytes())
        public, signature = str(stated["public_key"]), base64.b64decode(stated["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public)).verify(signature, content)
    except (OSError, ValueError, KeyError, TypeError, InvalidSignature):
        raise ReleaseInvalid(f"{path} does not fit its signature; type: farr publish, which writes both again") from None
    if public not in trusted_keys:
        raise ReleaseInvalid(f"{path} was signed with a key that is not trusted here; do not use it, and ask who published it")
    return Catalogue.model_validate_json(content)


def _replace(path: Path, content: bytes) -> None:
    staging = path.with_name(f".{path.name}.new")
    with staging.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    staging.replace(path)
