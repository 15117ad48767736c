"""The catalogue of what is published: which release holds which standard view. Signed; the portal reads it before anything else."""

import base64
import json
from collections.abc import Collection
from enum import Enum
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from farr.lab.disclosure.released import ReleaseInvalid
from farr.lab.model.agreement import encoded
from farr.lab.model.durable.disk import replace_file

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
    # Of releases that rest on records since destroyed, what must be said with them; by release.
    notices: dict[str, str] = Field(default_factory=dict[str, str])


def write_catalogue(catalogue: Catalogue, folder: Path, key: Ed25519PrivateKey) -> Path:
    """Writes folder/catalogue.json and its signature; returns the path of the first.

    The signature is written first, with that of the catalogue that still stands beside it: whoever reads between the two, or after
    a run that was killed there, finds one that fits."""
    content = catalogue.model_dump_json(indent=1).encode() + b"\n"
    public = encoded(key.public_key().public_bytes_raw())
    signature = {"public_key": public, "signature": encoded(key.sign(content)), "before": _standing(folder, public)}
    replace_file(folder / _SIGNATURE, json.dumps(signature, indent=2).encode() + b"\n")
    replace_file(folder / CATALOGUE, content)
    return folder / CATALOGUE


def read_catalogue(folder: Path, trusted_keys: Collection[str]) -> Catalogue | None:
    """The catalogue in `folder`; None where nothing was published yet. Raises ReleaseInvalid where it was changed or was signed
    with another key."""
    path = folder / CATALOGUE
    if not path.exists():
        return None
    public, signatures = _signatures(folder)
    content = path.read_bytes()
    if not any(_fits(content, public, signature) for signature in signatures):
        raise ReleaseInvalid(
            f"{path} does not fit its signature; restore both from a backup, or delete both and type: farr publish, which then begins "
            "without earlier editions"
        )
    if public not in trusted_keys:
        raise ReleaseInvalid(f"{path} was signed with a key that is not trusted here; do not use it, and ask who published it")
    try:
        return Catalogue.model_validate_json(content)
    except ValidationError:
        raise ReleaseInvalid(f"{path} was signed but this version of Farr cannot read it; upgrade Farr") from None


def _standing(folder: Path, public: str) -> str | None:
    """The signature, by this key, of the catalogue that stands in the folder."""
    path = folder / CATALOGUE
    signer, signatures = _signatures(folder)
    if signer != public or not path.exists():
        return None
    content = path.read_bytes()
    return next((each for each in signatures if _fits(content, public, each)), None)


def _signatures(folder: Path) -> tuple[str, list[str]]:
    """The signing key and the signatures of the catalogue and the one before; none where the file is missing or is none."""
    try:
        stated: Any = json.loads((folder / _SIGNATURE).read_bytes())
        given = (stated["signature"], stated.get("before"))
        return str(stated["public_key"]), [str(each) for each in given if each is not None]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", []


def _fits(content: bytes, public: str, signature: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (ValueError, InvalidSignature):
        return False
    return True
