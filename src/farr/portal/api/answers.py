"""What the API answers with: the fields of what was published, chosen one by one."""

from typing import Any

from ninja import Field, Schema

from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Breakdown, Contents, Figure, Listed, MeasureCard, NormCard, Overview, Page, Sheet, Summary
from farr.portal.agreements.grants import Grant
from farr.portal.benchmarks.asking.asking import BeingAsked


class Refusal(Schema):
    """Why there is no answer, in words for whoever asked."""

    detail: str


class NotYet(Schema):
    """The lab holds it for output checkers, or is still being asked: then there are `seconds` since, and what is usual."""

    detail: str
    seconds: int | None = Field(None, description="Since it was asked first")
    usual_seconds: float | None = Field(None, description="What half of such questions took at most that this portal asked; null: unknown")


class Edition(Schema):
    """What is published: when it was made, under which agreement, of which months, at which levels."""

    made_at: str
    agreement: str
    purposes: list[str]
    is_synthetic: bool
    first_month: str
    last_month: str
    levels: dict[str, str] = Field(description="Name of each level, and its title")
    ahead: list[str] = Field(description="Norms whose pages are published ahead; others are asked of the release service")
    notices: dict[str, str] = Field(description="What must be said of releases, by id, whose records were destroyed since")


class Organisations(Schema):
    """A part of the organisations granted, and how many there are in all."""

    items: list[Listed]
    count: int


class Measures(Schema):
    """A part of the measures, and how many there are in all."""

    items: list[MeasureCard]
    count: int


class Norms(Schema):
    items: list[NormCard]


class Shown(Schema):
    """By which access the figures were shown: they are for this purpose, and no other."""

    purpose: str
    until: str


class OverviewAnswer(Schema):
    """Every measure of an organisation in a few words, the most certain outliers first."""

    made_at: str
    agreement: str
    shown: Shown
    is_synthetic: bool
    organisation: str
    organisation_name: str
    level: str
    norm: str
    norm_title: str
    period_title: str
    summaries: list[Summary]
    left_out: dict[str, list[str]] = Field(description="Titles of measures that could not be made, by reason")
    changes: list[str]
    notes: list[str]


class ChartAnswer(Schema):
    name: str
    title: str
    description: str
    spec: dict[str, Any] = Field(description="A Vega-Lite specification with its values")


class BenchmarkAnswer(Schema):
    """A benchmark. In `tables` a hidden figure is null in a row whose status is 'suppressed'."""

    made_at: str
    agreement: str
    shown: Shown
    is_synthetic: bool
    request: BenchmarkRequest
    measure: MeasureCard
    organisation: str
    organisation_name: str
    level: str
    period: str
    period_title: str
    norm: str
    norm_title: str
    summary: Summary
    facts: list[Figure]
    tables: list[Sheet]
    breakdown: Breakdown | None
    drills: dict[str, str] = Field(description="What the measure can be taken apart by: name and title")
    completeness: str
    notes: list[str]
    hidden_note: str
    provenance: list[tuple[str, str]] = Field(description="What must travel with the figures: label and text")
    releases: list[dict[str, Any]] = Field(description="The signed manifests of what the figures rest on")
    charts: list[ChartAnswer] = Field(description="Only where asked for with charts=true")


def not_yet(asked: BeingAsked) -> NotYet:
    return NotYet(detail=str(asked), seconds=asked.seconds, usual_seconds=None if asked.usual is None else asked.usual.half)


def edition(contents: Contents) -> Edition:
    return Edition(
        made_at=contents.made_at, agreement=contents.agreement, purposes=list(contents.purposes), is_synthetic=contents.is_synthetic,
        first_month=contents.first_month, last_month=contents.last_month, ahead=list(contents.ahead), notices=contents.notices,
        levels={name: title for name, (title, _) in contents.levels.items()},
    )  # fmt: skip


def overview_answer(found: Overview, grant: Grant) -> OverviewAnswer:
    return OverviewAnswer(
        made_at=found.made_at, agreement=found.agreement, shown=_shown(grant), is_synthetic=found.is_synthetic, level=found.level,
        organisation=found.organisation, organisation_name=found.organisation_name, norm=found.norm, norm_title=found.norm_title,
        period_title=found.period_title, summaries=list(found.summaries), changes=list(found.changes), notes=list(found.notes),
        left_out={reason: list(titles) for reason, titles in found.left_out},
    )  # fmt: skip


def benchmark_answer(page: Page, grant: Grant, *, charts: bool) -> BenchmarkAnswer:
    drawn = page.charts if charts else ()
    return BenchmarkAnswer(
        made_at=page.made_at, agreement=page.agreement, shown=_shown(grant), is_synthetic=page.is_synthetic, request=page.request,
        measure=page.measure, organisation=page.organisation, organisation_name=page.organisation_name, level=page.level,
        period=page.period, period_title=page.period_title, norm=page.norm, norm_title=page.norm_title, summary=page.summary,
        facts=list(page.facts), tables=list(page.sheets), breakdown=page.breakdown, drills=page.drills, completeness=page.completeness,
        notes=list(page.notes), hidden_note=page.hidden_note, provenance=list(page.explained), releases=list(page.releases),
        charts=[ChartAnswer(name=each.name, title=each.title, description=each.description, spec=each.full) for each in drawn],
    )  # fmt: skip


def _shown(grant: Grant) -> Shown:
    return Shown(purpose=grant.purpose, until=grant.until.isoformat())
