"""The supplier's master key file, and the keys of each agreement that are derived from it.

One 256-bit master key stays with the supplier. Every agreement's key comes from it by HKDF-SHA256 (RFC 5869), so that the
pseudonyms of two agreements cannot be joined, and an agreement's key is destroyed with the master key only. There is nothing
to store for each agreement, and the laboratory holds no key at all.
"""

import base64
import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from farr.lab.model.errors import FarrError

_FORMAT = "farr supplier master key"
_VERSION = 1
_KEY_BYTES = 32
_DERIVATION = "farr pseudonym key, version 1"


class KeyFileError(FarrError):
    """A key file that cannot be made or trusted; the message names the file and what to do, never the key."""


@dataclass(frozen=True)
class MasterKey:
    """32 secret bytes; neither repr nor errors show them."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """16 hex characters that name the key in manifests: derived by HKDF, so that it tells nothing about any key in use."""
        return _derived(self.secret, b"farr master key fingerprint, version 1")[:8].hex()

    def agreement_key(self, agreement_id: str, purpose: str) -> bytes:
        """The 32-byte key of one agreement for one kind of identifier, such as 'nhs-number'.

        The feed is no part of it: one person has one pseudonym in all files of an agreement, or nothing could be linked there.
        """
        # JSON keeps the parts apart: no agreement's name can run into a purpose's.
        return _derived(self.secret, json.dumps([_DERIVATION, agreement_id, purpose]).encode())


def make_master_key(path: Path) -> MasterKey:
    """Writes a new key file that only its owner can read. Raises KeyFileError rather than overwrite anything."""
    secret = secrets.token_bytes(_KEY_BYTES)
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "made_on": datetime.now(UTC).date().isoformat(),
        "key": base64.b64encode(secret).decode(),
    }
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already, and a key is never overwritten; choose another --out") from None
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be made: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return MasterKey(secret)


def read_master_key(path: Path) -> MasterKey:
    """Raises KeyFileError where the file is missing, readable by others, or no key file."""
    if not path.is_file():
        raise KeyFileError(f"there is no key file {path}; type: farr keygen --out {path}")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileError(f"{path} can be read or changed by other users of this machine; type: chmod 600 {path}")
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        return MasterKey(_checked_secret(content))
    except (ValueError, KeyError, TypeError):
        raise KeyFileError(f"{path} is not a supplier key file of version {_VERSION}; type: farr keygen --out OTHERFILE") from None


def _checked_secret(content: dict[str, Any]) -> bytes:
    secret = base64.b64decode(content["key"], validate=True)
    if content["format"] != _FORMAT or content["version"] != _VERSION or len(secret) != _KEY_BYTES:
        raise ValueError("another format")
    return secret


def _derived(secret: bytes, info: bytes) -> bytes:
    # No salt: the master key is uniformly random, which RFC 5869 section 3.1 allows.
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret)
