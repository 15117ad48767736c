"""Tables of a case for a local modification, each made of released tables and published costs: services, peers, tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import in_grouping, keys_of, numbers
from farr.lab.planning.coding.reference import EXPECTED, OBSERVED
from farr.lab.planning.local_modification.costs import Service
from farr.lab.planning.local_modification.judging import (
    Judgement,
    Rule,
    cost_above_peers,
    income_below_cost,
    stay_like_peers,
)
from farr.lab.planning.local_modification.questions import CHAPTER, PAID, PROVIDER, SPELLS, WEIGHT

_NAN = float("nan")


@dataclass(frozen=True, kw_only=True)
class Published:
    """What is published, and so outside the gate. `index`: adjusted cost by provider, as tested; `unadjusted` and `at_place`: without and
    with market forces taken out (of whom a factor is held; empty where none of the provider is); `services`: the provider's costs by HRG
    chapter; `peers`: codes, without the provider's own."""

    provider: str
    peers: tuple[str, ...]
    unadjusted: Mapping[str, float]
    at_place: Mapping[str, float]
    services: Mapping[str, Service]
    rule: Rule = field(default_factory=Rule)

    @property
    def index(self) -> Mapping[str, float]:
        return self.at_place or self.unadjusted

    @property
    def costed(self) -> float:
        return sum(each.cost for each in self.services.values())


@dataclass(frozen=True, kw_only=True)
class Chance:
    """Of stays: variance over expectation, and what figures were rounded to."""

    dispersion: float
    rounded_to: float


def services_table(income: pa.Table, published: Published) -> pa.Table:
    """A row an HRG chapter with costs, dearest first: `spells` and `paid` released, `activity` and `cost` published; `unit_cost` and
    `unit_income` a spell; `income`: what the activity that was costed would be paid at the income of a spell; `margin`: income - cost;
    null where income is not shown. Spells costed and paid need not agree, and so rates are compared, not totals."""
    rows = in_grouping(income, 0)
    keys = keys_of(rows, (PROVIDER, CHAPTER))
    held = dict(zip(keys, zip(numbers(rows, SPELLS), numbers(rows, PAID), strict=True), strict=True))
    made: list[dict[str, str | float]] = []
    for chapter, each in sorted(published.services.items(), key=lambda item: -item[1].cost):
        spells, paid = held.get((published.provider, chapter), (_NAN, _NAN))
        unit = paid / spells if spells > 0 else _NAN
        expected = unit * each.activity
        made.append(
            {
                "chapter": chapter, "activity": each.activity, "cost": each.cost, "unit_cost": each.cost / each.activity, "spells": spells,
                "paid": paid, "unit_income": unit, "income": expected, "margin": expected - each.cost,
                "status": "not shown" if np.isnan(expected) else "shown",
            }
        )  # fmt: skip
    figures = ("activity", "cost", "unit_cost", "spells", "paid", "unit_income", "income", "margin")
    return _table(made, ("chapter", "status"), figures)


def peers_table(income: pa.Table, stays: pa.Table, published: Published) -> pa.Table:
    """A row a provider with costs, the dearest first: `index` (as tested), `unadjusted` and `at_place` as published; `income_index`: paid a
    pound of casemix weight, over the nation's; `stay_ratio`: nights over those expected, over the nation's; null where not shown.
    `is_peer`: of the peers; `is_own`: the provider itself."""
    paid, whole = _by_provider(income, 1, PAID, WEIGHT), _whole(income, PAID, WEIGHT)
    nights, nation = _by_provider(stays, 0, OBSERVED, EXPECTED), _whole(stays, OBSERVED, EXPECTED)
    made: list[dict[str, str | float]] = [
        {
            "code": code, "index": index, "unadjusted": published.unadjusted.get(code, _NAN),
            "at_place": published.at_place.get(code, _NAN), "income_index": _ratio(paid.get(code)) / _ratio(whole),
            "stay_ratio": _ratio(nights.get(code)) / _ratio(nation),
        }
        for code, index in sorted(published.index.items(), key=lambda item: -item[1])
    ]  # fmt: skip
    table = _table(made, ("code",), ("index", "unadjusted", "at_place", "income_index", "stay_ratio"))
    codes = table["code"].to_pylist()
    table = table.append_column("is_peer", pa.array([code in published.peers for code in codes], pa.bool_()))
    return table.append_column("is_own", pa.array([code == published.provider for code in codes], pa.bool_()))


def tests_table(income: pa.Table, stays: pa.Table, published: Published, chance: Chance) -> pa.Table:
    """A row a test (planning/local_modification/judging.py): `name`, `outcome`, `value`, `lower`, `upper`, `probability`, `why`."""
    tests = judged(income, stays, published, chance)
    names = [each.name for each in fields(Judgement)]
    made = [{name: getattr(each, name) for name in names} | {"outcome": each.outcome.value} for each in tests]
    return _table(made, ("name", "outcome", "why"), ("value", "lower", "upper", "probability"))


def judged(income: pa.Table, stays: pa.Table, published: Published, chance: Chance) -> tuple[Judgement, ...]:
    """The three tests."""
    rule, own = published.rule, published.provider
    nights = _by_provider(stays, 0, OBSERVED, EXPECTED)
    services = services_table(income, published)
    unknown = (_NAN, _NAN)
    shown = [row for row in services.to_pylist() if row["status"] == "shown"]
    costed, seen = sum(row["activity"] for row in shown), sum(row["spells"] for row in shown)
    return (
        cost_above_peers(published.index.get(own, _NAN), [published.index.get(code, _NAN) for code in published.peers], rule),
        stay_like_peers(
            nights.get(own, unknown), [nights.get(code, unknown) for code in published.peers], dispersion=chance.dispersion,
            rounded_to=chance.rounded_to, rule=rule,
        ),
        income_below_cost(
            [row["income"] for row in shown], [row["cost"] for row in shown], costed=published.costed,
            apart=seen / costed - 1 if costed > 0 else _NAN, rule=rule,
        ),
    )  # fmt: skip


def _by_provider(table: pa.Table, grouping: int, *names: str) -> dict[str, tuple[float, float]]:
    rows = in_grouping(table, grouping)
    first, second = (numbers(rows, name) for name in names)
    return {key[0]: (float(a), float(b)) for key, a, b in zip(keys_of(rows, (PROVIDER,)), first, second, strict=True)}


def _whole(table: pa.Table, *names: str) -> tuple[float, float] | None:
    """The nation's, which is the last grouping of each question."""
    last = max(table["grouping"].to_pylist(), default=0)
    rows = in_grouping(table, last)
    values = [numbers(rows, name) for name in names]
    return (float(values[0][0]), float(values[1][0])) if rows.num_rows else None


def _ratio(pair: tuple[float, float] | None) -> float:
    return _NAN if pair is None or not pair[1] > 0 else pair[0] / pair[1]


def _table(rows: Sequence[Mapping[str, object]], texts: Iterable[str], figures: Iterable[str]) -> pa.Table:
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in texts}
    shown = {name: pa.array([row[name] for row in rows], pa.float64(), from_pandas=True) for name in figures}
    return pa.table({**columns, **shown})
