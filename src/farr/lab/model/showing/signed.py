"""Documents of the lab for readers: plain data under the signature of an installation, and for what they are."""

import gzip
import json
import zlib
from collections.abc import Collection
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from farr.lab.model.errors import FarrError
from farr.lab.model.signing import is_signed, signed

D = TypeVar("D", bound=BaseModel)
CONTENTS = "contents.json.gz"


class NotSigned(FarrError):
    """A document that is not shown: changed, signed by a key that is not trusted, or about something else than was asked for."""


def page_about(request: dict[str, Any], nonce: str = "") -> dict[str, Any]:
    """What a page's signature says that it is: the answer to the request that was asked (dumped to JSON), and where the service gave it,
    to the one with that nonce."""
    return {"what": "farr page", "request": request, "nonce": nonce}


def ahead_about(level: str, organisation: str, measure: str, norm: str) -> dict[str, Any]:
    """Of a page that was made ahead, of the latest rolling year: what its signature says that it is. Its reader knows no more than this."""
    return {"what": "farr page made ahead", "level": level, "organisation": organisation, "measure": measure, "norm": norm}


def overview_about(level: str, organisation: str, norm: str) -> dict[str, Any]:
    return {"what": "farr overview", "level": level, "organisation": organisation, "norm": norm}


def asked_overview_about(request: dict[str, Any], nonce: str) -> dict[str, Any]:
    """Of an overview that the service gives: as `page_about`."""
    return {"what": "farr overview that was asked for", "request": request, "nonce": nonce}


def statement_about(level: str, organisation: str, kind: str, name: str) -> dict[str, Any]:
    return {"what": "farr statement", "level": level, "organisation": organisation, "kind": kind, "name": name}


def statements_about(level: str, organisation: str) -> dict[str, Any]:
    return {"what": "farr statements", "level": level, "organisation": organisation}


def contents_about() -> dict[str, Any]:
    return {"what": "farr contents"}


def overview_path(level: str, organisation: str, norm: str) -> str:
    """Where an overview lies under pages/ of what is published."""
    return f"{level}.{_safe(organisation)}/overview.{norm}.json.gz"


def page_path(level: str, organisation: str, measure: str, norm: str) -> str:
    """Where a page that was made ahead lies under pages/ of what is published."""
    return f"{level}.{_safe(organisation)}/{measure}.{norm}.json.gz"


def statement_path(level: str, organisation: str, kind: str, name: str) -> str:
    """Where a statement lies under statements/ of what is published."""
    return f"{level}.{_safe(organisation)}/{kind}.{name}.json.gz"


def statements_path(level: str, organisation: str) -> str:
    """Where the list of an organisation's statements lies, beside them."""
    return f"{level}.{_safe(organisation)}/list.json.gz"


def write_signed(document: BaseModel, about: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The document with its signature, as the bytes of a file: the same for the same document."""
    body = document.model_dump(mode="json")
    content = {"document": body, "signed": signed({"about": about, "document": body}, key)}
    # A figure that is no number would be written as no JSON has it, and is a mistake of whoever made the document.
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def read_signed(raw: bytes, kind: type[D], about: dict[str, Any], trusted: Collection[str], name: str) -> D:
    """The document in the bytes of a file called `name` in errors. Raises NotSigned unless a trusted key (base64) signed this very
    document as what `about` says."""
    try:
        content: Any = json.loads(gzip.decompress(raw))
        body, signature = content["document"], content["signed"]
        public = str(signature["public_key"])
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        raise NotSigned(f"{name} cannot be read; publish it again, or restore it from a backup") from None
    if public not in trusted:
        raise NotSigned(f"{name} was signed with a key that is not trusted here; do not use it, and ask who published it")
    if not is_signed({"about": about, "document": body}, signature):
        raise NotSigned(f"{name} was changed after it was signed, or is about something else; publish it again")
    try:
        return kind.model_validate(body)
    except ValidationError:
        raise NotSigned(f"{name} was signed but this version of Farr cannot read it; upgrade Farr") from None


def _safe(code: str) -> str:
    """A file name for a code, different for different codes."""
    return "".join(each if each.isalnum() else f"_{ord(each):x}_" for each in code)
