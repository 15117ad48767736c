"""A pack's edition as files to send: HTML, PDF and Excel, and a manifest that names both people and the files' hashes."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from farr.lab.desk.pack.edition import Edition
from farr.lab.desk.pack.errors import PackError
from farr.lab.desk.pack.formats.excel import write_excel
from farr.lab.desk.pack.formats.html import write_html
from farr.lab.desk.pack.formats.pdf import write_pdf
from farr.lab.desk.pack.history import Version


def render(shown: Edition, folder: Path, version: Version | None = None) -> list[Path]:
    """Writes <pack>-v<n>.html, .pdf, .xlsx and, for an approved version, .manifest.json to `folder`; their paths. What is not
    approved has DRAFT in its name too. Raises PackError."""
    standing = shown.standing
    number = "" if version is None else f"-v{version.number}"
    stem = f"{standing.pack}{number}{'-DRAFT' if standing.is_draft else ''}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [
            write_html(shown, folder / f"{stem}.html"),
            write_excel(shown, folder / f"{stem}.xlsx"),
            write_pdf(shown, folder / f"{stem}.pdf"),
        ]
        return written if version is None or version.approver is None else [*written, _manifest(version, written, folder / stem)]
    except OSError as error:
        raise PackError(f"{folder} cannot be written ({error.strerror}); choose another folder with --out") from None


def _manifest(version: Version, written: list[Path], stem: Path) -> Path:
    approver = None if version.approver is None else asdict(version.approver)
    content: dict[str, Any] = {
        "pack": version.content,
        "pack_sha256": version.sha256,
        "author": asdict(version.author),
        "approver": approver,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written},
    }
    path = stem.with_name(f"{stem.name}.manifest.json")
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
