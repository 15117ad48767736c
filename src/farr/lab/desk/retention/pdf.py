"""A certificate as a PDF, to print and sign by hand: real text, tagged, and the same file each time for the same certificate.

It shows what the certificate holds and nothing else. The template reads it from data.json, so that no word is ever typst markup.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from farr.lab.desk.retention.errors import PdfNotSet

_TEMPLATE = "certificate.typ"


def write_pdf(certificate: Path, path: Path | None = None) -> Path:
    """Sets a certificate that was verified to `path` (None: beside it), and returns that. Raises PdfNotSet."""
    content, target = certificate.read_bytes(), path or certificate.with_suffix(".pdf")
    stated: dict[str, Any] = json.loads(content)
    said = _data(certificate.name, content, stated["certificate"], stated["signatures"])
    with tempfile.TemporaryDirectory(prefix="farr-certificate-") as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        template = folder / _TEMPLATE
        template.write_text(resources.files("farr.lab.desk.retention").joinpath(_TEMPLATE).read_text(encoding="utf-8"), encoding="utf-8")
        made = datetime.fromisoformat(stated["certificate"]["certified_at"])
        try:
            typst.compile(template, output=target, root=folder, ignore_system_fonts=True, pdf_standards=["ua-1", "a-2a"], timestamp=made)
        except (RuntimeError, OSError) as error:
            raise PdfNotSet(
                f"{certificate} stands, and its PDF could not be set ({error}); print the page beside it, or type: "
                f"farr certificate pdf {certificate}"
            ) from None
    return target


def _data(file: str, content: bytes, body: Mapping[str, Any], signatures: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "file": file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "certificate": body,
        "counted": {
            "files": str(len(body["files"])),
            "superseded": str(body["files_of_earlier_versions_removed_with_them"]),
            "set_aside": str(body["lists_of_rows_set_aside_removed"]),
            "format": str(body["format"]),
        },
        "rows": [[dataset, year, rows] for dataset, years in body["rows"].items() for year, rows in years.items()],
        "keys": [[year, key or "none; not encrypted by Farr"] for year, key in body["keys"].items()],
        "files": [
            [each["sha256"], each["path"], each["table"], each["month"] or "of no month", each["key"] or "none"] for each in body["files"]
        ],
        "sources": [[each["sha256"], each["file"], each["dataset"], each["loaded_at"]] for each in body["loaded_from"]],
        "signatures": [[role, each["public_key"], each["signature"]] for role, each in signatures.items()],
    }
