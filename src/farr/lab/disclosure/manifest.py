"""Manifest: what a release says about itself, in plain data that can be signed and read back."""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """How a table came to be shown. `question` is Question.canonical() (empty for a derived figure, whose `derived_from` names
    the releases it rests on); `checks` are (name, outcome); `approvers` those who signed it off, empty while nobody has to."""

    release_id: str
    name: str
    question: dict[str, Any]
    question_identity: str
    agreement: str
    policy: str
    checks: tuple[tuple[str, str], ...]
    store_versions: dict[str, int]
    code_version: str
    released_at: str
    table_sha256: str
    derived_from: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def signed_bytes(self) -> bytes:
        """The bytes of manifest.json, which the signature covers."""
        return json.dumps(self.as_dict(), sort_keys=True, indent=2, ensure_ascii=False).encode() + b"\n"


def read_manifest(content: dict[str, Any]) -> Manifest:
    """The manifest in parsed JSON. Raises ValueError where it holds none."""
    try:
        # JSON knows lists only.
        restored: dict[str, Any] = dict(content)
        restored["checks"] = tuple((str(name), str(outcome)) for name, outcome in content["checks"])
        restored["derived_from"] = tuple(content["derived_from"])
        restored["approvers"] = tuple(content["approvers"])
        return Manifest(**restored)
    except (TypeError, KeyError) as error:
        raise ValueError(f"the manifest lacks or has too many entries: {error}") from None
