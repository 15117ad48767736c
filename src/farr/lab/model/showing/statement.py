"""Statement: all that is shown of one contracting question about one organisation, in words, cells and chart specifications. Made in the
lab, of released figures alone."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from farr.lab.model.showing.page import Chart, Figure, Sheet, Table


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Also(_Shown):
    """A further agreement that a statement rests on, by its id and the SHA-256 of its terms (in hexadecimal)."""

    agreement: str
    terms_sha256: str


class Part(_Shown):
    """A table of a statement: what it is, a sentence about it, and what heads the names of its lines; `is_words` where its cells are read,
    and not compared."""

    name: str
    title: str
    says: str
    heading: str
    table: Table
    is_words: bool = Field(default=False, exclude_if=lambda value: not value)


class Statement(_Shown):
    """`kind` is what it is about (scenario), `name` which; `finding` a sentence; `explained` notes and provenance as (label, text), which
    travel with every file; `dark` for each light colour of the charts the dark one; `releases` the manifests of what it rests
    on; `also` the agreements of some of them, beside `agreement`: who reads it needs access under each."""

    format: int = 1
    made_at: str
    agreement: str
    is_synthetic: bool
    kind: str
    name: str
    title: str
    why: str
    source: str
    organisation: str
    organisation_name: str
    level: str
    level_title: str
    level_plural: str
    period: str
    period_title: str
    finding: str
    facts: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    parts: tuple[Part, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    explained: tuple[tuple[str, str], ...]
    hidden_note: str
    dark: dict[str, str] = Field(default_factory=dict[str, str])
    releases: tuple[dict[str, Any], ...]
    # Left out where there is none: a portal that does not know it shows no statement of two agreements.
    also: tuple[Also, ...] = Field(default=(), exclude_if=lambda value: not value)


class StatementCard(_Shown):
    """A statement in a list: what it is, and its finding; `kind_title` heads those of its kind; `also` as the statement has it."""

    kind: str
    name: str
    title: str
    period_title: str
    finding: str
    kind_title: str = ""
    also: tuple[Also, ...] = Field(default=(), exclude_if=lambda value: not value)


class Statements(_Shown):
    """The statements of one organisation that are published, those of a kind together."""

    format: int = 1
    made_at: str
    agreement: str
    is_synthetic: bool
    organisation: str
    organisation_name: str
    level: str
    cards: tuple[StatementCard, ...]
