"""What travels with a clean file: where it came from, what was done to it, and counts. Never a value, never a key."""

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from farr.lab.model.agreement import OptOuts
from farr.lab.model.errors import FarrError


class ChangedError(FarrError):
    """The raw file changed while it was read, so that nothing about it holds; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class OptOutStatement:
    """Whether opt-outs were applied, as the agreement's terms say and why. `unmatched_rows` could not be compared with the
    list because they name no person."""

    applied: bool
    reason: str
    rows: int
    unmatched_rows: int

    @classmethod
    def of(cls, terms_say: OptOuts, reason: str, *, rows: int, unmatched_rows: int) -> "OptOutStatement":
        return cls(applied=terms_say is OptOuts.APPLIED, reason=reason, rows=rows, unmatched_rows=unmatched_rows)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One clean file's papers. `rows_rejected` counts by reason; `values_lost` by clean column and reason (the row stays);
    `synthetic` says that the records are made up, and stands in the clean file's own metadata too where it is Parquet."""

    source_name: str
    source_sha256: str
    feed: str
    synthetic: bool
    agreement: str
    approval: str
    period_first: str | None
    period_last: str | None
    rows_read: int
    rows_written: int
    rows_rejected: dict[str, int]
    values_lost: dict[str, dict[str, int]]
    opt_outs: OptOutStatement
    columns_kept: tuple[str, ...]
    columns_derived: tuple[str, ...]
    columns_dropped: tuple[str, ...]
    columns_unknown: tuple[str, ...]
    pseudonym_of: str | None
    pseudonym_scheme: str
    key_fingerprint: str
    output_name: str
    output_sha256: str
    code_version: str
    made_at: str

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_written + self.opt_outs.rows + sum(self.rows_rejected.values()):
            raise ValueError(f"{self.source_name}: rows read are not those written, opted out and rejected")

    def write(self, path: Path) -> None:
        """Atomically: a manifest that can be read stands beside a clean file that is whole."""
        draft = path.with_name(f".{path.name}.part")
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        draft.replace(path)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_version() -> str:
    return version("farr")
