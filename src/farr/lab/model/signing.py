"""Signatures over plain data: of holds, certificates and notices."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from farr.lab.model.agreement import encoded


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: the same for the same content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(content: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, str]:
    public = encoded(key.public_key().public_bytes_raw())
    return {"public_key": public, "signature": encoded(key.sign(canonical(content)))}


def is_signed(content: Mapping[str, Any], signature: Mapping[str, Any]) -> bool:
    """Whether the signature is under this very content, by the key that it names. Whether that key is trusted is another question."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(str(signature["public_key"])))
        key.verify(_decoded(str(signature["signature"])), canonical(content))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def _decoded(text: str) -> bytes:
    """Raises ValueError for a text that is not as `encoded` writes it: Base64 has several texts for the same bytes."""
    found = base64.b64decode(text, validate=True)
    if encoded(found) != text:
        raise ValueError("not as it was written")
    return found
