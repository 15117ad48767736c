"""Total cost of care of one commissioner as rows: each part beside peers, the nation, what ages would have it, and the year before."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.measures.statistics.arrays import FloatArray
from farr.lab.planning.total_cost.costs import DELIVERIES, PARTS, Costs, People, expected
from farr.lab.planning.total_cost.questions import HOSPITAL, SPELLS

HOSPITAL_WHOLE, LOCAL_WHOLE, ALL = "hospital", "local", "all"
WHOLES = {HOSPITAL_WHOLE: "Hospital care", LOCAL_WHOLE: "Care outside hospital", ALL: "All that is held"}
HELD, IN_PART, NOT_HELD, HIDDEN = "held", "held in part", "not held", "not shown"
_TEXTS = ("part", "title", "status")
_FIGURES = (
    "cost", "share", "items", "before", "growth", "per_head", "peers_per_head", "nation_per_head", "expected_per_head", "ratio",
    "months", "peers", "holders",
)  # fmt: skip
_NAN = float("nan")


def cost_rows(
    code: str, costs: Costs, people: People, *, peers: Sequence[str] = (), before: Costs | None = None
) -> pa.Table:  # fmt: skip
    """A row a part, with points of delivery below admitted care, and one each of hospital care, care outside it, and all. Pounds: `cost`,
    `before` (of the year before, where it is held), `per_head` of registered people a year, `peers_per_head` (pooled over those of the
    peers, `peers` of them, who hold the part whole), `nation_per_head` (over all who do, `holders`), `expected_per_head`: what the
    commissioner's people would cost at the nation's cost of their age and sex; `ratio`: cost over that. `share` is of all that is held,
    `months` how many are held. What is not held or not shown is null, and `status` says so: held, held in part, not held, not shown.

    A part that is not held whole is in no comparison. Of a sum the peers' and the nation's are sums of the parts' own, and so of the parts
    that the commissioner holds, whoever lacks one of them; its ratio is of the parts that could be standardised, and
    what it would cost at its ages is told where all could be."""
    made = {part: _part(code, part, title, costs, people, peers, before) for part, title in PARTS.items()}
    wholes = {
        HOSPITAL_WHOLE: [made[part] for part in PARTS if part in HOSPITAL],
        LOCAL_WHOLE: [made[part] for part in PARTS if part not in HOSPITAL],
        ALL: list(made.values()),
    }
    rows: list[dict[str, Any]] = []
    for part, row in made.items():
        rows.append(row)
        if part == SPELLS:
            rows += [
                _delivery(code, pod, title, costs, people, before) for pod, title in DELIVERIES.items() if code in costs.cost.get(pod, {})
            ]
        if part == HOSPITAL[-1]:
            rows.append(_whole(HOSPITAL_WHOLE, wholes[HOSPITAL_WHOLE]))
    rows += [_whole(name, wholes[name]) for name in (LOCAL_WHOLE, ALL)]
    total = rows[-1]["cost"]
    for row in rows:
        row["share"] = row["cost"] / total if total > 0 else _NAN
    figures = {name: _shown([row.get(name, _NAN) for row in rows]) for name in _FIGURES}
    return pa.table({**{name: pa.array([row[name] for row in rows], pa.string()) for name in _TEXTS}, **figures})


def months_rows(series: Mapping[str, FloatArray], months: Sequence[str]) -> pa.Table:
    """`month`, `part`, `title` and `cost`; null where it is hidden or not held."""
    keys = [(month, part) for part in series for month in months]
    return pa.table(
        {
            "month": pa.array([month for month, _ in keys], pa.string()), "part": pa.array([part for _, part in keys], pa.string()),
            "title": pa.array([PARTS[part] for _, part in keys], pa.string()),
            "cost": _shown([float(value) for part in series for value in series[part]]),
        }
    )  # fmt: skip


def _part(
    code: str, part: str, title: str, costs: Costs, people: People, peers: Sequence[str], before: Costs | None
) -> dict[str, Any]:  # fmt: skip
    held = costs.cost.get(part, {})
    months = costs.period_months if part in HOSPITAL and code in held else costs.months.get((code, part), 0)
    row: dict[str, Any] = {
        "part": part,
        "title": title,
        "status": _status(held, code, months, costs.period_months),
        "months": float(months),
    }
    if row["status"] == NOT_HELD:
        return {**row, "cost": _NAN}
    row |= _own(code, part, costs, people, before)
    if row["status"] != HELD:
        return row
    all_of = costs.holders(part)
    near = [each for each in all_of if each in peers and not np.isnan(held[each])]
    mine, everybody = people.of([code]), people.of(all_of)
    row |= {
        "peers_per_head": _pooled(held, near, people), "peers": float(len(near)), "holders": float(len(all_of)),
        "nation_per_head": _divided(costs.national.get(part, _NAN), people.total(all_of)),
    }  # fmt: skip
    as_aged = expected(mine, everybody, costs.strata.get(part, {}), costs.national.get(part, _NAN))
    return {
        **row,
        "expected": as_aged,
        "expected_per_head": _divided(as_aged, people.total([code])),
        "ratio": _divided(row["cost"], as_aged),
    }


def _delivery(code: str, pod: str, title: str, costs: Costs, people: People, before: Costs | None) -> dict[str, Any]:
    own = _own(code, pod, costs, people, before)
    status = HIDDEN if np.isnan(own["cost"]) else HELD
    return {"part": pod, "title": title, "status": status, "months": float(costs.period_months), **own}


def _own(code: str, part: str, costs: Costs, people: People, before: Costs | None) -> dict[str, float]:
    cost = costs.cost[part].get(code, _NAN)
    then = before.cost.get(part, {}).get(code, _NAN) if before is not None and _is_whole(before, code, part) else _NAN
    is_whole = _is_whole(costs, code, part)
    per_head = _divided(cost, people.total([code])) if is_whole else _NAN
    return {
        "cost": cost, "items": costs.items.get(part, {}).get(code, _NAN), "before": then, "per_head": per_head,
        "growth": _divided(cost, then) - 1 if is_whole else _NAN,
    }  # fmt: skip


def _is_whole(costs: Costs, code: str, part: str) -> bool:
    is_hospital = part in HOSPITAL or part in DELIVERIES
    return is_hospital or costs.months.get((code, part), 0) == costs.period_months


def _whole(name: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    held = [row for row in parts if row["status"] != NOT_HELD]
    whole = [row for row in held if row["status"] == HELD]
    status = HELD if len(whole) == len(parts) else HIDDEN if any(row["status"] == HIDDEN for row in held) else IN_PART if held else NOT_HELD
    found: dict[str, Any] = {"part": name, "title": WHOLES[name], "status": status, "cost": _sum(held, "cost") if held else _NAN}
    if not whole or status == HIDDEN:
        return found
    found |= {each: _sum(whole, each) for each in ("per_head", "peers_per_head", "nation_per_head")}
    grown = [row for row in whole if not np.isnan(row["before"])]
    found["before"] = _sum(grown, "before") if grown else _NAN
    found["growth"] = _divided(_sum(grown, "cost"), found["before"]) - 1 if grown else _NAN
    aged = [row for row in whole if not np.isnan(row["ratio"])]
    found["expected_per_head"] = _sum(aged, "expected_per_head") if len(aged) == len(whole) else _NAN
    found["ratio"] = _divided(_sum(aged, "cost"), _sum(aged, "expected")) if aged else _NAN
    return found


def _status(held: Mapping[str, float], code: str, months: int, wanted: int) -> str:
    if code not in held or months == 0:
        return NOT_HELD
    if np.isnan(held[code]):
        return HIDDEN
    return HELD if months == wanted else IN_PART


def _pooled(held: Mapping[str, float], codes: Sequence[str], people: People) -> float:
    return _divided(sum(held[code] for code in codes), people.total(codes)) if codes else _NAN


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(sum(row[name] for row in rows))


def _divided(first: float, second: float) -> float:
    return first / second if second > 0 else _NAN


def _shown(figures: Sequence[float]) -> pa.Array:
    return pa.array([float(each) if np.isfinite(each) else None for each in figures], pa.float64())
