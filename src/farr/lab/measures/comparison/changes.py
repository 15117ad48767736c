"""What changed: what somebody who read an organisation's figures last month should be told now. From released columns alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from farr.lab.measures.benchmark import Columns
from farr.lab.measures.measure import Measure

_OUTLIERS = ("high", "low")


class ChangeKind(Enum):
    """Plain words for what changed."""

    NEW_OUTLIER = "new outlier"
    NO_LONGER_OUTLIER = "no longer an outlier"
    QUARTILE_MOVED = "moved to another quartile"
    SPECIAL_CAUSE = "a month newly stands out"
    MONTH_CHANGED = "a month was sent again and its figure changed"
    COMPLETENESS_CHANGED = "a month is held more or less completely"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one measure. `month` is None for what concerns the whole period; `before` and `now` hold the figures or words of
    either time by name, as released (None: hidden or not known)."""

    kind: ChangeKind
    measure: str
    month: str | None
    before: Mapping[str, Any]
    now: Mapping[str, Any]


def changes(
    measure: Measure,
    now: Columns,
    before: Columns,
    trend_now: Columns | None = None,
    trend_before: Columns | None = None,
    completeness_now: Columns | None = None,
    completeness_before: Columns | None = None,
) -> list[Change]:
    """Everything that changed between two editions of one organisation's figures, in the order of ChangeKind.

    `now`, `before`: columns of `benchmark.compare`, of which the selected organisation's row is read; the trends and completeness:
    columns of `benchmark.trend` and `benchmark.completeness`, None where a level has none. Months that only one edition holds
    are no change, but for a month that newly stands out.
    """
    found = _positions(measure, _selected(now), _selected(before))
    later, earlier = _by_month(trend_now), _by_month(trend_before)
    found += _special_causes(measure, later, earlier)
    found += _differing(measure, ChangeKind.MONTH_CHANGED, later, earlier, ("numerator", "denominator", "value"))
    complete = _by_month(completeness_now), _by_month(completeness_before)
    found += _differing(measure, ChangeKind.COMPLETENESS_CHANGED, *complete, ("status",), beside=("completeness",))
    order = list(ChangeKind)
    return sorted(found, key=lambda change: (order.index(change.kind), change.month or ""))


def _positions(measure: Measure, now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Change]:
    found: list[ChangeKind] = []
    verdicts = now.get("verdict"), before.get("verdict")
    if verdicts[0] in _OUTLIERS and verdicts[0] != verdicts[1]:
        found.append(ChangeKind.NEW_OUTLIER)
    if verdicts[1] in _OUTLIERS and verdicts[0] == "as expected":
        found.append(ChangeKind.NO_LONGER_OUTLIER)
    quartiles = now.get("quartile"), before.get("quartile")
    if None not in quartiles and quartiles[0] != quartiles[1]:
        found.append(ChangeKind.QUARTILE_MOVED)
    told = ("verdict", "quartile", "value", "norm_value")
    return [_change(measure, kind, None, before, now, told) for kind in found]


def _special_causes(measure: Measure, now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Change]:
    fresh = [month for month, row in now.items() if _is_special(row) and not _is_special(before.get(month, {}))]
    told = ("point", "rule", "value")
    return [_change(measure, ChangeKind.SPECIAL_CAUSE, month, before.get(month, {}), now[month], told) for month in fresh]


def _differing(
    measure: Measure,
    kind: ChangeKind,
    now: Mapping[str, Any],
    before: Mapping[str, Any],
    watched: tuple[str, ...],
    beside: tuple[str, ...] = (),
) -> list[Change]:
    both = [month for month in now if month in before]
    changed = [month for month in both if any(now[month][name] != before[month][name] for name in watched)]
    return [_change(measure, kind, month, before[month], now[month], (*watched, *beside)) for month in changed]


def _change(
    measure: Measure, kind: ChangeKind, month: str | None, before: Mapping[str, Any], now: Mapping[str, Any], told: tuple[str, ...]
) -> Change:
    return Change(
        kind=kind,
        measure=measure.name,
        month=month,
        before={name: before.get(name) for name in told},
        now={name: now.get(name) for name in told},
    )


def _is_special(row: Mapping[str, Any]) -> bool:
    return str(row.get("point", "")).startswith("special cause")


def _selected(columns: Columns) -> Mapping[str, Any]:
    """The selected organisation's row; empty where it has none."""
    places = [at for at, is_selected in enumerate(columns["is_selected"]) if is_selected]
    return {name: column[places[0]] for name, column in columns.items()} if places else {}


def _by_month(columns: Columns | None) -> dict[str, Mapping[str, Any]]:
    if columns is None:
        return {}
    return {month: {name: column[at] for name, column in columns.items()} for at, month in enumerate(columns["month"])}
