"""Notices beside releases: that the records which one rests on were destroyed. Signed by the installation, as the release is."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.released import ReleaseInvalid
from farr.lab.model.signing import is_signed, signed

NOTICE = "notice.json"


def write_notice(folder: Path, content: dict[str, Any], key: Ed25519PrivateKey) -> None:
    """Writes folder/notice.json. An earlier notice stands: once what a release rests on is gone, it stays gone."""
    if not (folder / NOTICE).exists():
        staging = folder / f".{NOTICE}.new"
        staging.write_text(json.dumps({**content, "signed": signed(content, key)}, indent=2) + "\n", encoding="utf-8")
        staging.replace(folder / NOTICE)


def notice(folder: Path, public_key: str) -> str | None:
    """What the notice beside a release says; None where there is none. Raises ReleaseInvalid where this key did not sign it."""
    path = folder / NOTICE
    if not path.exists():
        return None
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        signature = content.pop("signed")
        if signature["public_key"] == public_key and is_signed(content, signature):
            return str(content["says"])
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise ReleaseInvalid(f"{path} was changed, or was not signed by this installation; restore it from a backup")


def notices(published: Path, public_key: str) -> dict[str, str]:
    """What is said beside the releases in a folder, by release. Raises ReleaseInvalid as `notice` does."""
    found = {path.parent.name: notice(path.parent, public_key) for path in sorted(published.glob(f"*/{NOTICE}"))}
    return {name: said for name, said in found.items() if said is not None}
