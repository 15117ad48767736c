"""Repricing: a scenario's rows are made, its questions asked, and what was released is set side by side.

The table scenario_price holds one scenario and period at a time. What is answered is therefore checked to rest on the version that
was made for it: another program may have made another's meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.desk.marts import bring_up_to_date
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.released_rows import FloatArray, in_grouping, keys_of, numbers, texts, worst
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.question import Question
from farr.lab.model.tables.pricing import SCENARIO_PRICE, SPELL_PRICE
from farr.lab.planning.scenario import Scenario, scenario_mart
from farr.lab.planning.scenario_questions import DECREASE, INCREASE, NATIONAL, PAID, SPELLS, change_question, paid_question

_NOT_PRICED = "the prices of spells were not worked out yet; ingest the tariff (farr tariff --help), and type: farr build"


class RepricingError(FarrError):
    """A scenario that cannot be worked out; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Repriced:
    """What a scenario changes, by `level` (and `by`), released. `rows` has a row a code, and one of the nation with none: `code`, `part`
    (null unless broken down), `spells` paid otherwise (one that moves is counted at both commissioners), pounds of `increase`, `decrease`
    and `net` (the first less the second), pounds `paid` now by the rules, and `net_share` of it; null where it is hidden, with `status`.
    """

    scenario: Scenario
    level: str
    by: str | None
    period: Period
    rows: Released


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month priced, or what is held of it. Raises RepricingError where no month is."""
    held = desk.store.months(SPELL_PRICE.name)
    if not held:
        raise RepricingError(_NOT_PRICED)
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def reprice(
    desk: Desk, which: Scenario, *, level: str, period: Period, by: str | None = None, said: Callable[[str], None] = lambda _: None
) -> Repriced:
    """Raises RepricingError where the prices of spells were not made yet, or another scenario was made meanwhile; else as Desk.released."""
    asked = change_question(which, level=level, period=period, by=by)
    if desk.store.version(SPELL_PRICE.name) is None:
        raise RepricingError(_NOT_PRICED)
    said(f"pricing every spell of {period} under the scenario")
    made = bring_up_to_date(desk.home, desk.agreement, scenario_mart(which, period), {"scenario": which.name, "months": str(period)})
    said("asking the gate")
    changed = desk.released(asked)
    paid = None if by else desk.released(paid_question(level=level, period=period))
    if changed.manifest.store_versions[SCENARIO_PRICE.name] != made.version:
        raise RepricingError(f"another scenario was worked out while '{which.name}' was asked for; ask again")

    def side_by_side(first: pa.Table, second: pa.Table | None = None) -> pa.Table:
        return _side_by_side(first, second, asked, level, by)

    rows = derive(asked.name, side_by_side, *([changed] if paid is None else [changed, paid]))
    return Repriced(scenario=which, level=level, by=by, period=period, rows=rows)


def _side_by_side(changed: pa.Table, paid: pa.Table | None, asked: Question, level: str, by: str | None) -> pa.Table:
    """The first grouping of the question is of the level (broken down), the last the nation's."""
    own = None if level == NATIONAL else level
    places = {0: own} if own is None or by is not None else {0: own, len(asked.groupings) - 1: None}
    return pa.concat_tables(
        _figures(in_grouping(changed, place), None if paid is None else in_grouping(paid, place), code, by)
        for place, code in places.items()
    )


def _figures(changed: pa.Table, paid: pa.Table | None, own: str | None, part: str | None) -> pa.Table:
    columns = [name for name in (own, part) if name is not None]
    now = {} if paid is None else dict(zip(keys_of(paid, columns), numbers(paid, PAID), strict=True))
    place = dict(zip(keys_of(changed, columns), range(changed.num_rows), strict=True))
    keys = list(dict.fromkeys((*now, *place)))
    # An organisation without a row has no spell that is paid otherwise.
    spells, more, less = (_at(numbers(changed, name), place, keys) for name in (SPELLS, INCREASE, DECREASE))
    statuses = list(zip(*(texts(changed, f"{name}__status") for name in (SPELLS, INCREASE, DECREASE)), strict=True))
    base = np.array([now.get(key, np.nan) for key in keys])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (more - less) / base
    return pa.table(
        {
            "code": pa.array([key[0] if own else None for key in keys], pa.string()),
            "part": pa.array([key[-1] if part else None for key in keys], pa.string()),
            "spells": _shown(spells), "increase": _shown(more), "decrease": _shown(less), "net": _shown(more - less),
            "paid": _shown(base), "net_share": _shown(share),
            "status": pa.array([worst(statuses[place[key]]) if key in place else "shown" for key in keys], pa.string()),
        }
    )  # fmt: skip


def _at(figures: FloatArray, place: Mapping[tuple[str, ...], int], keys: Sequence[tuple[str, ...]]) -> FloatArray:
    return np.array([figures[place[key]] if key in place else 0.0 for key in keys], dtype=np.float64)


def _shown(figures: FloatArray) -> pa.Array:
    return pa.array([float(each) if np.isfinite(each) else None for each in figures], pa.float64())
