"""A model's output as a JSON file, read strictly: what is not declared, or of another kind than it must be, is an error with its place.

    {"name": "…", "records": "apc_spell", "period": "2024-04..2025-03", "model": {"kind": "logistic regression", "everybody": …, …}}

`model` is a ModelOutput (disclosure/models/output.py), field by field; a count that nobody took is left out, or null.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from farr.lab.disclosure.models.output import ModelOutput
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.disclosure.review.model import Fitted, number_of
from farr.lab.model.agreement import Agreement, Terms
from farr.lab.model.period import Period
from farr.lab.model.tables import TABLES


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_.-]{0,62}$")
    records: str
    period: str = Field(pattern=r"^\d{4}-\d{2}(\.\.\d{4}-\d{2})?$")
    model: ModelOutput


def read_model(path: Path, terms: Terms, code_version: str) -> Fitted:
    """Raises ReviewError, which names the file and the place in it, and repeats no value; AgreementError for months or records that the
    agreement does not cover."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReviewError(f"{path} cannot be read ({error.strerror}); type: farr review model FILE.json") from None
    try:
        said = _File.model_validate_json(raw)
    except ValidationError as error:
        raise ReviewError(f"{path}: {_where(error)}; docs/review.md says how the file is written") from None
    if said.records not in TABLES:
        raise ReviewError(
            f"{path}: there is no table '{said.records}'; 'records' names the table that the model was fitted on: apc_spell, …"
        )
    for at, statistic in enumerate(said.model.statistics):
        try:
            number_of(statistic.value, f"statistic {at + 1}")
        except ReviewError:
            place = f"model.statistics[{at}].value"
            raise ReviewError(f"{path}: {place} is no finite number, and nothing else can be shown; leave it out") from None
    period, agreement = Period.parse(said.period), Agreement(terms=terms)
    agreement.check_period(period)
    for dataset in (TABLES[said.records].derived_from or (said.records,))[:1]:
        agreement.check_dataset(dataset)
    return Fitted(
        name=said.name, records=said.records, period=period, output=said.model, agreement=terms.id, agreement_policy=terms.policy,
        code_version=code_version,
    )  # fmt: skip


def _where(error: ValidationError) -> str:
    first: Any = error.errors(include_input=False, include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".") or "the file"
    said = {"unexpected_keyword_argument": "no such field", "extra_forbidden": "no such field", "missing": "is missing"}
    return f"{place}: {said.get(first['type'], first['msg'])}"
