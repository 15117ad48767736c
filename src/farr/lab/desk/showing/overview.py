"""All measures of one organisation at a glance: the most certain outliers first."""

from collections.abc import Iterable, Sequence

from farr.lab.desk import plain
from farr.lab.desk.benchmark import LeftOut, by_reason
from farr.lab.measures.norm import Norm
from farr.lab.model.showing.page import Overview, Summary


def overview_of(
    summaries: Iterable[Summary],
    left_out: Sequence[LeftOut],
    *,
    organisation: str,
    organisation_name: str,
    level: str,
    norm: Norm,
    agreement: str,
    made_at: str,
    is_synthetic: bool,
    changes: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Overview:
    """The overview of an organisation, of the summaries of its pages against one norm."""
    ordered = tuple(sorted(summaries, key=lambda each: (each.certainty, each.title)))
    periods = [each.period for each in ordered]
    return Overview(
        made_at=made_at,
        agreement=agreement,
        is_synthetic=is_synthetic,
        organisation=organisation,
        organisation_name=organisation_name,
        level=level,
        level_title=plain.level_title(level),
        norm=norm.name,
        norm_title=norm.title,
        # Some measures wait for what follows, and end earlier: each summary says its own.
        period_title=max(periods, key=periods.count) if periods else "",
        summaries=ordered,
        left_out=tuple((reason, tuple(titles)) for reason, titles in by_reason(left_out)),
        changes=tuple(changes),
        notes=tuple(notes),
    )
