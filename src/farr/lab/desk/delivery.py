"""What the supplier says of a clean file, in the manifest that farr deidentify writes beside it.

A manifest is not signed: it shows a file changed by accident, or delivered under another agreement, and proves nothing to a forger.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.formats.tabular import FileFacts
from farr.lab.ingest.labels import is_labelled_synthetic
from farr.lab.model.agreement import Agreement, AgreementError, OptOuts
from farr.lab.model.period import Month, Period, PeriodError


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What is said of a file: the months it holds (None where nobody says), and whether its records are made up. `manifest` is
    None for a file that came without one."""

    manifest: Path | None = None
    period: Period | None = None
    is_synthetic: bool = False


@dataclass(frozen=True, kw_only=True)
class _Manifest:
    agreement: str
    output_sha256: str
    period: Period | None
    is_synthetic: bool
    are_opt_outs_applied: bool


def delivery_of(facts: FileFacts, agreement: Agreement) -> Delivery:
    """Reads the manifest beside the file. Raises FeedError where the file is not the one it describes or it cannot be read, and
    AgreementError where it was made for another agreement, for months outside this one, or without the opt-outs it applies."""
    labelled = is_labelled_synthetic(facts.path)
    path = manifest_path(facts.path)
    if path is None or not path.is_file():
        return Delivery(is_synthetic=labelled)
    manifest = _read(path)
    if manifest.output_sha256 != facts.sha256:
        raise FeedError(
            f"{facts.path} is not the file that {path.name} describes: it was changed after it was de-identified, or one of the two "
            "belongs to another delivery; nothing was loaded, ask the sender for both again"
        )
    if manifest.agreement != agreement.terms.id:
        raise AgreementError(
            f"{facts.path} was de-identified for agreement '{manifest.agreement}', not for '{agreement.terms.id}', and its pseudonyms "
            f"fit no other; type: farr ingest {facts.path} --agreement {manifest.agreement}"
        )
    if agreement.terms.opt_outs is OptOuts.APPLIED and not manifest.are_opt_outs_applied:
        raise AgreementError(
            f"{facts.path} was de-identified without opt-outs applied, and agreement '{agreement.terms.id}' says they are; nothing was "
            "loaded, ask the sender to run farr deidentify again under this agreement"
        )
    if manifest.period is not None:
        agreement.check_period(manifest.period)
    return Delivery(manifest=path, period=manifest.period, is_synthetic=labelled or manifest.is_synthetic)


def manifest_path(path: Path) -> Path | None:
    """june.manifest.json for june.clean.parquet; None for a file that is not named as de-identified ones are."""
    stem, separator, _ = path.name.rpartition(".clean.")
    return path.with_name(f"{stem}.manifest.json") if separator else None


def _read(path: Path) -> _Manifest:
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return _Manifest(
            agreement=str(held["agreement"]),
            output_sha256=str(held["output_sha256"]),
            period=_period(held["period_first"], held["period_last"]),
            is_synthetic=held.get("synthetic", False) is True,
            are_opt_outs_applied=held["opt_outs"]["applied"] is True,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, PeriodError):
        raise FeedError(
            f"{path} is not a manifest that farr deidentify wrote, or was changed since; nothing was loaded, ask the sender for it again"
        ) from None


def _period(first: str | None, last: str | None) -> Period | None:
    return None if first is None or last is None else Period(Month.parse(first), Month.parse(last))
