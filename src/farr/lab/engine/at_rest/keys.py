"""The keys of one agreement's records at rest: one a financial year, so that a year is destroyed with its key.

Which key a file was written with is told by its name: `….2019-20.parquet` by that year's, `….passing.parquet` by one that this process
alone holds and never writes down; any other name is not encrypted. What is on its way (`_staging`) is written with the passing key
where its years are not known yet; once the process has ended, nobody can read it.
"""

import base64
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import final

from farr.lab.engine.errors import StoreError
from farr.lab.model.durable.synced import to_disk
from farr.lab.model.period import FinancialYear, Month

PASSING = "passing"
_NAMED = re.compile(r"\.(\d{4}-\d{2}|passing)\.parquet$")
_TIMES = 3  # that a key is overwritten
_BYTES = 32  # AES-256, in GCM: DuckDB's Parquet encryption


@final
class Keys:
    """The keys in `folder`, `<year>.key` each, readable by their owner alone; without a folder, the passing key alone.

    `marks` (beside the records, so that the two folders may be backed up apart) holds a mark of each key that was ever made, and of
    each that was destroyed: a key that is lost is never quietly replaced, nor a destroyed year begun again."""

    def __init__(self, folder: Path | None = None, marks: Path | None = None) -> None:
        self.folder = folder
        self._marks = marks or folder
        self._passing = _new()

    def __repr__(self) -> str:
        return f"Keys({self.folder})"

    def secret(self, name: str) -> str:
        """The key of a year (or the passing one) in base64. Raises StoreError where it is not there, is another, or was destroyed."""
        if name == PASSING:
            return self._passing
        year = FinancialYear.parse(name)
        if self.is_destroyed(year):
            raise StoreError(
                f"records of {year} cannot be read any more: they were destroyed, or are being destroyed (see destroyed/ of the home "
                "folder); where that was interrupted, type the same again: farr destroy --before"
            )
        path = self._in(self.folder, year, "key")
        try:
            held = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise StoreError(f"there is no key {path}, so {year} cannot be read; restore it from the keys' backup") from None
        mark = self.fingerprint(year)
        if len(_decoded(held)) != _BYTES or (mark is not None and mark != _fingerprint(held)):
            raise StoreError(f"{path} is not the key that {year} was written with; restore it from the keys' backup")
        return held

    def make(self, year: FinancialYear) -> str:
        """The name of the year's key, which is made where there never was one. Raises StoreError where it was lost or destroyed."""
        self.check_not_destroyed([year])
        path, mark = self._in(self.folder, year, "key"), self._in(self._marks, year, "made")
        if not path.exists() and not mark.exists():
            _write_once(path, _new() + "\n")
        if not mark.exists():
            _write_once(mark, _fingerprint(path.read_text(encoding="ascii").strip()) + "\n")
        self.secret(str(year))
        return str(year)

    def name_for(self, months: Sequence[Month]) -> str:
        """The key to write these months with: their year's, made where there is none, or the passing one where they are of several."""
        years = {FinancialYear.of(month) for month in months}
        return self.make(years.pop()) if len(years) == 1 and self.folder is not None else PASSING

    def fingerprint(self, year: FinancialYear) -> str | None:
        """By which a year's key is known, and which does not give it away; None where none was ever made."""
        mark = self._in(self._marks, year, "made")
        return mark.read_text(encoding="ascii").strip() if mark.exists() else None

    def is_held(self, year: FinancialYear) -> bool:
        """Whether the file of the year's key is there, destroyed before or not."""
        return self._in(self.folder, year, "key").exists()

    def copies(self, year: FinancialYear, files: Iterable[Path]) -> list[Path]:
        """Which of these files hold the year's key, under whatever name."""
        mark = self.fingerprint(year)
        return [path for path in files if path.stat().st_size < 2 * len(self._passing) and _fingerprint(_said(path)) == mark]

    def check_not_destroyed(self, years: Iterable[FinancialYear]) -> None:
        """Raises StoreError where a year was destroyed."""
        gone = sorted(year for year in years if self.folder is not None and self.is_destroyed(year))
        if gone:
            raise StoreError(
                f"{', '.join(map(str, gone))} was destroyed under a certificate (see destroyed/ of the home folder), and is not begun "
                "again; leave its months out with --period; to hold them anew takes a new agreement"
            )

    def is_destroyed(self, year: FinancialYear) -> bool:
        return any(self._in(folder, year, "destroyed").exists() for folder in (self.folder, self._marks))

    def close(self, year: FinancialYear, why: str) -> None:
        """Marks the year as destroyed: from now on its key opens nothing and its months are not loaded."""
        for folder in (self.folder, self._marks):
            if not (tomb := self._in(folder, year, "destroyed")).exists():
                said = {"year": str(year), "destroyed_at": datetime.now(UTC).isoformat(timespec="seconds"), "why": why}
                _write_once(tomb, json.dumps(said) + "\n")

    def destroy(self, year: FinancialYear) -> None:
        """Overwrites the year's key and removes it. Overwriting is no guarantee on flash storage, and reaches no copy: backups of the
        key must be destroyed too."""
        path = self._in(self.folder, year, "key")
        if not path.exists():
            return
        with path.open("r+b") as file:
            for _ in range(_TIMES):
                file.seek(0)
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        path.unlink()
        to_disk(path.parent)

    def _in(self, folder: Path | None, year: FinancialYear, ending: str) -> Path:
        if folder is None:
            raise StoreError(f"no folder of keys was given, so {year} can be neither read nor written; open the store with Home.store()")
        return folder / f"{year}.{ending}"


def key_name(path: Path) -> str | None:
    """The name of the key that a file was written with; None for a file that is not encrypted."""
    found = _NAMED.search(path.name)
    return found[1] if found else None


def by_key(files: Sequence[Path]) -> dict[str | None, list[Path]]:
    """The files by the key they were written with, in their order."""
    found: dict[str | None, list[Path]] = {}
    for path in files:
        found.setdefault(key_name(path), []).append(path)
    return found


def ending(name: str | None) -> str:
    """How the name of a file ends that is written with this key: '.2019-20.parquet'."""
    return ".parquet" if name is None else f".{name}.parquet"


def _new() -> str:
    return base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(b"farr key of records: " + secret.encode()).hexdigest()[:16]


def _said(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace").strip()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _write_once(path: Path, content: str) -> None:
    """Writes the file whole or not at all; where another process was first, its file stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staging = path.with_name(f".{secrets.token_hex(8)}.new")
    with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(staging, path)
    except FileExistsError:
        pass
    finally:
        staging.unlink()
    to_disk(path.parent)
