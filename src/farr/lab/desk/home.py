"""A Farr home: the folder in which one installation keeps its agreements, keys, stores, ledgers and releases."""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import farr
from farr.lab.disclosure.ledger import Ledger
from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.engines.engine import Engine
from farr.lab.engine.engines.named import engine_named
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, AtRest, Signatory, Terms, check_not_behind, civil_date, encoded, read_agreement
from farr.lab.model.durable.disk import one_at_a_time, replace_file
from farr.lab.model.errors import FarrError

_SHOWING = ("portal", "care")


class HomeError(FarrError):
    """The home folder lacks something; the message says what, and what to type."""


@dataclass(frozen=True)
class Home:
    """Paths and keys of one installation. Nothing here opens records: that needs a live agreement."""

    folder: Path

    @classmethod
    def open(cls, folder: Path | str | None = None) -> "Home":
        """The home at `folder`, else at $FARR_HOME, else at ./farr-home; the folder is made where it is missing."""
        chosen = Path(folder or os.environ.get("FARR_HOME") or "farr-home").resolve()
        chosen.mkdir(parents=True, exist_ok=True)
        return cls(chosen)

    def agreement_path(self, agreement_id: str) -> Path:
        return self.folder / "agreements" / f"{agreement_id}.json"

    def agreement_ids(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / "agreements").glob("*.json"))

    def agreement(self, agreement_id: str) -> Agreement:
        """The agreement, approved by both signatories and live today. Raises AgreementError: nothing runs outside one."""
        agreement = read_agreement(self.agreement_path(agreement_id))
        agreement.check_approved(self.trusted_signatories())
        agreement.check_live(today())
        last = self.ledger(agreement_id).last_written_at()
        check_not_behind(today(), last, f"the last entry of the ledger of '{agreement_id}'", _otherwise(agreement_id))
        return agreement

    def check_known(self, agreement_id: str) -> None:
        """Raises HomeError where the home holds no agreement of that id, live or not."""
        if agreement_id not in (held := self.agreement_ids()):
            raise HomeError(f"there is no agreement '{agreement_id}' in {self.folder}; it holds: {', '.join(held) or 'none'}")

    def only_agreement(self) -> str:
        """The id of the one agreement held; raises HomeError where there are none or several."""
        ids = self.agreement_ids()
        if len(ids) != 1:
            held = ", ".join(ids) or "none"
            raise HomeError(f"name the agreement with --agreement; {self.folder} holds: {held}")
        return ids[0]

    def store(self, agreement_id: str) -> Store:
        return self.store_of(self.agreement(agreement_id).terms)

    def store_of(self, terms: Terms) -> Store:
        """The store of these terms, whether or not their agreement is live: to destroy what it holds, and not to open records."""
        folder = self.folder / "stores" / terms.id
        keys = Keys(self.data_keys(terms.id), folder / "_keys")
        return Store(folder, retention_years=terms.retention_years, keys=keys, sealing=terms.at_rest is AtRest.ENCRYPTED)

    def data_keys(self, agreement_id: str) -> Path:
        """The folder of the keys of an agreement's records: under $FARR_KEYS, so that they can lie on another disk, else under keys/."""
        return Path(os.environ.get("FARR_KEYS") or self.folder / "keys" / "data").resolve() / agreement_id

    def engine(self) -> Engine:
        """What runs questions and builds marts: $FARR_ENGINE, which `farr --engine` sets, else DuckDB. Raises EngineMissing."""
        return engine_named(os.environ.get("FARR_ENGINE") or "duckdb")

    def ledger(self, agreement_id: str) -> Ledger:
        """The agreement's ledger, which knows what was released under every other agreement of this home, ended ones among them."""
        folder = self.folder / "ledger"
        return Ledger(folder / f"{agreement_id}.jsonl", beside=folder)

    def quarantine(self, agreement_id: str) -> Path:
        return self.folder / "quarantine" / agreement_id

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def trusted_signatories(self) -> dict[Signatory, frozenset[str]]:
        """Public keys trusted to sign agreements, by role."""
        known = self._signatories()
        return {role: frozenset(entry["public_key"] for entry in known.get(role.value, [])) for role in Signatory}

    def signatory_name(self, role: Signatory, key: Ed25519PrivateKey) -> str:
        public = encoded(key.public_key().public_bytes_raw())
        for entry in self._signatories().get(role.value, []):
            if entry["public_key"] == public:
                return entry["name"]
        raise HomeError(
            f"this key is not registered as {role.value}; type: farr agreement signatory --as {role.value} --name NAME --out KEYFILE"
        )

    def trust(self, role: Signatory, name: str, key: Ed25519PrivateKey) -> None:
        known = self._signatories()
        known.setdefault(role.value, []).append({"name": name, "public_key": encoded(key.public_key().public_bytes_raw())})
        replace_file(self.folder / "signatories.json", json.dumps(known, indent=2).encode() + b"\n")

    def release_key(self) -> Ed25519PrivateKey:
        """The key that signs releases, made on first use and readable by its owner alone."""
        path = self.folder / "keys" / "release.pem"
        with one_at_a_time(path.parent):  # of two processes on a new home, one makes it and the other reads it whole
            return read_key(path) if path.exists() else make_key(path)

    def content_key(self) -> bytes:
        """The secret with which ledgers keep what tells that two agreements hold the same records, made on first use: without it such a
        digest could be guessed from counts. Where it is lost, Farr takes releases of before for those of the same records. Which of several
        rows is hidden hangs on it too (disclosure/tables/leaning.py)."""
        path = self.folder / "keys" / "content.key"
        with one_at_a_time(path.parent):
            if not path.exists():
                staging = path.with_name(f".{path.name}.new")  # of one that is killed nothing stands under the name
                with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    file.write(secrets.token_bytes(32))
                    file.flush()
                    os.fsync(file.fileno())
                staging.replace(path)
            return path.read_bytes()

    def public_key(self) -> str:
        """The public half of `release_key` in base64: what readers of publications and answers trust."""
        return encoded(self.release_key().public_key().public_bytes_raw())

    def _signatories(self) -> dict[str, list[dict[str, str]]]:
        path = self.folder / "signatories.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _otherwise(agreement_id: str) -> str:
    return f'; or, where it was ahead when that was written, type: farr agreement clock {agreement_id} --reason "WHY"'


def make_key(path: Path) -> Ed25519PrivateKey:
    """A new Ed25519 key in a PEM file that only its owner can read. Raises HomeError rather than overwrite one."""
    if path.exists():
        raise HomeError(f"{path} exists already; a key is never overwritten")
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    if not path.is_file():
        raise HomeError(f"there is no key file {path}")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        raise HomeError(f"{path} is not a key file that Farr can read (PEM, PKCS8, Ed25519)") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise HomeError(f"{path} holds another kind of key; Farr signs with Ed25519")
    return key


@cache
def code_version() -> str:
    """The version of Farr with the beginning of a hash over its source: two releases that differ in code differ in this. Portal and care
    compute nothing that is released, and are no part of it."""
    digest = hashlib.sha256()
    folder = Path(farr.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".csv"} and path.relative_to(folder).parts[0] not in _SHOWING:
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return f"{version('farr')}+{digest.hexdigest()[:8]}"


def today() -> date:
    """The date by English civil time, by which agreements begin and end."""
    return civil_date(datetime.now(UTC))
