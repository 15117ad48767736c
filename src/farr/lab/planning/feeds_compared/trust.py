"""How far a feed can be trusted, in words, from what its checks found."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.planning.feeds_compared.check import About, CheckError, FeedCheck, Judged, Pair, Verdict, declared
from farr.lab.planning.feeds_compared.measured import like_for_like

_WORDS = {
    About.ACTIVITY: "activity", About.MONTHS: "months", About.CASEMIX: "casemix", About.CODING: "coding", About.MONEY: "money",
}  # fmt: skip


def checked(pair: Pair, tolerances: Mapping[str, float] | None = None) -> list[tuple[FeedCheck, Judged]]:
    """Every declared check, in the order of what it is about. `tolerances` are said by name, in place of those declared. Raises CheckError
    for one that is none."""
    said, known = tolerances or {}, declared()
    unknown = sorted(set(said) - set(known))
    if unknown:
        raise CheckError(f"there is no check '{unknown[0]}' of feeds; checks: {', '.join(known)}")
    order = list(About)
    found = [(check, check.judge(pair, said.get(name, check.tolerance))) for name, check in known.items()]
    return sorted(found, key=lambda each: (order.index(each[0].about), each[0].name))


def trust(found: list[tuple[FeedCheck, Judged]]) -> list[str]:
    """One sentence on the whole, and one for each of what the checks are about."""
    wrong = {
        about: [check.title.lower() for check, each in found if check.about is about and each.verdict is Verdict.DIFFERS] for about in About
    }
    known = {about: any(check.about is about and each.verdict is not Verdict.UNKNOWN for check, each in found) for about in About}
    bad, good = [_WORDS[about] for about in About if wrong[about]], [_WORDS[about] for about in About if known[about] and not wrong[about]]
    if not any(known.values()):
        return ["Nothing can be said: what the two feeds hold of it is not shown on both sides."]
    if not bad:
        whole = f"The two feeds agree in {_and(good)}: within these tolerances the one can stand for the other."
    elif not good:
        whole = f"The client's feed cannot stand for the national one: it differs in {_and(bad)}."
    else:
        whole = f"The client's feed can be trusted in its {_and(good)}, and not in its {_and(bad)} until that is explained."
    lines = [f"{_WORDS[about].capitalize()}: differs in {_and(wrong[about])}." for about in About if wrong[about]]
    lines += [f"{_WORDS[about].capitalize()}: nothing can be said." for about in About if not known[about]]
    return [whole, *lines]


def deliveries_table(pair: Pair) -> pa.Table:
    """A row a point of delivery: `point_of_delivery`, spells and pounds of each side (`national_spells` and so on), `spells_change` and
    `paid_change` as shares, and why pounds differ: `volume`, `casemix` and `price` over the
    chapters that both show, of all months of each. Null: hidden."""
    rows: list[dict[str, Any]] = []
    for pod, (one, two) in pair.deliveries.items():
        first, second = ({key: each for key, each in side.cells.items() if key[1] == pod} for side in (pair.national, pair.client))
        parts = like_for_like(first, second)
        rows.append(
            {
                "point_of_delivery": pod, "national_spells": one[0], "client_spells": two[0], "spells_change": _change(one[0], two[0]),
                "national_paid": one[1], "client_paid": two[1], "paid_change": _change(one[1], two[1]), "volume": float(parts.volume),
                "casemix": float(parts.casemix), "price": float(parts.price),
            }
        )  # fmt: skip
    return _table(rows, ("point_of_delivery",), _DELIVERY_FIGURES)


def months_table(pair: Pair) -> pa.Table:
    """`month`, `point_of_delivery` (null: all), spells of each side and `spells_change`; null where hidden or not held."""
    rows: list[dict[str, Any]] = []
    for month in sorted({*pair.national.months, *pair.client.months}):
        rows.append(_month(month, None, pair.national.months.get(month, np.nan), pair.client.months.get(month, np.nan)))
    for key in sorted({*pair.national.by_month, *pair.client.by_month}):
        one, two = (side.by_month.get(key, (0.0, 0.0))[0] for side in (pair.national, pair.client))
        rows.append(_month(*key, one, two))
    return _table(rows, ("month", "point_of_delivery"), ("national_spells", "client_spells", "spells_change"))


_DELIVERY_FIGURES = (
    "national_spells", "client_spells", "spells_change", "national_paid", "client_paid", "paid_change", "volume", "casemix", "price",
)  # fmt: skip


def _month(month: str, pod: str | None, one: float, two: float) -> dict[str, Any]:
    return {"month": month, "point_of_delivery": pod, "national_spells": one, "client_spells": two, "spells_change": _change(one, two)}


def _table(rows: list[dict[str, Any]], texts: tuple[str, ...], figures: tuple[str, ...]) -> pa.Table:
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in texts}
    shown = {name: pa.array([row[name] if np.isfinite(row[name]) else None for row in rows], pa.float64()) for name in figures}
    return pa.table({**columns, **shown})


def _change(first: float, second: float) -> float:
    return second / first - 1 if first > 0 else float("nan")


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
