"""What the supplier is asked to do, checked against the agreement before any record is read."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from farr.lab.model.agreement import Agreement, AgreementError, OptOuts, Signatory, Terms
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.supplier.keys import MasterKey

_LOOKUP_COLUMNS = ("LSOA_Code", "Deprivation_Decile", "Locality_Code")
_DECILES = frozenset(str(decile) for decile in range(1, 11))


class OrderError(FarrError):
    """A setting or accompanying file that does not fit; the message says which, and what to type."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """Settings for one run. `period` is what may leave; `approval` says how far the agreement's signatures were checked.

    `opt_outs` is the list's path (None: no list given); `small_areas` the path of a lookup already checked; `synthetic` declares
    all records made up, for files that cannot say so themselves."""

    terms: Terms
    approval: str
    key: MasterKey
    out: Path
    period: Period
    opt_outs: Path | None = None
    small_areas: Path | None = None
    as_csv: bool = False
    synthetic: bool = False


def order_of(
    agreement: Agreement,
    key: MasterKey,
    out: Path,
    *,
    today: date,
    period: Period | None = None,
    opt_outs: Path | None = None,
    small_areas: Path | None = None,
    signatories: Path | None = None,
    as_csv: bool = False,
    synthetic: bool = False,
) -> Order:
    """Raises AgreementError or OrderError before anything is read or made."""
    approval = _approval(agreement, signatories)
    agreement.check_live(today)
    if period is not None:
        agreement.check_period(period)
    _check_opt_outs(agreement.terms, opt_outs)
    if small_areas is not None:
        _check_lookup(small_areas)
    if out.exists() and not out.is_dir():
        raise OrderError(f"--out {out} is a file; name a folder")
    return Order(
        terms=agreement.terms,
        approval=approval,
        key=key,
        out=out,
        period=period or agreement.terms.period,
        opt_outs=opt_outs if agreement.terms.opt_outs is OptOuts.APPLIED else None,
        small_areas=small_areas,
        as_csv=as_csv,
        synthetic=synthetic,
    )


def _approval(agreement: Agreement, signatories: Path | None) -> str:
    if signatories is None:
        return "dates checked; signatures not checked, for no --signatories were given"
    agreement.check_approved(_trusted(signatories))
    return "dates and both signatures checked"


def _trusted(path: Path) -> dict[Signatory, frozenset[str]]:
    try:
        known: Any = json.loads(path.read_text(encoding="utf-8"))
        return {role: frozenset(entry["public_key"] for entry in known.get(role.value, [])) for role in Signatory}
    except OSError:
        raise OrderError(f"there is no readable file {path}; give --signatories the signatories.json of the laboratory's home") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OrderError(f"{path} does not list signatories; give --signatories the signatories.json of the laboratory's home") from None


def _check_opt_outs(terms: Terms, path: Path | None) -> None:
    if terms.opt_outs is not OptOuts.APPLIED:
        return
    if path is None:
        raise AgreementError(f"agreement '{terms.id}' has opt-outs applied; give the list with --opt-outs FILE (one NHS number a line)")
    if not path.is_file():
        raise OrderError(f"there is no list of opt-outs at {path}; give --opt-outs FILE (one NHS number a line)")


def _check_lookup(path: Path) -> None:
    """The lookup must be whole: a wrong decile would mislead as silently as a missing one."""
    if not path.is_file():
        raise OrderError(f"there is no lookup at {path}; give --small-areas a CSV file with the columns {', '.join(_LOOKUP_COLUMNS)}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in _LOOKUP_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise OrderError(f"{path} has no column {missing[0]}; it needs {', '.join(_LOOKUP_COLUMNS)}")
        seen: set[str] = set()
        for number, row in enumerate(reader, start=2):
            code = (row["LSOA_Code"] or "").strip().upper()
            if not code or code in seen:
                raise OrderError(f"{path}, line {number}: LSOA_Code is empty or given before; one line an area is needed")
            if (row["Deprivation_Decile"] or "").strip() not in _DECILES:
                raise OrderError(f"{path}, line {number}: Deprivation_Decile is not a whole number from 1 to 10")
            seen.add(code)
