"""Agreement: what may be done with the data, for which purposes, until when. A file with two signatures; executable."""

import base64
import hashlib
import json
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from farr.lab.model.durable.disk import replace_file
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period


class AgreementError(FarrError):
    """The agreement does not allow this; the message says which term, and what would have to change."""


class Signatory(Enum):
    GUARDIAN = "guardian"  # Caldicott Guardian
    RISK_OWNER = "risk-owner"  # senior information risk owner


class OptOuts(Enum):
    APPLIED = "applied"
    NOT_APPLIED = "not applied"


class AtRest(Enum):
    """How records are kept on disk: encrypted by Farr, with a key a financial year; or as they are, on a volume that its operator
    encrypts (needed where other engines read the store)."""

    ENCRYPTED = "encrypted"
    VOLUME = "volume"


class Terms(BaseModel):
    """What is signed. Months are inclusive; dates are the first and last days on which anything may run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    title: str
    legal_basis: str
    purposes: tuple[str, ...] = Field(min_length=1)
    datasets: tuple[str, ...] = Field(min_length=1)
    period_first: str
    period_last: str
    starts: date
    ends: date
    retention_years: int = Field(ge=1, le=20)
    policy: str
    opt_outs: OptOuts
    opt_outs_reason: str = Field(min_length=1)
    # None in agreements from before there was a choice: their records lie as they are, and their signatures stay valid.
    at_rest: AtRest | None = Field(default=None, exclude_if=lambda value: value is None)
    # How many different questions about people may be asked; None: no limit was agreed.
    questions: int | None = Field(default=None, ge=1, exclude_if=lambda value: value is None)
    # How many output checkers must approve what is held for review; None, as in agreements from before there was a choice: one.
    checkers: int | None = Field(default=None, ge=1, le=2, exclude_if=lambda value: value is None)

    @field_validator("period_first", "period_last")
    @classmethod
    def _month(cls, value: str) -> str:
        return str(Month.parse(value))

    @model_validator(mode="after")
    def _ordered(self) -> "Terms":
        if self.ends < self.starts:
            raise ValueError(f"ends {self.ends} is before starts {self.starts}")
        Period(Month.parse(self.period_first), Month.parse(self.period_last))
        return self

    @property
    def period(self) -> Period:
        return Period(Month.parse(self.period_first), Month.parse(self.period_last))

    @property
    def checkers_needed(self) -> int:
        return self.checkers or 1

    def signed_bytes(self) -> bytes:
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()

    def sha256(self) -> str:
        """Of what is signed, in hexadecimal: tells agreements of one id apart."""
        return hashlib.sha256(self.signed_bytes()).hexdigest()


class Signature(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Signatory
    name: str
    public_key: str
    signature: str
    signed_on: date


class Agreement(BaseModel):
    """Terms and the signatures under them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: Terms
    signatures: tuple[Signature, ...] = ()

    def signed_by(self, role: Signatory, name: str, key: Ed25519PrivateKey, on: date) -> "Agreement":
        """The agreement with one more signature, replacing an earlier one of the same role."""
        signature = Signature(
            role=role,
            name=name,
            public_key=encoded(key.public_key().public_bytes_raw()),
            signature=encoded(key.sign(self.terms.signed_bytes())),
            signed_on=on,
        )
        kept = tuple(other for other in self.signatures if other.role is not role)
        return self.model_copy(update={"signatures": (*kept, signature)})

    def check_approved(self, trusted: dict[Signatory, frozenset[str]]) -> None:
        """Raises AgreementError unless both signatories, two different people with trusted keys, signed these very terms."""
        by_role = {signature.role: signature for signature in self.signatures}
        for role in Signatory:
            signature = by_role.get(role)
            if signature is None:
                raise AgreementError(f"agreement '{self.terms.id}' is not approved by its {role.value}; "
                                     f"type: farr agreement approve {self.terms.id} --as {role.value} --key KEYFILE")  # fmt: skip
            if signature.public_key not in trusted.get(role, frozenset()):
                raise AgreementError(f"agreement '{self.terms.id}': the {role.value}'s key is not one this installation trusts")
            _check_signature(signature, self.terms)
        if by_role[Signatory.GUARDIAN].public_key == by_role[Signatory.RISK_OWNER].public_key:
            raise AgreementError(f"agreement '{self.terms.id}' was approved twice by one key; two people must approve it")

    def check_live(self, today: date) -> None:
        if not self.terms.starts <= today <= self.terms.ends:
            raise AgreementError(
                f"agreement '{self.terms.id}' runs from {self.terms.starts} to {self.terms.ends}, and today is {today}; "
                "nothing runs outside it"
            )

    def check_dataset(self, dataset: str) -> None:
        if dataset not in self.terms.datasets:
            raise AgreementError(
                f"agreement '{self.terms.id}' does not cover the dataset '{dataset}', only {', '.join(self.terms.datasets)}"
            )

    def check_period(self, period: Period) -> None:
        if period.first not in self.terms.period or period.last not in self.terms.period:
            raise AgreementError(f"agreement '{self.terms.id}' covers {self.terms.period}, not {period}")

    def check_purpose(self, purpose: str) -> None:
        if purpose not in self.terms.purposes:
            raise AgreementError(f"agreement '{self.terms.id}' is not for the purpose '{purpose}', only {', '.join(self.terms.purposes)}")


def read_agreement(path: Path) -> Agreement:
    """Raises AgreementError where the file is missing or is no agreement."""
    if not path.is_file():
        raise AgreementError(f"there is no agreement at {path}; type: farr agreement new --help")
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        return Agreement.model_validate(content)
    except ValueError as error:
        raise AgreementError(f"{path} is not an agreement that Farr can read: {error}") from None


def write_agreement(agreement: Agreement, path: Path) -> None:
    replace_file(path, agreement.model_dump_json(indent=2).encode() + b"\n")


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _check_signature(signature: Signature, terms: Terms) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.public_key))
        key.verify(base64.b64decode(signature.signature), terms.signed_bytes())
    except (InvalidSignature, ValueError):
        raise AgreementError(
            f"agreement '{terms.id}' was changed after its {signature.role.value} signed it; have it approved again"
        ) from None


class ClockBehind(FarrError):
    """The machine's date is before that of something it recorded itself; the message says what, and both dates."""


def civil_date(moment: datetime) -> date:
    """The date by English civil time, by which agreements begin and end."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def check_not_behind(today: date, recorded: datetime | None, what: str, otherwise: str = "") -> None:
    """Raises ClockBehind where `recorded` (None: nothing was) is of a later day than today. Only days are compared: clocks that are
    kept right by a few seconds go back as well. `otherwise` says what to type where it is the record that was ahead."""
    if recorded is None or civil_date(recorded) <= today:
        return
    raise ClockBehind(
        f"the clock of this machine says {today}, and {what} was recorded on {civil_date(recorded)}: the clock is behind, and nothing "
        f"runs by a wrong date; set it right (timedatectl){otherwise}, and type the same command again"
    )
