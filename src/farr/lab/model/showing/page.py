"""Page: all that is shown of one benchmark, in words, cells and chart specifications. Made in the lab, of released figures alone."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from farr.lab.model.request import BenchmarkRequest

Cell = str | float | int | bool | None
_PADDING = {"left": 4, "right": 12, "top": 6, "bottom": 4}


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasureCard(_Shown):
    """What a measure is, for readers. `direction` is a sentence; `signed_off_by` None while no clinician has; `choices` are names of what
    an analyst may choose codes for, such as diagnosis and procedure."""

    name: str
    title: str
    theme: str
    kind: str
    unit: str
    decimals: int
    direction: str
    definition: str
    why: str
    source: str
    owner: str
    review_date: str
    signed_off_by: str | None
    choices: tuple[str, ...] = ()


class Figure(_Shown):
    """One figure of the organisation: what it is, the figure in words, and a line below it."""

    label: str
    figure: str
    note: str


class Spark(_Shown):
    """The shape of the months: SVG point lists in a box of 120 by 30, and the newest point."""

    lines: tuple[str, ...]
    last: tuple[float, float]


class Summary(_Shown):
    """One measure of one organisation against one norm in a few words. `certainty` orders summaries: the most certain outlier first.
    `tone`: concern, improvement, notable or neutral. `value_at_stake`: what matching the norm would be worth, in pounds a year, where the
    measure is money; None elsewhere."""

    measure: str
    title: str
    theme: str
    norm: str
    norm_title: str
    period: str
    finding: str
    verdict: str
    tone: str
    figure: str
    unit: str
    norm_figure: str
    difference: str
    certainty: tuple[int, float]
    run_finding: str
    spark: Spark | None
    value_at_stake: float | None = None

    @property
    def is_outlier(self) -> bool:
        """Further from others than chance is likely to explain."""
        return self.certainty[0] == 0


class Chart(_Shown):
    """A Vega-Lite specification of released values. `title` says what it shows, `description` what a screen reader says instead;
    `full` carries its title and notes inside, for a file."""

    name: str
    title: str
    subtitle: str
    description: str
    full: dict[str, Any]

    @property
    def spec(self) -> dict[str, Any]:
        """As a page draws it, which says title and notes itself: as wide as its column, on the page's own background."""
        config = {**self.full["config"], "background": "transparent", "padding": _PADDING}
        return {**{key: value for key, value in self.full.items() if key != "title"}, "width": "container", "config": config}


class Column(_Shown):
    """`kind`: text, flag, count, figure (the measure's decimals), ratio, share or whole; `width` in characters."""

    field: str
    title: str
    kind: str
    width: int


class Sheet(_Shown):
    """A released table as it goes into a file. Hidden figures are None in a row whose status is 'suppressed'."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Line(_Shown):
    """One row of a table on the page, as text."""

    code: str
    name: str
    is_selected: bool
    in_norm: bool
    cells: tuple[str, ...]


class Table(_Shown):
    """`columns` head the cells of each line; its name stands before them."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


class Breakdown(_Shown):
    """The organisation's figure taken apart by `by` (its `title`): cells of text under `columns`."""

    by: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


class CodesShown(_Shown):
    name: str
    title: str
    version: str
    source: str
    codes: dict[str, str]


class Page(_Shown):
    """A benchmark as it is shown. `request` is what gives it again; `agreement` that under which it was released; `drills` the breakdowns
    that the measure can be asked by (name to title); `dark` for each light colour of the charts the dark one; `explained` notes and
    provenance as (label, text), which travel with every file; `releases` the manifests of what it rests on."""

    format: int = 1
    made_at: str
    agreement: str
    is_synthetic: bool
    request: BenchmarkRequest
    measure: MeasureCard
    organisation: str
    organisation_name: str
    level: str
    level_title: str
    level_plural: str
    period: str
    period_title: str
    norm: str
    norm_title: str
    summary: Summary
    facts: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    table: Table
    breakdown: Breakdown | None
    drills: dict[str, str]
    completeness: str
    received: Table
    sheets: tuple[Sheet, ...]
    codelists: tuple[CodesShown, ...]
    notes: tuple[str, ...]
    explained: tuple[tuple[str, str], ...]
    hidden_note: str
    dark: dict[str, str] = Field(default_factory=dict[str, str])
    releases: tuple[dict[str, Any], ...]


class Listed(_Shown):
    """An organisation that has pages; `parent` is the code of what it belongs to, where that is known: of a practice its commissioner, of
    others their region."""

    code: str
    name: str
    level: str
    parent: str | None = None


class NormCard(_Shown):
    """A norm that may be chosen: `options` names what the user gives with it (peers, count); `levels` where it can be made."""

    name: str
    title: str
    description: str
    options: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class Overview(_Shown):
    """All measures of one organisation against one norm, most certain outliers first; `left_out` measures that could not be made, by
    reason. Published ahead; each of `summaries` has a page of its own. `changes` are sentences, without figures, of verdicts that turned
    since the publication before; `notes` are what must be said of all of it."""

    format: int = 1
    made_at: str
    agreement: str
    is_synthetic: bool
    organisation: str
    organisation_name: str
    level: str
    level_title: str
    norm: str
    norm_title: str
    period_title: str
    summaries: tuple[Summary, ...]
    left_out: tuple[tuple[str, tuple[str, ...]], ...] = ()
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Contents(_Shown):
    """What is published ahead for readers: organisations, measures and norms, under one agreement. `levels`: name to (title, plural);
    `ahead`: the norms of which views are standard; `periods`: of the levels whose figures are published and pages are not, measure by
    measure the year that was, for which a page is asked; `notices` what must be said of releases, by id, that rest on records since
    destroyed; `made_from` what tells whether anything is new since."""

    format: int = 1
    made_at: str
    agreement: str
    purposes: tuple[str, ...]
    is_synthetic: bool
    first_month: str
    last_month: str
    levels: dict[str, tuple[str, str]]
    organisations: tuple[Listed, ...]
    measures: tuple[MeasureCard, ...]
    norms: tuple[NormCard, ...]
    ahead: tuple[str, ...]
    periods: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    notices: dict[str, str] = Field(default_factory=dict[str, str])
    made_from: str = ""
